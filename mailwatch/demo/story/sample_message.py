"""A message of the demo, as Gmail saves it: signed with a key that the demo's zone publishes.

The key is public on purpose, both halves: it signs the demo's sample and nothing else.
"""

import base64
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime

from mailwatch.mailauth.dkim.canonicalization import canonical_body, canonical_field
from mailwatch.mailauth.rawmessage import split_message

SELECTOR = "m1"
DOMAIN = "example.com"
SIGNED = (
    *("from", "to", "subject", "date", "message-id", "mime-version", "content-type"),
    *("list-unsubscribe", "list-unsubscribe-post", "feedback-id"),
)
PUBLIC_KEY = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxxrQZjN7xWJWSSF1/fKb55Seh4vjDgNM98V4Wh4rKUfF"
    "diF9vfxf86IZ3cuPMt6Iz8oPAMBfffvcWQFcNgnrwaj9HjOb21ogr4FzGu+NlGW8r/LL5YR1RSDQtq8yg+19GGL9"
    "TjohagreLQqL7Rr/abAr1v9lka7VzcIArl5Db+aVnGsL/OlQLcpq/wke4f2Hab/VsJo+7x7dB12ZDtQ2+Nho0ttG"
    "qaYH3CdlnBCgQuEQ+l1X2Vd9SBf4L6mFoFGb19OVqN/4fh/w3hWuBuagb9RLoem3Tfd8zDG4CGPJ/ZdaLYeteMRg"
    "qzED576hxjhtSfAo+VEfGShf4l/hCo7eHQIDAQAB"
)
_PRIVATE_KEY = (
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDHGtBmM3vFYlZJIXX98pvnlJ6Hi+MOA0z3xXha"
    "HispR8V2IX29/F/zohndy48y3ojPyg8AwF99+9xZAVw2CevBqP0eM5vbWiCvgXMa742UZbyv8svlhHVFINC2rzKD"
    "7X0YYv1OOiFqCt4tCovtGv9psCvW/2WRrtXNwgCuXkNv5pWcawv86VAtymr/CR7h/Ydpv9Wwmj7vHt0HXZkO1Db4"
    "2GjS20appgfcJ2WcEKBC4RD6XVfZV31IF/gvqYWgUZvX05Wo3/h+H/DeFa4G5qBv1Euh6bdN93zMMbgIY8n9l1ot"
    "h614xGCrMQPnvqHGOG1J8Cj5UR8ZKF/iX+EKjt4dAgMBAAECggEAD2iz2DUDzzLdGqvMResQxctquXLKD7uRqVtP"
    "BSpwjLFRRuMwqBNwGZriBZhLbNRsIiixII3C1i030Guah1QdOs+pRz0XQtKm1O5fyiXf/ywgfj18KjcmHEN946WL"
    "c0pd9BU1JWi6TUqqBzJZwe/k9Hj965W4dp3hThtFkjkZXv+Gd2rnMWzIgqx9WrDu2waCWUpfcL0YfdYkBIUKU9vx"
    "EHSQ4MSwpWuz5RESfZGenpUiuTLC8jTt+4UlPvgNNkKxJ0faIqmOZqwKlpsTFLDepfxXfKKsAfMQEg6khHHnfx2f"
    "mAfz3wB4nLsnuwYbhLEX+8Hoyjt/tuM7cpgsxABMAQKBgQDtWebDNd8NzIDc3PzC2dsh2EL55Pk9du3VTvdDE4IX"
    "lCfcJax4c1TMmhthUUfiWZhvPaQZzR2HjbvfF46sgqnUpfhYzpfIkzvkqabrK7PqV9bMXoLEaqs98YmIstdfOBmr"
    "NysBFwvuOVwIppwGZh6mBBOXZwPiiJBCb8ujLH8uDQKBgQDWv58BFsn1sC1J70H8IoNwE6wQiMZ+5hcYJCg2CYpn"
    "cvEWgHxCzLW1KZGxLk/Mb/Vi1KyEDkBpMBt0JFrWx0AI6YctySL8OLK45DKDEencgterOgGQ8EQRXynfOpMVHhC5"
    "+6JU0CN4PSZSKQRlh9e5s//fSwTcV+pekRV8Pk98UQKBgBePCdmsejRbbRr/EFOi3h5Q4ez97kNMj7TRfrd4szv1"
    "57LxRlo6UFtynG8fazwrWncILkalVl4DEnfFVdMHsSW7R5hBAU3WV2aN9FR5ZQVIrLhiVSZ70/11AQrBfaEk519Y"
    "PXuBNxzxMpJlPy1fa4Fc/DjV78vHdFIz2ImcvA7tAoGAKcqs1PdsYkXg6myHeNv2nE8Xwzf6+SMqB2ax9KIyryMt"
    "S+XBSPaxvgnS8ppCqVR4er1MvX5Qhqf4D8grbXTlP1bDGeP0zQTzswul0OAhlOpZslbdiylW9dKBQZISoZ9yPd98"
    "nejLnlC4LnERC/k9wEQJXZkp3v+0+qZdegpeSaECgYEA3S/eFg513kX2uU3Vq6tdTSrk2y6U8AsOqgz7I2e8mW9q"
    "gL9OlgRDVJDrqsyEKRQmSSv2u/ajkPIx8luQ0uU2mrhC9aaAzsi69EBiYK5H2Tng4HXxgGc6sNUsFfKt/tl0lqIV"
    "cql8eiscG65BMES9a4kv/PwxgGDjq6e1PoWd0XQ="
)


