"""What the DNS benchmark asks: generated domains on NSD, behind a proxy that adds 20 ms.

    python bench/dns_world.py proxy PORT UPSTREAM DELAY LOSS FILE

is the proxy, a process of its own.
"""

import base64
import contextlib
import heapq
import random
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

PROVIDERS = 40
SELECTORS = ("s1", "s2")
NSD = "/usr/sbin/nsd"


def _text(value: str) -> str:
    return " ".join(f'"{value[at : at + 255]}"' for at in range(0, len(value), 255))


def _key(rng: random.Random, bits: int) -> str:
    """The base64 of an RSA public key of this size (not of two primes: nobody signs with it)."""
    modulus = rng.getrandbits(bits) | 1 << (bits - 1) | 1
    octets = modulus.to_bytes(bits // 8, "big")

    def der(tag: int, body: bytes) -> bytes:
        size = len(body)
        if size < 128:
            return bytes((tag, size)) + body
        length = size.to_bytes((size.bit_length() + 7) // 8, "big")
        return bytes((tag, 0x80 | len(length))) + length + body

    key = der(0x30, der(2, b"\0" + octets) + der(2, b"\1\0\1"))
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    return base64.b64encode(der(0x30, algorithm + der(3, b"\0" + key))).decode()


def _provider(number: int, rng: random.Random) -> Iterator[str]:
    """A provider's SPF records, 2 to 4 levels with the customer's own."""
    name = f"spf.p{number}.test."
    depth = rng.choice((0, 1, 1, 2))
    for level in range(depth + 1):
        below = f"include:_l{level + 1}.{name[:-1]} " if level < depth else ""
        at = name if level == 0 else f"_l{level}.{name}"
        networks = " ".join(f"ip4:198.51.{rng.randrange(100)}.0/24" for _ in range(3))
        yield f'{at} TXT "v=spf1 {below}{networks} ~all"'


def zone(domains: int, seed: int = 1) -> tuple[str, list[str]]:
    """One zone, the root, of so many domains; and their names."""
    rng = random.Random(seed)
    keys = {1024: [_key(rng, 1024) for _ in range(20)], 2048: [_key(rng, 2048) for _ in range(80)]}
    lines = [
        "$ORIGIN .",
        "$TTL 3600",
        ". SOA ns.test. admin.test. 1 7200 900 1209600 300",
        ". NS ns.test.",
        "ns.test. A 127.0.0.1",
    ]
    for number in range(PROVIDERS):
        lines += _provider(number, rng)
    names = []
    for number in range(domains):
        name = f"d{number}.example{number % 7}"
        names.append(name)
        used = rng.sample(range(PROVIDERS), rng.choice((1, 1, 2, 3)))
        includes = " ".join(f"include:spf.p{one}.test" for one in used)
        policy = rng.choice(("none", "quarantine", "reject"))
        small = rng.random() < 0.2
        lines += [
            f'{name}. TXT "v=spf1 mx {includes} -all"',
            f'{name}. TXT "site-verification={rng.getrandbits(128):032x}"',
            f"{name}. MX 10 mx1.{name}.",
            f"{name}. MX 20 mx2.{name}.",
            f'*.{name}. TXT "v=spf1 -all"',
            f"mx1.{name}. A 192.0.2.{number % 250}",
            f"mx2.{name}. A 192.0.2.{number % 250}",
            f'_dmarc.{name}. TXT "v=DMARC1; p={policy}; rua=mailto:dmarc@{name}"',
            f"s1._domainkey.{name}. CNAME s1.domainkey.u{number}.wl.test.",
            f"s1.domainkey.u{number}.wl.test. TXT "
            + _text(f"k=rsa; t=s; p={rng.choice(keys[2048])}"),
            f"s2._domainkey.{name}. TXT "
            + _text(f"v=DKIM1; k=rsa; p={rng.choice(keys[1024 if small else 2048])}"),
        ]
    return "\n".join(lines) + "\n", names


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses, for TCP and UDP alike."""
    while True:
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe,
            socket.socket(socket.AF_INET, socket.SOCK_STREAM) as other,
            contextlib.suppress(OSError),
        ):
            probe.bind(("127.0.0.1", 0))
            other.bind(probe.getsockname())
            return int(probe.getsockname()[1])


@contextlib.contextmanager
def nsd(text: str) -> Iterator[int]:
    """NSD with this root zone, as the current user; the port."""
    with TemporaryDirectory() as folder:
        root, port = Path(folder), free_port()
        (root / "root.zone").write_text(text, encoding="utf-8")
        (root / "nsd.conf").write_text(
            f"""server:
  ip-address: 127.0.0.1@{port}
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd.state"
  zonelistfile: "{folder}/zone.list"
  cookie-secret-file: ""
  xfrdir: "{folder}"
  server-count: 1
  rrl-ratelimit: 0
  minimal-responses: yes
remote-control:
  control-enable: no
zone:
  name: "."
  zonefile: "root.zone"
""",
            encoding="utf-8",
        )
        server = subprocess.Popen(
            [NSD, "-d", "-c", str(root / "nsd.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            _wait_until_it_answers(port, server)
            yield port
        finally:
            server.terminate()
            server.communicate()


def _wait_until_it_answers(port: int, server: "subprocess.Popen[bytes]") -> None:
    query = bytes.fromhex("123401000001000000000000") + b"\x02ns\x04test\x00\x00\x01\x00\x01"
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit((server.stderr.read() if server.stderr else b"").decode())
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe,
            contextlib.suppress(OSError),
        ):
            probe.settimeout(0.1)
            probe.connect(("127.0.0.1", port))
            probe.send(query)
            if probe.recv(512):
                return
        time.sleep(0.1)
    raise SystemExit("NSD does not answer")


@dataclass(slots=True)
class Proxy:
    """Holds every answer back for `delay` seconds, and loses `loss` of the packets each way.

    One socket to the server, with ids of its own: it carries tens of thousands of questions a
    second in one thread.
    """

    port: int
    upstream: int
    delay: float
    loss: float
    counted: str = ""
    """The file for the number of questions that came in; none: nothing is counted."""

    def serve(self) -> None:  # noqa: C901  # one loop, every call in it would cost
        """Never returns."""
        self._listen_tcp()
        front, back = self._sockets()
        waiting: dict[int, tuple[tuple[str, int], bytes]] = {}
        due: list[tuple[float, int, bytes, tuple[str, int]]] = []
        chance, number, order = random.random, 0, 0
        while True:
            pause = max(0.0, due[0][0] - time.monotonic()) if due else 0.1
            ready, _, _ = select.select((front, back), (), (), pause)
            now = time.monotonic()
            while due and due[0][0] <= now:
                _, _, answer, client = heapq.heappop(due)
                with contextlib.suppress(OSError):
                    front.sendto(answer, client)
            if not ready and self.counted:
                Path(self.counted).write_text(str(number), encoding="utf-8")
            if front in ready:
                for _ in range(200):
                    try:
                        query, client = front.recvfrom(4096)
                    except OSError:
                        break
                    if chance() >= self.loss:
                        number += 1
                        waiting[number & 0xFFFF] = client, query[:2]
                        back.send((number & 0xFFFF).to_bytes(2, "big") + query[2:])
            if back in ready:
                for _ in range(200):
                    try:
                        answer = back.recv(65535)
                    except OSError:
                        break
                    asked = waiting.pop(int.from_bytes(answer[:2], "big"), None)
                    if asked is not None and chance() >= self.loss:
                        order += 1
                        due_at = time.monotonic() + self.delay
                        heapq.heappush(due, (due_at, order, asked[1] + answer[2:], asked[0]))

    def _sockets(self) -> tuple[socket.socket, socket.socket]:
        front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for one in (front, back):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
            one.setblocking(False)
        front.bind(("127.0.0.1", self.port))
        back.connect(("127.0.0.1", self.upstream))
        return front, back

    def _listen_tcp(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port))

        def carry(client: socket.socket) -> None:
            with client, socket.create_connection(("127.0.0.1", self.upstream)) as server:
                client.settimeout(5)
                with contextlib.suppress(OSError):
                    while query := client.recv(65535):
                        server.sendall(query)
                        time.sleep(self.delay)
                        client.sendall(server.recv(70000))

        def accept() -> None:
            while True:
                client, _ = listener.accept()
                threading.Thread(target=carry, args=(client,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()


@contextlib.contextmanager
def proxy(
    upstream: int, delay: float = 0.02, loss: float = 0.0, count_to: str = ""
) -> Iterator[int]:
    """The proxy as a process; its port."""
    port = free_port()
    arguments = [str(port), str(upstream), str(delay), str(loss), count_to]
    process = subprocess.Popen([sys.executable, __file__, "proxy", *arguments])
    try:
        _wait_until_it_answers(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    _, _, port, upstream, delay, loss, count_to = sys.argv
    Proxy(int(port), int(upstream), float(delay), float(loss), count_to).serve()
