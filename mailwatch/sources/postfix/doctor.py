"""Can the configured logs of Postfix be read?"""

from collections.abc import Iterator
from itertools import islice

from mailwatch.config import Config, PostfixConfig
from mailwatch.model import say
from mailwatch.sources.diagnosis import Diagnosis
from mailwatch.sources.job import Job
from mailwatch.sources.postfix.collection import why
from mailwatch.sources.postfix.logfiles import UNREADABLE, NotALog, examine, expand
from mailwatch.sources.postfix.stamps import zone_of
from mailwatch.text.inert import inert

MOST = 20
"""Logs that are tried."""


def examine_logs(config: Config, job: Job) -> Iterator[Diagnosis]:
    """Each of the first logs, and from when it is."""
    settings = config.postfix or PostfixConfig()
    zone = zone_of(job.now, settings.timezone)
    for path in islice(expand(settings.logs), MOST):
        what = say("doctor.postfix_log", file=inert(str(path), 200))
        try:
            log = examine(path, job.now.date(), None, zone)
        except NotALog:
            yield Diagnosis(what, False, say("postfix.not_a_log", file=inert(str(path), 200)))
        except UNREADABLE as error:
            yield Diagnosis(what, False, why(error))
        else:
            if log.begins is None:
                yield Diagnosis(what, None, say("doctor.postfix_empty"))
            else:
                yield Diagnosis(what, True, say("doctor.postfix_begins", day=log.begins.date()))
