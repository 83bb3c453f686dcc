"""The peers of the DNS benchmark, each in a process of its own.

    python bench/dns_peers.py aiodns|checkdmarc-threads|checkdmarc PORT LIST

prints the seconds that it took, without its start.
"""

import asyncio
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.pop(0)  # this folder, in which dns.py would be taken for dnspython
AT_ONCE = 200
"""Domains at a time of bare aiodns, the best of 50, 200 and 500."""


async def _aiodns(port: int, names: list[str], providers: list[str]) -> float:
    """The questions that mailwatch asks, and nothing else: neither read nor judged."""
    aiodns: Any = import_module("aiodns")
    resolver = aiodns.DNSResolver(nameservers=["127.0.0.1"], udp_port=port, timeout=2, tries=4)
    begun = time.perf_counter()
    left = iter(names)

    async def ask(name: str, rdtype: str) -> None:
        try:
            await resolver.query_dns(name, rdtype)
        except aiodns.error.DNSError:
            return

    async def work() -> None:
        for name in left:
            await asyncio.gather(
                ask(name, "TXT"),
                ask(name, "MX"),
                ask(f"_dmarc.{name}", "TXT"),
                ask(f"s1._domainkey.{name}", "TXT"),
                ask(f"s2._domainkey.{name}", "TXT"),
            )

    await asyncio.gather(*(ask(name, "TXT") for name in providers))
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return time.perf_counter() - begun


def _checkdmarc(port: int, names: list[str], check: Callable[[Any, str, Any], None]) -> float:
    checkdmarc: Any = import_module("checkdmarc")
    nameserver: Any = import_module("dns.nameserver")
    servers = [nameserver.Do53Nameserver("127.0.0.1", port)]
    begun = time.perf_counter()
    if check is _parts:
        with ThreadPoolExecutor(32) as pool:
            list(pool.map(lambda name: _parts(checkdmarc, name, servers), names))
    else:
        check(checkdmarc, names[0], (names, servers))
    return time.perf_counter() - begun


def _parts(library: Any, name: str, servers: Any) -> None:
    """SPF, DMARC and MX, what both tools measure."""
    library.spf.check_spf(name, nameservers=servers)
    library.dmarc.check_dmarc(name, nameservers=servers)
    library.smtp.check_mx(name, nameservers=servers, skip_tls=True)


def _whole(library: Any, name: str, given: Any) -> None:
    """As its command does: one domain after the other, all that it checks."""
    names, servers = given
    library.check_domains(names, nameservers=servers, skip_tls=True)


def main() -> None:
    """Runs the peer that is named."""
    _, peer, port, path = sys.argv
    names = Path(path).read_text("utf-8").split()
    if peer == "aiodns":
        providers = [f"spf.p{number}.test" for number in range(40)]
        seconds = asyncio.run(_aiodns(int(port), names, providers))
    else:
        seconds = _checkdmarc(int(port), names, _parts if "threads" in peer else _whole)
    print(seconds)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
