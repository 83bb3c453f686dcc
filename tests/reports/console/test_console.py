"""What the console report says, and where."""

import re
from dataclasses import replace
from datetime import date

import pytest

from mailwatch.model import (
    ACCOUNT,
    Cause,
    Finding,
    Lang,
    Level,
    Limit,
    Measurement,
    Report,
    SourceState,
    State,
    Subject,
    say,
    verbatim,
)
from mailwatch.reports import FORMATS, View
from tests.reports.samples import (
    CASES,
    DOMAIN,
    NEWEST,
    PUBLISHED,
    catalog,
    findings,
    hostile,
    many,
    missing,
    ok,
    outage,
    partial,
    plain,
    published,
    rate,
    report,
    requirement,
    selector,
)


def console(shown: Report, width: int = 80, lang: Lang = "en", *, cut: bool = True) -> str:
    """The report as plain text."""
    return "".join(FORMATS["console"].render(shown, View(width, lang=lang, all=not cut)))


def block(text: str, title: str) -> list[str]:
    """The lines from the one with `title` to the next blank one."""
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if title in line)
    end = next((n for n in range(start, len(lines)) if not lines[n]), len(lines))
    return lines[start:end]


def of(
    *items: Measurement | Finding, subjects: tuple[str, ...] = ("example.com",), cut: bool = True
) -> str:
    """The text of a report on these, every source well."""
    states = (ok("sendgrid", NEWEST), ok("postmaster", PUBLISHED), ok("dns"))
    measured = [item for item in items if isinstance(item, Measurement)]
    judged = [item for item in items if isinstance(item, Finding)]
    return console(report((*judged, *findings(*measured)), *states, subjects=subjects), cut=cut)


def test_the_verdict_comes_first_and_last_and_the_worst_next() -> None:
    text = console(CASES["everything"]())
    order = [
        "✗ BREACH  3 checks need action, 5 warnings, 1 cannot tell yet, 7 ok",
        "✗ BREACH  Bounce",
        "! WARN",
        "? CANNOT",
        "✓ ok",
        "· shown",
        "\n✗ Bounce rate",
        "\n? Block rate",
    ]
    places = [text.index(mark) for mark in order]
    assert places == sorted(places)
    assert text.splitlines()[-1].startswith("✗ BREACH · sendgrid ok (23 Nov) · postmaster ok")


def test_the_summary_repeats_what_is_not_ok_in_one_line_each() -> None:
    # Given breaches, warnings and a figure of too little mail
    text = console(CASES["everything"]())
    # When the report ends
    summary = text.rpartition("\n\n")[2].splitlines()
    # Then each is listed again, aligned, and the verdict is last
    assert [line[0] for line in summary] == [*"✗✗✗!!!!!?✗"]
    assert summary[0] == "✗ Bounce rate          6.1 %"
    assert summary[-2] == "? Block rate           2 of 87 processed"


@pytest.mark.parametrize("several", [False, True])
def test_one_finding_needs_no_summary(several: bool) -> None:
    domains = ("a.example", "b.example") if several else ("a.example",)
    subjects = [Subject.of(domain=domain) for domain in domains]
    text = of(*(plain("dns.dmarc_policy", "missing", s) for s in subjects), subjects=domains)
    assert ("\n✗ DMARC policy" in text) is several
    assert text.splitlines()[-1].startswith("✗ BREACH · ")


def test_many_reasons_of_one_kind_are_one_block() -> None:
    # Given forty domains, each with a name server of its own that does not answer
    names = [f"d{n:02}.example" for n in range(40)]
    text = of(
        *(
            missing("dns.mx", Cause.COULD_NOT_ASK, say("http.timeout", host=f"ns.{name}"),
                    Subject.of(domain=name))
            for name in names
        ),
        subjects=tuple(names),
    )  # fmt: skip
    # Then they stand together, and the first of them are listed
    lines = block(text, "MX record")
    assert lines[0] == "? CANNOT  MX record  40 of 40 domains"
    assert lines[1].startswith("  TELL    d00.example  ns.d00.example did not answer in time.")
    assert lines[-1] == "          and 32 more"
    assert "\n? MX record  40 of 40 domains\n" in text


