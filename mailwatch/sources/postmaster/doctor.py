"""Do the Google credentials work, and which domains do they open?"""

from collections.abc import Iterator

from mailwatch.config import Config, PostmasterConfig
from mailwatch.model import say, verbatim
from mailwatch.sources.diagnosis import Diagnosis
from mailwatch.sources.http import ExchangeError
from mailwatch.sources.job import Job
from mailwatch.sources.postmaster.client import Postmaster
from mailwatch.sources.postmaster.credentials import read_credentials


def examine(config: Config, job: Job) -> Iterator[Diagnosis]:
    """The credentials, the token they get, and each domain."""
    settings = config.postmaster or PostmasterConfig()
    what = say("doctor.google_credentials")
    try:
        credentials, secrets = read_credentials(settings)
    except ExchangeError as error:
        yield Diagnosis(what, False, error.what)
        return
    yield Diagnosis(what, True, verbatim(str(settings.credentials)))
    service = Postmaster(credentials, secrets, settings.endpoint, job)
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
