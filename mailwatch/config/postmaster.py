"""postmaster: Gmail Postmaster Tools."""

from collections.abc import Mapping
from typing import Any

from mailwatch.config.secret import SecretRef
from mailwatch.config.section import Origin, Settings
from mailwatch.frozen import dataclass
from mailwatch.yamlfile.shape import Fields, Nullable, Parsed, Shape, integer, text

GOOGLE_VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS"
JUDGED_DAYS = 14
"""The newest days are not there yet, and the days before them are to be seen."""
MOST_DAYS = 120
"""What Google keeps: the most that Postmaster Tools shows."""
POSTMASTER_URL = "https://gmailpostmastertools.googleapis.com/"


@dataclass(frozen=True, slots=True)
class PostmasterConfig:
    """Gmail Postmaster Tools."""

    credentials: SecretRef | None = None
    subject: str | None = None
    """The user that a service account acts for."""
    endpoint: str = POSTMASTER_URL
    days: int = JUDGED_DAYS
    """Days asked for; more than JUDGED_DAYS are read for trends."""
    legacy_v1: bool = False
    """Also reads domain and IP reputation from API v1, where Google still answers it."""


def shape(origin: Origin) -> Shape:
    """The credentials, the user they act for, and the API's address."""
    return Nullable(
        Fields(
            {
                "credentials": origin.secret(),
                "subject": Nullable(text(254)),
                "endpoint": origin.url("googleapis.com", end="/"),
                "days": integer(JUDGED_DAYS, MOST_DAYS),
                "legacy_v1": Parsed(_read_flag, "true or false", {"type": "boolean"}),
            }
        )
    )


def _read_flag(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError("is neither true nor false")
    return value == "true"


def settings(written: Any, environment: Mapping[str, str]) -> Settings:
    """None where the file does not have the section: the variable is often set for other tools."""
    if written is None:
        return Settings(None)
    default = google_default(environment)
    if default is None or "credentials" in written:
        return Settings(PostmasterConfig(**written))
    return Settings(PostmasterConfig(default, **written), frozenset({"postmaster.credentials"}))


def google_default(environment: Mapping[str, str]) -> SecretRef | None:
    """The credential file that GOOGLE_APPLICATION_CREDENTIALS names, if it is set."""
    path = environment.get(GOOGLE_VARIABLE)
    return SecretRef("file", path) if path else None


def template(environment: Mapping[str, str]) -> str:
    """Commented out."""
    return (
        "# postmaster:                  # Gmail Postmaster Tools\n"
        "#   credentials: file:postmaster-token.json\n"
        "#   subject: null              # the user that a service account acts for\n"
        "#   days: 14                   # up to 120, for trends\n"
    )