def test_a_long_summary_is_cut_short() -> None:
    shipped = catalog().checks.values()
    lost = [missing(check.metric, Cause.COULD_NOT_ASK, say("http.tls", host="a"))
            for check in shipped if check.source == "dns"]  # fmt: skip
    judged = [
        replace(finding, check=replace(finding.check, id=f"own.{n}"), level=Level.WARN)
        for n, finding in enumerate(findings(*lost) * 3)
    ]
    summary = of(*judged).rpartition("\n\n")[2].splitlines()
    assert len(summary) == 26
    assert summary[-2] == f"  and {len(judged) - 24} more"


def test_what_to_do_comes_before_the_risk_and_both_are_cut() -> None:
    lines = block(console(CASES["everything"]()), "Gmail reputation")
    labels = [line[10:18].strip() for line in lines[1:] if line[10:18].strip()]
    assert labels[:6] == ["ideal HI", "Seen", "Do   1", "2", "Risk", "More"]
    whole = console(CASES["everything"](), cut=False)
    assert "               4  Check the sending IP addresses" in whole
    assert "                  Gmail throttles the domain" in whole


def test_each_case_of_a_block_keeps_one_action() -> None:
    names = ("SPF", "DMARC_POLICY", "ENCRYPTION", "HONOR_UNSUBSCRIBE")
    judged = [plain("postmaster.compliance", "NEEDS_WORK", requirement(name)) for name in names]
    fine = plain("postmaster.compliance", "COMPLIANT", requirement("DKIM"))
    lines = block(of(*judged, fine), "Gmail sender requirements")
    assert "  4 of 5 NEEDS_WORK  " in lines[0]
    assert [line.split()[-2 if "Do" in line else 0] for line in lines if line[15:16].isdigit()]
    assert sum(line[15:16].isdigit() for line in lines) == 4


def test_warnings_do_not_repeat_what_the_breaches_of_their_check_say() -> None:
    a, b = (Subject.of(subuser=name) for name in "ab")
    text = of(
        rate("sendgrid.bounce_rate", (900, 10020), a), rate("sendgrid.bounce_rate", (400, 10020), b)
    )
    assert "! WARN    Bounce rate  4 %  1 of 2 subusers" in text
    assert [text.count(label) for label in ("  Do   1", "  Risk  ", "  More  ")] == [1, 1, 1]
    # an action for a word that only the warning has is still given
    words = zip(("revoked", "testing"), (selector("s1"), selector("s2")), strict=True)
    text = of(*(plain("dns.dkim_key", word, subject) for word, subject in words))
    assert text.count("  Do   1") == 2


def test_all_prints_a_line_for_each_ok_figure_with_its_limit() -> None:
    text = console(CASES["fine"](), cut=False)
    assert "✓ ok      Bounce rate      0.2 %     ideal ≤ 3 %\n" in text
    assert text.count("\n· shown   ") == 3
    subjects = [Subject.of(subuser=f"u{n:02}") for n in range(12)]
    text = of(*(rate("sendgrid.bounce_rate", (612, 10020), s) for s in subjects), cut=False)
    assert all(f"  u{n:02}  612 of" in text for n in range(12))


def test_an_ok_figure_that_has_limits_says_why_it_was_not_held_against_them() -> None:
    (growth,) = findings(replace(CASES["everything"]().findings[4].measurement, newest_volume=10))
    assert growth.check.id == "sendgrid.volume_growth"
    text = of(growth, cut=False)
    assert "· shown   Volume growth" in text
    assert "fewer than 1,000" in " ".join(text.split())


@pytest.mark.parametrize(
    ("measurement", "age"),
    [
        (rate("sendgrid.bounce_rate", (612, 10020)), "612 of 10,020 processed, 17-23 Nov"),
        (
            rate("sendgrid.bounce_rate", (612, 10020), newest=date(2026, 11, 21)),
            "612 of 10,020 processed, 15-21 Nov, 3 days old",
        ),
        (published("postmaster.spam_rate", [0.004]), "newest day 21 Nov, 3 days old"),
        (published("postmaster.spam_rate", [0.004], newest=NEWEST), "act ≥ 0.3 %  23 Nov"),
        (plain("dns.spf_lookups", 12), "as of now"),
        (plain("dns.dmarc_policy", "missing"), "as of now"),
        (plain("sendgrid.reputation", 60, ACCOUNT), "as of now"),
    ],
)
def test_every_breach_shows_how_old_it_is(measurement: Measurement, age: str) -> None:
    text = of(measurement)
    assert "✗ BREACH" in text
    assert age in "  ".join(line.strip() for line in text.splitlines())


