"""An international domain name: as people write it in what they read, such as DNS for machines."""

import json

from mailwatch.model import Subject
from mailwatch.reports import FORMATS, View
from tests.reports.samples import findings, ok, plain, report

NAME = "xn--strae-oqa.de"


def test_people_read_both_forms_and_machines_the_one_of_dns() -> None:
    # Given a breach of such a domain
    subject = Subject.of(domain=NAME)
    shown = report(
        findings(plain("dns.dmarc_policy", "missing", subject)), ok("dns"), subjects=(NAME,)
    )
    # Then the console has both forms, in the heading and in the block
    text = "".join(FORMATS["console"].render(shown, View(100)))
    heading, _, rest = text.partition("\n")
    assert f"straße.de ({NAME})" in heading
    assert f"straße.de ({NAME})" in rest
    # And JSON has the name as it stands in DNS
    (finding,) = json.loads("".join(FORMATS["json"].render(shown, View())))["findings"]
    assert finding["subject"] == {"domain": NAME}