def sample_message(moment: datetime) -> bytes:
    """A newsletter that was received at `moment`, in whole seconds, with nothing wrong with it."""
    date = format_datetime(moment.astimezone(UTC))
    stamp = f"{moment.astimezone(UTC):%Y%m%d%H%M%S}"
    lines = (
        "From: Example News <news@example.com>",
        "To: reader@gmail.com",
        "Subject: What is new in November",
        f"Date: {date}",
        f"Message-ID: <{stamp}.1@example.com>",
        "MIME-Version: 1.0",
        'Content-Type: multipart/alternative; boundary="part"',
        "List-Unsubscribe: <https://example.com/unsubscribe?u=42>,",
        " <mailto:unsubscribe@example.com?subject=42>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Feedback-ID: november:news:example:esp12345",
        "",
        "--part",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "Hello,",
        "this is what is new.",
        "",
        "--part",
        "Content-Type: text/html; charset=utf-8",
        "",
        "<p>Hello,<br>this is what is new.</p>",
        "",
        "--part--",
    )
    trace = (
        "Delivered-To: reader@gmail.com",
        f"Received: by 2002:a05:7300:aa0b:b0 with SMTP id a11csp1; {date}",
        "Return-Path: <bounces+1234567-42@em1234.example.com>",
        "Received: from o1.em1234.example.com (o1.em1234.example.com. [192.0.2.10])",
        "        by mx.google.com with ESMTPS id d2e1a72fcca58-6b1",
        "        for <reader@gmail.com>",
        "        (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256 bits=128/128);",
        f"        {date}",
        "Authentication-Results: mx.google.com;",
        "       dkim=pass header.i=@example.com header.s=m1;",
        "       spf=pass smtp.mailfrom=bounces+1234567-42@em1234.example.com;",
        "       dmarc=pass (p=QUARANTINE) header.from=example.com",
    )
    message = _joined(lines)
    return _joined(trace) + sign(message, int(moment.timestamp())) + message


def forwarded_message(moment: datetime) -> bytes:
    """The same newsletter as it came through a mailing list, which added a footer."""
    sample = sample_message(moment)
    date = format_datetime(moment.astimezone(UTC))
    trace = (
        "Delivered-To: member@gmail.com",
        "Return-Path: <news-bounces@lists.example.net>",
        "Received: from lists.example.net (lists.example.net. [198.51.100.200])",
        "        by mx.google.com with ESMTPS id 5b1f17b1804b1-7c2",
        "        for <member@gmail.com>",
        "        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);",
        f"        {date}",
    )
    footer = ("--part", "Content-Type: text/plain", "", "You get this as a member.", "--part--")
    passed_on = sample[sample.index(b"DKIM-Signature:") :].removesuffix(b"--part--\r\n")
    return _joined(trace) + passed_on + _joined(footer)


def _joined(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode()


def sign(message: bytes, moment: int) -> bytes:
    """The DKIM-Signature of `message`, c=relaxed/relaxed, made at `moment`."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    parts = split_message(message)
    hashed = base64.b64encode(hashlib.sha256(canonical_body(parts.body, "relaxed")).digest())
    field = (
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={DOMAIN}; s={SELECTOR};\r\n"
        f" t={moment}; h={':'.join(SIGNED)};\r\n bh={hashed.decode()};\r\n b="
    ).encode()
    covered = [canonical_field(one.raw, "relaxed") for n in SIGNED for one in parts.named(n)]
    data = b"".join(covered) + canonical_field(field, "relaxed").removesuffix(b"\r\n")
    key = load_der_private_key(
        base64.b64decode(_PRIVATE_KEY), None, unsafe_skip_rsa_key_validation=True
    )
    if not isinstance(key, RSAPrivateKey):
        raise TypeError(type(key).__name__)
    value = base64.b64encode(key.sign(data, PKCS1v15(), SHA256())).decode()
    folded = "\r\n ".join(value[at : at + 72] for at in range(0, len(value), 72))
    return field + folded.encode() + b"\r\n"