def test_every_listed_figure_shows_how_old_it_is() -> None:
    a, b = (Subject.of(domain=name) for name in ("a.example", "b.example"))
    old = published("postmaster.reputation", [None], a)
    derived = [
        replace(old, value="LOW"),
        replace(old, value="LOW", subject=b),
    ]
    text = of(*derived, subjects=("a.example", "b.example"))
    for name in ("a.example", "b.example"):
        assert f"LOW  {name}  newest day 21 Nov, 3 days old" in text


def test_an_ok_figure_older_than_its_source_s_newest_day_says_so() -> None:
    fresh = published("postmaster.spam_rate", [0.0001])
    assert "old" not in of(fresh)
    text = of(fresh, published("postmaster.tls_rate", [1.0], newest=date(2026, 11, 18)))
    assert "TLS 100 % (6 days old)" in text
    assert text.count("old") == 1


def test_a_summary_says_how_old_an_unusually_old_figure_is() -> None:
    text = of(
        published("postmaster.spam_rate", [0.004], newest=date(2026, 11, 18)),
        plain("dns.dmarc_policy", "missing"),
    )
    assert "\n✗ Gmail spam rate  0.4 %    6 days old\n" in text


def test_a_source_that_is_itself_late_hides_no_age() -> None:
    # Given a source whose newest day of all is five days old
    late = published("postmaster.tls_rate", [1.0], newest=date(2026, 11, 19))
    text = console(report([late], ok("postmaster", date(2026, 11, 19))))
    # Then the figure says so, though no figure of that source is newer
    assert "100 % (5 days old)" in text


def test_days_within_a_month_and_across_one() -> None:
    measurement = rate("sendgrid.bounce_rate", (612, 10020), newest=date(2026, 11, 3))
    text = console(report([measurement], ok("sendgrid")), lang="ja")
    assert "10月28日〜11月3日 (21 日前)" in text
    text = console(report([rate("sendgrid.bounce_rate", (612, 10020))], ok("sendgrid")), lang="ja")
    assert "、11月17日〜23日\n" in text


def test_a_ratio_shows_what_was_divided() -> None:
    assert "24,930 ÷ 10,137, 23 Nov" in console(CASES["everything"]())


def test_the_subject_is_reported_once_and_never_lost() -> None:
    text = console(many())
    assert block(text, "Gmail sender requirements")[0].endswith("example.com")
    assert "          DMARC_POLICY, ENCRYPTION · act NEEDS_WORK · as of now\n" in text
    assert "MX record (example.com, example.net, mail.example.org)" in text
    assert "DKIM valid (s2 · example.net)" in text
    assert "COMPLIANT (SPF · example.com)" in text
    shown = console(partial())
    assert block(shown, "? CANNOT  Gmail spam rate")[0].endswith("example.net")


def test_the_worst_are_listed_and_the_others_counted() -> None:
    lines = block(console(many()), "Bounce rate")
    values = [line.split()[0] for line in lines[2:10]]
    assert values == ["7.7", "7.5", "7.3", "7.2", "7", "6.8", "6.7", "6.5"]
    assert {line.index("subuser") for line in lines[2:10]} == {17}, "in one column"
    assert lines[10].strip() == "and 3 more"


def test_limits_that_differ_stand_with_each_figure() -> None:
    first, second = findings(
        rate("sendgrid.bounce_rate", (612, 10020), Subject.of(subuser="a")),
        rate("sendgrid.bounce_rate", (712, 10020), Subject.of(subuser="b")),
    )
    stricter = replace(first, threshold=replace(first.threshold, act=Limit(0.01, ">")))
    text = of(stricter, second)
    assert "6.1 %  a  ideal ≤ 3 %, act > 1 %  612 of" in text
    assert "7.1 %  b  ideal ≤ 3 %, act > 5 %  712 of" in text
    fine = [replace(finding, level=Level.OK) for finding in (stricter, second)]
    looser = replace(fine[0], threshold=replace(fine[0].threshold, ideal=Limit(0.1, "<=")))
    assert "✓ ok      SendGrid  2 subusers ok\n" in of(looser, fine[1])
    whole = of(looser, fine[1], cut=False)
    assert "6.1 %  ideal ≤ 10 %  a\n" in whole
    assert "7.1 %  ideal ≤ 3 %  b\n" in whole


