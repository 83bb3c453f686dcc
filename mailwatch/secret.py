"""References to secrets: the configuration says where a secret is, never what it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Where a secret is."""

    text: str
