"""No text, however broken, makes the parsers of MTA-STS, TLS-RPT and BIMI raise."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mailwatch.mailauth import bimi, mta_sts, tls_rpt

PIECES = st.sampled_from(
    ["v=STSv1;", "v=TLSRPTv1;", "v=BIMI1;", "id=", "rua=mailto:", "l=https://", "a=", "mx: *.", "=",
     "mode: enforce", "version: STSv1", "max_age: ", "99999999999", ";", ",", ":", "\r\n", "\n"]
)  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, st.text(st.characters(max_codepoint=255), max_size=8))).map(
    "".join
)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_they_never_raise(text: str) -> None:
    mta_sts.parse_policy(text.encode("latin-1"))
    mta_sts.parse_id(text)
    found = tls_rpt.parse_record(text)
    assert not set(found.addresses) & set(found.bad)
    assert len(bimi.find_faults(text)) <= 10
    bimi.is_declined(text)
    for module in (mta_sts, tls_rpt, bimi):
        module.select_records([text])
