"""Domain names as people write them, beside what stands in DNS."""

import pytest

from mailwatch.text.domain import domain_text, to_ascii


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("example.com", "example.com"),
        ("xn--strae-oqa.de", "straße.de (xn--strae-oqa.de)"),
        ("mail.xn--r8jz45g.jp", "mail.例え.jp (mail.xn--r8jz45g.jp)"),
        ("_dmarc.xn--strae-oqa.de", "_dmarc.straße.de (_dmarc.xn--strae-oqa.de)"),
        # two names that look the same are distinguished by their A-labels
        ("xn--80ak6aa92e.com", "аррӏе.com (xn--80ak6aa92e.com)"),
        # what IDNA 2008 does not know stands as it is
        ("xn--i-7iq.ws", "xn--i-7iq.ws"),
        ("xn--a.example", "xn--a.example"),
        ("xn--.example", "xn--.example"),
        ("exaxn--mple.com", "exaxn--mple.com"),
    ],
)
def test_a_name_is_shown_as_people_write_it(name: str, shown: str) -> None:
    assert domain_text(name) == shown


def test_a_joiner_is_shown_instead_of_obeyed() -> None:
    name = to_ascii("क्\u200dष.example")
    assert name.startswith("xn--")
    assert domain_text(name) == f"क्\\u200dष.example ({name})"


def test_a_name_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(ValueError, match="U\\+2764"):
        to_ascii("i❤.example")
