"""postmaster: Gmail Postmaster Tools."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mailwatch.config.secret import SecretRef
from mailwatch.config.section import Origin, Settings
from mailwatch.yamlfile.shape import Fields, Nullable, Shape, text

GOOGLE_VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS"
POSTMASTER_URL = "https://gmailpostmastertools.googleapis.com/"


@dataclass(frozen=True, slots=True)
class PostmasterConfig:
    """Gmail Postmaster Tools."""

    credentials: SecretRef | None = None
    subject: str | None = None
    """The user that a service account acts for."""
    endpoint: str = POSTMASTER_URL


def shape(origin: Origin) -> Shape:
    """The credentials, the user they act for, and the API's address."""
    return Nullable(
        Fields(
            {
                "credentials": origin.secret(),
                "subject": Nullable(text(254)),
                "endpoint": origin.url("googleapis.com", end="/"),
            }
        )
    )


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
    )
