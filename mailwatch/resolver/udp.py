"""One question to one server by UDP, on a socket of its own.

Connected, the socket takes packets from this server only, and a closed port is known at once
instead of after the last timeout. Anybody can forge the address of a packet, but not know the id:
what does not answer this very question is passed over until the right answer comes or the time is
up (RFC 5452 §9.1), garbage included.
"""

import asyncio
import os
import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING

from mailwatch.resolver.lookup import RdType
from mailwatch.resolver.packet import Odd, answers_question, decode_answer, encode_query
from mailwatch.resolver.servers import Server

if TYPE_CHECKING:
    from mailwatch.resolver.message import Reply


def make_query(question: bytes, *, edns: bool) -> bytes:
    """The message that asks `question`, with an id that nobody can guess."""
    return encode_query(int.from_bytes(os.urandom(2)), question, edns=edns)


async def ask_by_udp(server: Server, question: bytes, rdtype: RdType, *, edns: bool) -> "Reply":
    """What `server` says, however long that takes.

    Raises TooLong, OSError, and ValueError for a host that is no IP address.
    """
    family = socket.AF_INET6 if ip_address(server.host).version == 6 else socket.AF_INET
    query = make_query(question, edns=edns)
    loop = asyncio.get_running_loop()
    with socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as connected:
        connected.connect((server.host, server.port))
        connected.send(query)
        while True:
            packet = await loop.sock_recv(connected, 65535)
            if packet[:2] != query[:2]:
                continue
            if answers_question(packet, question):
                try:
                    return decode_answer(packet, question, rdtype)
                except Odd:
                    pass
            reply = _read_by_dnspython(packet, query)
            if reply is not None:
                return reply


def _read_by_dnspython(packet: bytes, query: bytes) -> "Reply | None":
    from mailwatch.resolver.message import read_packet  # slow to import, and seldom needed

    return read_packet(packet, query)
