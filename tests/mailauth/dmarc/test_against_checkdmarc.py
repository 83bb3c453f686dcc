"""DMARC records given to checkdmarc, as far as it and RFC 9989 agree.

Left out is what it does otherwise than the text (§4.10.1): a bad policy with a `rua` acts as p=none
and is not invalid, and without `p` and `rua` there is no DMARC. It reads `fo=0:1` and an unknown
value of `adkim` as their defaults, as we do.
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwatch.mailauth.dmarc.record import DmarcRecord, parse_record

checkdmarc: Any = pytest.importorskip("checkdmarc.dmarc", reason="checkdmarc is not installed")

TAGS = {
    "sp": ["none", "quarantine", "REJECT"],
    "np": ["none", "quarantine", "reject"],
    "psd": ["y", "n", "u"],
    "t": ["y", "n"],
    "adkim": ["r", "s", "x"],
    "aspf": ["r", "s"],
    "fo": ["0", "1", "d:s", "0:1"],
    "pct": ["50"],
    "x": ["y"],
}


@st.composite
def records(draw: st.DrawFn) -> str:
    """A record with p first, and some of the other tags in any order, with spaces around."""
    chosen = draw(st.lists(st.sampled_from(sorted(TAGS)), unique=True))
    tags = [f"p={draw(st.sampled_from(['none', 'quarantine', 'Reject']))}"]
    tags += [f"{name}={draw(st.sampled_from(TAGS[name]))}" for name in chosen]
    glue = draw(st.sampled_from(["; ", ";", " ; "]))
    return glue.join(["v=DMARC1", *tags]) + draw(st.sampled_from(["", ";"]))


@settings(deadline=None, max_examples=100)
@given(records())
def test_both_read_the_same_policies(text: str) -> None:
    record = parse_record(text)
    assert isinstance(record, DmarcRecord)
    tags = checkdmarc.parse_dmarc_record(text, "example.com")["tags"]
    theirs = {name: tags[name]["value"] for name in ("p", "psd", "t")}
    assert theirs == {"p": record.p, "psd": record.psd, "t": "y" if record.testing else "n"}
    for name, ours in (("sp", record.sp or record.p), ("np", record.np or record.sp or record.p)):
        assert tags[name]["value"] == ours, name
    assert record.sound


@pytest.mark.parametrize(
    "text", ["v=DMARC1; p=none; p=none", "v=DMARC1; p=nonee", "v=DMARC1; p=none; sp=x"]
)
def test_both_refuse_the_same_records(text: str) -> None:
    record = parse_record(text)
    assert not (isinstance(record, DmarcRecord) and record.sound)
    with pytest.raises(checkdmarc.DMARCError):
        checkdmarc.parse_dmarc_record(text, "example.com")
