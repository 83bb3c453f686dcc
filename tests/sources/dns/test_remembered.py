"""What is kept of DNS answers: records, and nothing that says nothing about them."""

import asyncio
from datetime import UTC, datetime

from mailwatch.model import RecordSet, say
from mailwatch.resolver.lookup import Answer, Outcome, RdType, failed
from mailwatch.sources.dns.remembered import LONGEST_VALUE, MOST_VALUES, RememberedLookup
from mailwatch.sources.job import MOST_RECORDS, Job

NOBODY = failed(say("dns.cname_loop"))


class Fixed:
    """Answers by name."""

    def __init__(self, **answers: Answer) -> None:
        self.answers = answers

    async def get(self, name: str, rdtype: RdType) -> Answer:
        """As given."""
        return self.answers[name.lower()]


def test_records_are_kept_and_failures_are_not() -> None:
    # Given answers of every kind, one of them hostile
    hostile = Answer(Outcome.FOUND, ("\x1b[31m" + "x" * 9000, *map(str, range(90))))
    lookup = Fixed(a=Answer(Outcome.FOUND, ("2", "1")), b=Answer(Outcome.NO_DATA), c=NOBODY,
                   d=Answer(Outcome.NO_SUCH_NAME), e=hostile)  # fmt: skip
    job = Job(datetime(2026, 11, 24, tzinfo=UTC), None, 0.0)
    remembered = RememberedLookup(lookup, job)

    async def ask() -> list[Answer]:
        await remembered.get("a", "A")  # addresses change by themselves
        return [await remembered.get(name, "TXT") for name in "Abcde"]

    # Then each is passed on as it is, and what is kept is sorted, harmless and bounded
    assert asyncio.run(ask()) == list(lookup.answers.values())
    *rest, bad = job.records_so_far()
    assert rest == [RecordSet("a", "TXT", ("1", "2")), RecordSet("b", "TXT", ()),
                    RecordSet("d", "TXT", ())]  # fmt: skip
    assert len(bad.values) == MOST_VALUES
    assert max(map(len, bad.values)) == LONGEST_VALUE
    assert "\x1b" not in "".join(bad.values)


def test_a_run_keeps_only_so_many() -> None:
    job = Job(datetime(2026, 11, 24, tzinfo=UTC), None, 0.0)
    for n in range(MOST_RECORDS + 10):
        job.saw(RecordSet(f"n{n}", "TXT", ()))
    assert len(job.records_so_far()) == MOST_RECORDS
