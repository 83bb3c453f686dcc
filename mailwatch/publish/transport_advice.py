"""The TLS-RPT and MTA-STS records that a domain should have."""

from mailwatch.mailauth import mta_sts, tls_rpt
from mailwatch.mailauth.mta_sts import StsPolicy, parse_policy
from mailwatch.publish.record_set import Proposal, with_text
from mailwatch.resolver.lookup import Lookup
from mailwatch.sources.dns.policy_file import (
    PolicyProblem,
    PolicyServer,
    fetch_policy,
    policy_url,
)
from mailwatch.sources.job import Job
from mailwatch.text.inert import inert_octets


async def advise_tls_rpt(domain: str, lookup: Lookup, proposal: Proposal) -> None:
    """A record where the domain takes mail and has none, or where its own cannot be used."""
    name = f"_smtp._tls.{domain}"
    answer, hosts = await lookup.get(name, "TXT"), await lookup.get(domain, "MX")
    if answer.failure is not None or hosts.failure is not None:
        proposal.missed(f"The TLS-RPT record of {domain} could not be looked up.")
        return
    records = tls_rpt.select_records(answer.values)
    parsed = [tls_rpt.parse_record(text) for text in records]
    if len(parsed) == 1 and parsed[0].addresses and not parsed[0].bad:
        return
    if not records and all(value.endswith(" .") for value in hosts.values):
        return  # without an MX record, or with a null MX, there is nothing to report on
    mailbox = f"tls-reports@{domain}"
    addresses = dict.fromkeys(address for one in parsed for address in one.addresses)
    text = f"v=TLSRPTv1; rua={','.join(addresses or [f'mailto:{mailbox}'])}"
    if answer.chain:
        where = inert_octets(answer.chain[-1])
        proposal.notes.append(f"{name} is a CNAME to {where}: have its owner publish {text}")
        return
    note = None if addresses else f"Create the mailbox {mailbox} first."
    proposal.add(with_text(name, answer, text, records, note))


async def advise_mta_sts(
    domain: str, lookup: Lookup, job: Job, proposal: Proposal, server: PolicyServer | None = None
) -> None:
    """A record where a policy file is served that senders can use, and the record cannot be.

    Without such a file a record says what is not true; how to begin is in the check's actions.
    """
    name = f"_mta-sts.{domain}"
    answer = await lookup.get(name, "TXT")
    if answer.failure is not None:
        proposal.missed(f"The MTA-STS record of {domain} could not be looked up.")
        return
    records = mta_sts.select_records(answer.values)
    if len(records) == 1 and isinstance(mta_sts.parse_id(records[0]), str):
        return
    body = await fetch_policy(domain, lookup, job, server or PolicyServer())
    served = not isinstance(body, PolicyProblem) and isinstance(parse_policy(body), StsPolicy)
    if not served:
        if records:
            proposal.notes.append(
                f"The MTA-STS record of {domain} is not valid, and neither is a policy at "
                f"{policy_url(domain)}: serve that first, or remove the record."
            )
        return
    if answer.chain:
        proposal.notes.append(f"{name} is a CNAME to {inert_octets(answer.chain[-1])}: correct it.")
        return
    text = f"v=STSv1; id={job.now:%Y%m%d%H%M%S}"
    proposal.add(with_text(name, answer, text, records))
