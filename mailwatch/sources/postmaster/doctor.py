"""Do the Google credentials work, and which domains do they open?"""

from collections.abc import Iterator

from mailwatch.config import Config, PostmasterConfig
from mailwatch.model import Window, say, verbatim
from mailwatch.sources.diagnosis import Diagnosis
from mailwatch.sources.http import ExchangeError, Session
from mailwatch.sources.job import Job
from mailwatch.sources.postmaster.client import Postmaster
from mailwatch.sources.postmaster.collection import days_to_ask
from mailwatch.sources.postmaster.credentials import Access, read_credentials
from mailwatch.sources.postmaster.query import make_body


def examine(config: Config, job: Job) -> Iterator[Diagnosis]:
    """The credentials, the token they get, and each domain."""
    settings = config.postmaster or PostmasterConfig()
    what = say("doctor.google_credentials")
    try:
        access = Access(read_credentials(settings))
    except ExchangeError as error:
        yield Diagnosis(what, False, error.what)
        return
    yield Diagnosis(what, True, verbatim(str(settings.credentials)))
    with Session(job) as session:
        service = Postmaster(access, settings.endpoint, session)
        yield from _examine_access(config, service, days_to_ask(job).judged)


def _examine_access(config: Config, service: Postmaster, days: Window) -> Iterator[Diagnosis]:
    what = say("doctor.google_token")
    try:
        service.refresh()
    except ExchangeError as error:
        yield Diagnosis(what, False, error.what)
        return
    yield Diagnosis(what, True, say("doctor.google_granted"))
    for domain in config.domains:
        what = say("doctor.google_domain", domain=domain.name)
        try:
            service.compliance(domain.name)
            rows = service.statistics(domain.name, make_body(domain.name, days))
            found = next(rows, None)
        except ExchangeError as error:
            yield Diagnosis(what, False, error.what)
        else:
            seen = found is not None
            detail = say("doctor.google_shared" if seen else "doctor.google_no_data")
            yield Diagnosis(what, True if seen else None, detail)
