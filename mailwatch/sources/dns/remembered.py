"""What DNS answered, kept for the next run to compare with."""

from mailwatch.model import RecordSet
from mailwatch.resolver.lookup import Answer, Lookup, Outcome, RdType
from mailwatch.sources.job import Job
from mailwatch.text.inert import inert_octets

MOST_VALUES = 32
LONGEST_VALUE = 2_048
KEPT = ("MX", "TXT")
"""What owners write by hand. Addresses of mail servers change by themselves."""


class RememberedLookup:
    """Passes each answer on, and keeps the records in it.

    What could not be asked is not kept: it says nothing about the records.
    """

    def __init__(self, lookup: Lookup, job: Job) -> None:
        self._lookup = lookup
        self._job = job

    async def get(self, name: str, rdtype: RdType) -> Answer:
        """The records of `name`, through its CNAMEs."""
        answer = await self._lookup.get(name, rdtype)
        if rdtype in KEPT and (answer.outcome is Outcome.FOUND or answer.absent):
            values = (inert_octets(value, LONGEST_VALUE) for value in answer.values[:MOST_VALUES])
            key = inert_octets(name.lower().removesuffix("."), 255)
            self._job.saw(RecordSet(key, rdtype, tuple(sorted(values))))
        return answer
