"""Does each list answer as it should?"""

from mailwatch.config import Config
from mailwatch.model import say
from mailwatch.resolver.lookup import CachedLookup
from mailwatch.resolver.servers import find_servers
from mailwatch.resolver.transport import TRIES, Transport
from mailwatch.sources.blocklist.collection import find_fault, lists_of
from mailwatch.sources.diagnosis import Diagnosis
from mailwatch.sources.job import Job


async def examine(config: Config, job: Job) -> list[Diagnosis]:
    """The test of each list, for each kind of entry that it takes."""
    lookup = CachedLookup(Transport(find_servers(config.dns.nameservers), job, TRIES[:2]).ask)
    found = []
    for blocklist in lists_of(config):
        faults = [await find_fault(blocklist, kind, lookup) for kind in sorted(blocklist.kinds)]
        fault = next((one for one in faults if one is not None), None)
        what = say("blocklist.doctor_list", zone=blocklist.zone)
        detail = say("blocklist.doctor_works") if fault is None else fault.why
        found.append(Diagnosis(what, fault is None, detail))
    return found
