"""mailwatch.yaml: what to watch, and where the secrets are.

section.py    what every section has          sections.py   all of them, and `Config`
domains.py sendgrid.py postmaster.py dns.py blocklist.py dmarc.py message.py postfix.py
checks.py ignore.py history.py serve.py notify.py   a section each
file.py       the file: found and read        secret.py     references to secrets
addresses.py  names and addresses as people write them
"""

from mailwatch.config.dmarc import DmarcConfig, ImapConfig
from mailwatch.config.dns import DnsConfig
from mailwatch.config.domains import Domain
from mailwatch.config.file import Loaded, file_shape, load_config
from mailwatch.config.notify import NotifyConfig
from mailwatch.config.postfix import PostfixConfig
from mailwatch.config.postmaster import POSTMASTER_URL, PostmasterConfig, google_default
from mailwatch.config.sections import Config, with_domains, with_segments
from mailwatch.config.sendgrid import SENDGRID_URL, SendGridConfig

__all__ = [
    "POSTMASTER_URL",
    "SENDGRID_URL",
    "Config",
    "DmarcConfig",
    "DnsConfig",
    "Domain",
    "ImapConfig",
    "Loaded",
    "NotifyConfig",
    "PostfixConfig",
    "PostmasterConfig",
    "SendGridConfig",
    "file_shape",
    "google_default",
    "load_config",
    "with_domains",
    "with_segments",
]
