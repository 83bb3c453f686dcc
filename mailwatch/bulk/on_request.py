"""What is measured of a domain of a list only where it is asked for: each part costs a question or
two, and the policy of MTA-STS a file from a web server as well.

The file is fetched as for a single domain, so that both come to the same. Few domains have one, but
a server may take 15 seconds for each of its files: only so many are fetched at a time, and a domain
that waits for its turn does not lose time of its own.
"""

import asyncio
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mailwatch.resolver.budget import BudgetedLookup
from mailwatch.resolver.lookup import RdType
from mailwatch.sources.dns.bimi import measure_bimi
from mailwatch.sources.dns.measured import Taken
from mailwatch.sources.dns.mta_sts import measure_mta_sts
from mailwatch.sources.dns.signed import measure_caa
from mailwatch.sources.dns.tls_rpt import measure_tls_rpt
from mailwatch.sources.job import Job

if TYPE_CHECKING:
    from mailwatch.sources.dns.policy_file import PolicyServer

MTA_STS = "mta-sts"
FIRST: dict[str, tuple[str, RdType]] = {
    MTA_STS: ("_mta-sts", "TXT"),
    "tls-rpt": ("_smtp._tls", "TXT"),
    "bimi": ("default._bimi", "TXT"),
    "caa": ("mta-sts", "CAA"),
}
"""The parts by their names on the command line, each with the question that it begins with."""
FILES_AT_ONCE = 32
_OF_ONE_RECORD = {"tls-rpt": measure_tls_rpt, "bimi": measure_bimi, "caa": measure_caa}


class OnRequest:
    """The parts that were asked for, of one domain after the other."""

    def __init__(self, parts: Sequence[str], server: "PolicyServer | None" = None) -> None:
        """`server` is where policy files are, other than at the usual place."""
        self._parts = parts
        self._server = server
        self._job = Job(datetime.now(UTC), None, math.inf)
        self._gate = asyncio.Semaphore(FILES_AT_ONCE)
        if MTA_STS in parts:
            from concurrent.futures import ThreadPoolExecutor

            threads = ThreadPoolExecutor(FILES_AT_ONCE, "policy file")
            asyncio.get_running_loop().set_default_executor(threads)

    def begin(self, domain: str, lookup: BudgetedLookup) -> None:
        """Asks what is known beforehand."""
        for part in self._parts:
            label, rdtype = FIRST[part]
            lookup.begin(f"{label}.{domain}", rdtype)

    async def measure(self, domain: str, lookup: BudgetedLookup) -> list[Taken]:
        """What the parts come to, in their order."""
        taken: list[Taken] = []
        for part in self._parts:
            if part == MTA_STS:
                taken += await self._mta_sts(domain, lookup)
            else:
                taken += await _OF_ONE_RECORD[part](domain, lookup)
        return taken

    async def _mta_sts(self, domain: str, lookup: BudgetedLookup) -> list[Taken]:
        label, rdtype = FIRST[MTA_STS]
        answer = await lookup.get(f"{label}.{domain}", rdtype)
        if not answer.values:
            return await measure_mta_sts(domain, lookup, self._job)
        if self._server is None:  # once: to read the certificates that are trusted takes long
            self._server = _usual_server()
        async with self._gate:
            return await measure_mta_sts(domain, lookup, self._job, self._server)


def _usual_server() -> "PolicyServer":
    import ssl

    from mailwatch.sources.dns.policy_file import PolicyServer  # slow to import

    return PolicyServer(tls=ssl.create_default_context())