def test_words_that_differ_in_their_limits_are_listed_too() -> None:
    first, second = findings(
        plain("dns.dmarc_policy", "missing", Subject.of(domain="a.example")),
        plain("dns.dmarc_policy", "missing", Subject.of(domain="b.example")),
    )
    stricter = replace(first, threshold=replace(first.threshold, act=Limit("none")))
    text = of(stricter, second)
    assert "missing  a.example  ideal quarantine, act none\n" in text
    assert "missing  b.example  ideal quarantine, act missing\n" in text


def test_judged_by_act_alone_is_not_called_not_judged() -> None:
    assert "softfail  act pass\n" in of(plain("dns.spf_all", "softfail"), cut=False)
    assert "✓ ok      DNS  SPF all softfail\n" in of(plain("dns.spf_all", "softfail"))
    unjudged = of(rate("sendgrid.drop_rate", (30, 10050), name="requests"))
    assert "· shown   SendGrid  drop 0.3 %\n" in unjudged
    assert "✓ ok" not in unjudged


def test_evidence_says_whose_it_is() -> None:
    text = of(
        plain("dns.dkim_key", "revoked", selector("s1"), "p= is empty", "k=rsa"),
        plain("dns.dkim_key", "revoked", selector("s2"), "p= is empty"),
    )
    seen = [line.strip() for line in block(text, "DKIM key") if "p=" in line or "k=rsa" in line]
    assert seen[0] == "Seen    p= is empty", "of all of them"
    assert seen[1] == "s1: k=rsa"


def test_much_evidence_is_cut_short() -> None:
    text = of(plain("dns.spf_lookups", 12, DOMAIN, *(f"line {n}" for n in range(6))))
    assert "line 1\n                  and 4 more\n" in text
    text = of(plain("dns.spf_lookups", 12, DOMAIN, *(f"line {n}" for n in range(3))))
    assert "line 2" in text
    assert "more" not in text
    long = plain("dns.spf_lookups", 12, DOMAIN, "x" * 300)
    assert "x" * 199 + "…" in "".join(of(long).split())
    assert "x" * 300 in "".join(of(long, cut=False).split())


def test_many_names_are_cut_short() -> None:
    subjects = [Subject.of(domain=f"d{n}.example") for n in range(30)]
    names = tuple(subject.get("domain") or "" for subject in subjects)
    text = of(*(plain("dns.dmarc_policy", "missing", s) for s in subjects), subjects=names)
    assert "d23.example, and 6 more" in " ".join(text.split())
    assert "d24.example" not in text
    fine = of(*(plain("dns.mx", "found", subject) for subject in subjects), subjects=names)
    assert "MX found (30)\n" in fine


def test_what_is_fine_is_packed_by_source() -> None:
    text = console(CASES["fine"]())
    assert "✓ ok      SendGrid  bounce 0.2 % · delivered 99.7 %\n" in text
    assert "\n          DNS       DMARC policy reject · DKIM key size 2048 bit (s1)\n" in text
    assert "failure reasons 0 - 0.24 % (2)\n" in text, "no room for their names"
    for line in console(CASES["everything"](), 60).splitlines():
        assert not line.strip().startswith("·") or line.startswith("· shown")


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("case", CASES)
def test_no_title_is_cut_at_any_width(case: str, lang: Lang) -> None:
    shown = CASES[case]()
    for width in (30, 40, 60, 80):
        text = console(shown, width, lang, cut=False).replace("\n  TELL  ", "\n")
        text = "".join(text.split())
        for finding in shown.findings:
            assert "".join(finding.check.title[lang].split()) in text


def test_a_range_of_words_and_of_figures() -> None:
    text = of(
        plain("dns.spf_all", "softfail", Subject.of(domain="a.example")),
        plain("dns.spf_all", "fail", Subject.of(domain="b.example")),
        plain("dns.spf_lookups", 2, Subject.of(domain="a.example")),
        plain("dns.spf_lookups", 7, Subject.of(domain="b.example")),
        subjects=("a.example", "b.example"),
    )
    assert "SPF all softfail, fail (a.example, b.example) ·\n" in text
    assert "SPF lookups 2 - 7 (a.example, b.example)\n" in text


def test_a_source_that_failed_says_why_even_without_findings() -> None:
    why = say("sendgrid.wrong_key")
    lonely = report(
        [plain("dns.mx", "found")], SourceState("sendgrid", State.FAILED, why), ok("dns")
    )
    assert "✗ sendgrid failed: SendGrid does not accept the API key (401)" in console(lonely)
    text = console(outage())
    assert "✗ sendgrid failed\n" in text
    assert text.count("SendGrid does not accept the API key") == 1


