"""One block of a report as a card."""

from collections.abc import Callable, Iterator

from mailwatch.model import ACCOUNT, Finding, Lang, Level, Subject, say
from mailwatch.reports.block import Block, FigureLine, Seen
from mailwatch.reports.facts import counts, forecast, limits, sample, span, spark
from mailwatch.reports.headline import SIGNS, marked
from mailwatch.reports.html.markup import EMPTY, Markup, element, join, text
from mailwatch.reports.html.svg import chart, small_chart
from mailwatch.words import worded

Address = Callable[[str, Subject], str]
"""Where the page of a check and a subject is; "" where there is none."""


def nowhere(check: str, subject: Subject) -> str:
    """No address: the page is alone."""
    return ""


def card(block: Block, lang: Lang, ident: str, address: Address = nowhere) -> Markup:
    """The figure with its chart, what it rests on, what to do and what it risks.

    What to do about a breach is open, everything else folded. `ident` is unique in its page.
    """
    drawn = chart(block.finding, lang, f"{ident}-chart") if block.finding else EMPTY
    words = element(
        "div",
        _facts(block, lang), _rows(block, lang, ident, address), _seen(block, lang),
        class_="words",
    )  # fmt: skip
    body = element("div", words, drawn, class_="body with-chart" if drawn else "body")
    return element(
        "article",
        _head(block, lang, ident, address),
        body,
        element("div", *_folded(block, lang), class_="folds"),
        class_=f"card {block.level.value}",
        id=ident,
        aria_labelledby=f"{ident}-title",
    )


def badge(level: Level, lang: Lang) -> Markup:
    """The level's sign and word."""
    sign, _, name = marked(level, lang).partition(" ")
    named = element("span", text(name), class_="word")
    return element("span", text(f"{sign} "), named, class_=f"badge {level.value}")


def spaced(value: str) -> str:
    """`6.1 - 7 % · 3 of 11 subusers`: a browser shows two spaces as one."""
    return value.replace("  ", " · ")


def word(name: str, lang: Lang) -> Markup:
    """A word of the page's own."""
    return text(worded(say(f"html.{name}"), lang))


def facts_of(finding: Finding, lang: Lang) -> Iterator[tuple[str, str]]:
    """What is said of a lone figure: names and values, without those that are empty."""
    measurement = finding.measurement
    window, age = measurement.window, measurement.age_days
    aged = "" if age is None else worded(say("console.old", age=age), lang)
    if window is None and measurement.value is not None:
        aged = worded(say("console.now"), lang)
    for name, shown in (
        ("limit", limits(finding, lang)),
        ("sample", counts(measurement, lang)),
        ("days", span(window, lang) if window else ""),
        ("age", aged),
        ("forecast", forecast(finding, lang)),
    ):
        if shown:
            yield name, shown


def other_facts(block: Block, lang: Lang) -> Iterator[str]:
    """What else a report says of a lone figure, beyond `facts_of` and its days."""
    finding = block.finding
    if finding is None:
        return
    m = finding.measurement
    named = (spark(finding), limits(finding, lang), sample(m, lang), forecast(finding, lang))
    yield from (fact for fact in block.facts if fact not in named)


def _head(block: Block, lang: Lang, ident: str, address: Address) -> Markup:
    value = element("span", text(spaced(block.value)), class_="value") if block.value else EMPTY
    subject = block.finding.measurement.subject if block.finding else ACCOUNT
    name = _linked(text(block.title), address(block.check, subject) if block.check else "")
    title = element("h3", badge(block.level, lang), text(" "), name, id=f"{ident}-title")
    about = element("p", text(block.about), class_="about") if block.about else EMPTY
    return element("div", title, value, about, class_="head")


def _facts(block: Block, lang: Lang) -> Markup:
    """Of one figure each fact with its name; of several what holds for all of them."""
    if block.finding is not None and block.level is not Level.UNKNOWN:
        pairs = (
            element("div", element("dt", word(name, lang)), element("dd", text(shown)))
            for name, shown in facts_of(block.finding, lang)
        )
        others = (element("p", text(fact), class_="fact") for fact in other_facts(block, lang))
        return join([element("dl", *pairs, class_="facts"), *others])
    return join(element("p", text(fact), class_="fact") for fact in block.facts)


def _linked(shown: Markup, target: str) -> Markup:
    return element("a", shown, href=target) if target else shown


def _rows(block: Block, lang: Lang, ident: str, address: Address) -> Markup:
    if not block.rows:
        return EMPTY
    rows = [_row(row, lang, f"{ident}-{n}", address) for n, row in enumerate(block.rows, 1)]
    if block.more:
        more = worded(say("console.more", n=block.more), lang)
        rows.append(element("li", text(more), class_="more"))
    return element("ul", *rows, class_="figures")


def _row(row: FigureLine, lang: Lang, ident: str, address: Address) -> Markup:
    drawn = small_chart(row.finding, lang, ident) if row.finding else EMPTY
    target = address(*row.finding.key) if row.finding else ""
    return element(
        "li",
        element("span", _linked(text(row.name), target), class_="name") if row.name else EMPTY,
        element("span", text(row.value), class_="value") if row.value else EMPTY,
        drawn,
        element("span", text(" · ".join(row.rest)), class_="rest") if row.rest else EMPTY,
    )


def _seen(block: Block, lang: Lang) -> Markup:
    if not block.seen:
        return EMPTY
    label = element("h4", text(worded(say("console.seen"), lang)))
    return element("div", label, element("ul", *map(_evidence, block.seen)), class_="seen")


def _evidence(seen: Seen) -> Markup:
    whose = text(f"{seen.whose}: " if seen.whose else "")
    shown = element("code", text(seen.text)) if seen.quoted else text(seen.text)
    return element("li", whose, shown)


def _folded(block: Block, lang: Lang) -> Iterator[Markup]:
    if block.actions:
        items = element("ol", *(element("li", text(action)) for action in block.actions))
        is_open = "open" if block.level is Level.BREACH else ""
        yield element("details", _summary("what_to_do", lang), items, open=is_open)
    if block.risks or block.command:
        items = element("ul", *(element("li", text(risk)) for risk in block.risks))
        more = worded(say("console.read_on"), lang)
        command = (
            element("p", text(f"{more}: "), element("code", text(block.command)), class_="more")
            if block.command
            else EMPTY
        )
        yield element("details", _summary("risks", lang), items, command)


def _summary(name: str, lang: Lang) -> Markup:
    return element("summary", word(name, lang))


def legend(lang: Lang) -> str:
    """The signs of the levels with their words."""
    return " · ".join(marked(level, lang) for level in SIGNS)
