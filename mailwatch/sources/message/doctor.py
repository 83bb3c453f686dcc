"""Whether the file that `check` looks at has a message."""

from collections.abc import Iterator

from mailwatch.config import Config
from mailwatch.inputfile import read_input
from mailwatch.model import say
from mailwatch.sources.diagnosis import Diagnosis
from mailwatch.sources.message.rawsource import LARGEST, NotAMessageError, read_source
from mailwatch.text.inert import inert


def examine_file(config: Config) -> Iterator[Diagnosis]:
    """One finding, on the file that is named."""
    if config.message is None:
        return
    what = say("message.doctor_file", file=inert(str(config.message.file)))
    try:
        read_source(read_input(config.message.file, LARGEST))
    except OSError as error:
        why = inert(error.strerror or type(error).__name__)
        yield Diagnosis(what, False, say("message.doctor_unreadable", why=why))
    except NotAMessageError as error:
        yield Diagnosis(what, False, say("message.doctor_unreadable", why=str(error.args[0])))
    else:
        yield Diagnosis(what, True, say("message.doctor_readable"))
