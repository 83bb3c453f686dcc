"""How many calls a run makes for an account with 1, 10 and 500 subusers.

Run it: PYTHONPATH=. python bench/requests.py. Names are asked for in tens. Of the calls, those for
the figures of 30 days (statistics, the names that they are asked by, and the lists of the window)
are at most 12 + 0.4 a subuser; the others are about the account as it is now.
"""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from subusers import many_subusers

from mailwatch.catalog.catalog import read_catalog
from mailwatch.config import Config, SendGridConfig
from mailwatch.config.secret import SecretRef
from mailwatch.demo import serve
from mailwatch.run import Options, run

SIZES = (1, 10, 500)
FIXED, EACH = 12, 0.4
OF_NOW = ("/v3/user/", "/v3/ips", "/v3/subusers/reputations", "/v3/engagementquality/")


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
        paths = [request.path for request in running.requests]
    return len(paths), sum(not path.startswith(OF_NOW) for path in paths)


def main() -> None:
    """Prints a row for each size."""
    print(f"{'subusers':>8}  {'calls':>5}  {'30 days':>7}  at most")
    for size in SIZES:
        every, daily = calls(size)
        print(f"{size:>8}  {every:>5}  {daily:>7}  {FIXED + EACH * size:7.1f}")


if __name__ == "__main__":
    main()
