"""Can the places for reports be read?"""

import os
from collections.abc import Iterator

from mailwatch.config import Config, DmarcConfig
from mailwatch.model import say, verbatim
from mailwatch.sources.diagnosis import Diagnosis
from mailwatch.sources.dmarc.imap import ImapError, ImapFolder
from mailwatch.sources.job import Job
from mailwatch.text.inert import inert


def examine(config: Config, job: Job) -> Iterator[Diagnosis]:
    """Each path, and the IMAP folder."""
    settings = config.dmarc or DmarcConfig()
    for path in (*settings.paths, *settings.maildir):
        what = verbatim(inert(str(path), 200))
        readable = os.access(path, os.R_OK)
        yield Diagnosis(what, readable, say("dmarc.can_read" if readable else "dmarc.cannot_read"))
    if settings.imap is not None:
        what = verbatim(inert(str(settings.imap), 200))
        folder = ImapFolder(settings.imap, job, settings.imap.folder, readonly=True)
        try:
            folder.open()
        except ImapError as error:
            yield Diagnosis(what, False, error.what)
        else:
            yield Diagnosis(what, True, say("dmarc.can_read"))
        finally:
            folder.close()
