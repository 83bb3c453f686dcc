"""How many calls a run makes for an account with 1, 10 and 500 subusers.

Run it: PYTHONPATH=. python bench/requests.py. Names are asked for in tens. Of the calls, those for
the figures of 30 days (statistics, the names that they are asked by, and the lists of the window)
are at most 12 + 0.4 a subuser; the others are about the account as it is now. A list of more than a
page takes a call more for each day of the window: not counted here, where the lists are short.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

# dns.py and requests.py beside this file have the names of packages: those come first.
sys.path.sort(key=lambda folder: Path(folder).name == "bench")

from subusers import many_subusers

from mailwatch.catalog.catalog import read_catalog
from mailwatch.config import Config, SendGridConfig
from mailwatch.config.secret import SecretRef
from mailwatch.demo import serve
from mailwatch.run import Options, run
from mailwatch.sources.sendgrid.audit.endpoints import ENDPOINTS, SUBUSERS

SIZES = (1, 10, 500)
FIXED, EACH = 12, 0.4
OF_NOW = ("/v3/user/", "/v3/ips", "/v3/subusers/reputations", "/v3/engagementquality/")
SETTINGS = ["/v3/scopes", *(one.path for one in ENDPOINTS if one != SUBUSERS)]


def calls(subusers: int) -> tuple[int, int]:
    """The calls of one run, and those of them for the figures of 30 days."""
    world = many_subusers(subusers, datetime.now(UTC).date())
    with serve(world) as running, TemporaryDirectory() as folder:
        Path(folder, "key").write_text(world.api_key)
        settings = SendGridConfig(
            api_key=SecretRef("file", "key", Path(folder)),
            base_url=running.sendgrid_url,
            timezone=world.timezone,
            segments=("subuser", "provider", "category"),
        )
        run(Config(sendgrid=settings), read_catalog(), Options(sources=("sendgrid",)))
        asked = running.requests
    daily = [one.path for one in asked if one.first("limit") != "1"]  # the audit asks if any exists
    daily = [path for path in daily if not path.startswith(OF_NOW) and path not in SETTINGS]
    return len(asked), len(daily)


def main() -> None:
    """Prints a row for each size."""
    print(f"{'subusers':>8}  {'calls':>5}  {'30 days':>7}  at most")
    for size in SIZES:
        every, daily = calls(size)
        print(f"{size:>8}  {every:>5}  {daily:>7}  {FIXED + EACH * size:7.1f}")


if __name__ == "__main__":
    main()
