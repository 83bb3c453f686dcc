"""mailwatch.yaml: what to watch, and where the secrets are."""

from mailwatch.config.file import (
    POSTMASTER_URL,
    SENDGRID_URL,
    Config,
    DnsConfig,
    Domain,
    Loaded,
    PostmasterConfig,
    SendGridConfig,
    file_shape,
    google_default,
    load_config,
    with_domains,
)

__all__ = [
    "POSTMASTER_URL",
    "SENDGRID_URL",
    "Config",
    "DnsConfig",
    "Domain",
    "Loaded",
    "PostmasterConfig",
    "SendGridConfig",
    "file_shape",
    "google_default",
    "load_config",
    "with_domains",
]
