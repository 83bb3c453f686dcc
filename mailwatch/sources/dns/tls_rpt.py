"""TLS-RPT figures of a domain (RFC 8460)."""

from mailwatch.mailauth.tls_rpt import parse_record, select_records
from mailwatch.model import Phrase, Subject, say, verbatim
from mailwatch.resolver.lookup import Lookup
from mailwatch.sources.dns import metrics
from mailwatch.sources.dns.measured import Taken, measured, not_asked
from mailwatch.text.inert import inert, inert_octets

_SHOWN = 10


async def measure_tls_rpt(domain: str, lookup: Lookup) -> list[Taken]:
    """The state of the record. One question."""
    subject = Subject.of(domain=domain)
    name = f"_smtp._tls.{domain}"
    answer = await lookup.get(name, "TXT")
    if answer.failure is not None:
        return not_asked([metrics.TLS_RPT], subject, answer.failure)
    records = select_records(answer.values)
    evidence: list[Phrase] = [verbatim(inert_octets(text)) for text in records[:_SHOWN]]
    if not records:
        word, said = "missing", [say("dns.tls_none", name=inert(name))]
    elif len(records) > 1:
        word, said = "invalid", [say("dns.tls_several", name=inert(name), n=len(records))]
    else:
        found = parse_record(records[0])
        said = [say("dns.tls_bad_address", address=inert_octets(one, 100)) for one in found.bad]
        word = "flawed" if found.bad else "valid"
        if not found.addresses:
            word, said = "invalid", [*said[:_SHOWN], say("dns.tls_no_address")]
    return [measured(metrics.TLS_RPT, subject, word, [*evidence, *said[: _SHOWN + 1]])]