def test_what_a_partial_source_lacks_is_reported_once() -> None:
    text = " ".join(console(partial()).split())
    assert text.count("The domain is not shared") == 1
    assert "! dns partial: 192.0.2.53 did not answer" in text, (
        "its findings tell one of two reasons"
    )


def test_a_source_says_what_it_had_to_assume() -> None:
    state = replace(ok("sendgrid", NEWEST), note=say("sendgrid.zone_unknown"))
    text = console(report([rate("sendgrid.bounce_rate", (20, 10020))], state))
    assert "- sendgrid: The account's time zone is not set (sendgrid.timezone)" in text


def test_sources_that_were_skipped_say_why() -> None:
    text = console(CASES["skipped"]())
    assert "- sendgrid skipped: Not configured.\n" in text
    assert "sendgrid ok" not in text


def test_nothing_was_measured() -> None:
    assert console(CASES["nothing"]()).splitlines()[:2] == [
        "mailwatch · 24 Nov 2026 12:00 JST",
        "? CANNOT TELL  nothing was measured",
    ]
    assert "mailwatch explain" not in console(CASES["nothing"]())


def test_the_heading_names_what_was_watched() -> None:
    for names, heading in [
        (("a.example",), "mailwatch · a.example · 24"),
        (("a.example", "b.example"), "mailwatch · a.example, b.example · 24"),
        (("a.example", "b.example", "c.example"), "mailwatch · a.example and 2 more · 24"),
    ]:
        assert of(plain("dns.mx", "found"), subjects=names).startswith(heading)


def test_too_little_mail_shows_what_there_was() -> None:
    lines = block(of(rate("sendgrid.block_rate", (2, 87), Subject.of(subuser="u"))), "Block rate")
    assert lines[0].startswith("? CANNOT  Block rate  2 of 87 processed, 17-23 Nov  ")
    assert lines[0].endswith(" u")
    assert lines[1] == ("  TELL    87 messages are too few to tell; 13 more messages needed")


def test_many_figures_of_too_little_mail_are_one_block() -> None:
    # Given sixty subusers, each with another number of messages
    users = [Subject.of(subuser=f"u{n:02}") for n in range(60)]
    text = of(*(rate("sendgrid.block_rate", (1, 30 + n), user) for n, user in enumerate(users)))
    # Then they stand together, the first with their reasons, the others as a number
    lines = block(text, "Block rate")
    assert lines[0] == "? CANNOT  Block rate  60 of 60 subusers"
    assert lines[1] == "  TELL    17-23 Nov"
    assert lines[2].startswith("          u00  30 messages are too few to tell; 70 more")
    assert "          and 52 more" in lines
    assert text.count("too few to tell") == 8
    assert "? CANNOT TELL  1 cannot tell yet\n" in text
    assert "\n? Block rate  60 of 60 subusers\n" in text


def test_what_is_wrong_says_where_to_read_on() -> None:
    text = console(many())
    assert "          More    mailwatch explain sendgrid.bounce_rate\n" in text
    assert text.count("mailwatch explain") == 6
    assert "mailwatch explain" not in console(CASES["fine"]())


def test_markup_is_text() -> None:
    text = console(hostile())
    assert "\\x1b[31m[/x] [red]\\u202e[bold]\\x07 \\x3a:before::" in text


def test_requirements_of_two_domains_are_distinguished() -> None:
    needs = [requirement("SPF", "a.example"), requirement("SPF", "b.example")]
    text = of(
        *(plain("postmaster.compliance", "NEEDS_WORK", subject) for subject in needs),
        subjects=("a.example", "b.example"),
    )
    assert block(text, "Gmail sender")[0].endswith(" SPF")
    assert "          a.example, b.example · act NEEDS_WORK · as of now\n" in text


def test_a_failed_source_s_unknown_figures_name_their_domain() -> None:
    lost = verbatim("no answer")
    made = report(
        [missing("dns.mx", Cause.COULD_NOT_ASK, lost)],
        SourceState("dns", State.FAILED, lost),
    )
    assert block(console(made), "MX record")[0].endswith("example.com")


@pytest.mark.parametrize("case", CASES)
def test_no_japanese_line_begins_with_what_closes(case: str) -> None:
    for width in (50, 61, 80, 100):
        for line in console(CASES[case](), width, "ja").splitlines():
            assert not re.match(r" *[。、」）)・ー〜]", line), line
