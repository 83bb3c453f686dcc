"""Do the Google credentials work, and which domains do they open?"""

from collections.abc import Iterator

from mailwatch.config import Config, PostmasterConfig
from mailwatch.model import say, verbatim
from mailwatch.sources.diagnosis import Diagnosis
from mailwatch.sources.http import ExchangeError, Session
from mailwatch.sources.job import Job
from mailwatch.sources.postmaster.client import Postmaster
from mailwatch.sources.postmaster.credentials import Access, read_credentials


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
        yield from _examine_access(config, Postmaster(access, settings.endpoint, session))


def _examine_access(config: Config, service: Postmaster) -> Iterator[Diagnosis]:
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
        except ExchangeError as error:
            yield Diagnosis(what, False, error.what)
        else:
            yield Diagnosis(what, True, say("doctor.google_shared"))
