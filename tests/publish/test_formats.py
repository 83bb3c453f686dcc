"""Records written for a zone file, Route 53 and Terraform: read back, they are what was meant."""

import json
import re
from typing import Any

import dns.rdatatype
import dns.zone
import pytest
from dns.rdtypes.ANY.TXT import TXT
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwatch.publish import route53, terraform, zone_file
from mailwatch.publish.record_set import ExpectedRecord, Proposal, ZoneEntry, strings

HOSTILE = 'v=x "\\; ${var.key} %{if true} $(reboot) `x`\r\n\x1b[31m\x00\xff; #' + "é" * 300
LONG = "v=spf1 " + "ip4:192.0.2.1 " * 40 + "~all"
TEXTS = ["v=DMARC1; p=none", "", LONG, HOSTILE, "a" * 255, "a" * 256, 'a"b\\c', "%{i}._spf.%{d}"]


def proposal(*texts: str) -> Proposal:
    made = [
        ZoneEntry("_dmarc.example.com", "TXT", texts, note="a\nb"),
        ZoneEntry("s1._domainkey.example.com", "CNAME", ("s1.domainkey.u1.wl1.sendgrid.net",)),
        ZoneEntry("em1.example.com", "MX", ("10 mx.sendgrid.net",)),
    ]
    return Proposal(made, notes=["one\nevil. 1 IN A 192.0.2.1", "\x1b[31m"])


def octets(text: str) -> bytes:
    return b"".join(strings(text))


def unescaped(text: str, base: int) -> bytes:
    """What a quoted string of a zone file (base 10) or of Route 53 (base 8) stands for."""

    def one(match: "re.Match[str]") -> str:
        digits, sign, plain = match.groups()
        return chr(int(digits, base)) if digits else sign or plain

    return re.sub(r"\\([0-9]{3})|\\(.)|([^\\])", one, text).encode("latin-1")


def quoted_strings(value: str, base: int) -> list[bytes]:
    assert re.fullmatch(r'"([^"\\]|\\.)*"( "([^"\\]|\\.)*")*', value)
    return [unescaped(m[1:-1], base) for m in re.findall(r'"(?:[^"\\]|\\.)*"', value)]


def read_zone(text: str) -> dict[tuple[str, str], list[Any]]:
    zone = dns.zone.from_text(text, origin="com.", relativize=False, check_origin=False)
    return {
        (name.to_text(), dns.rdatatype.to_text(rdataset.rdtype)): list(rdataset)
        for name, rdataset in zone.iterate_rdatasets()
    }


def read_hcl(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Resources by their labels: as much of HCL as is written here, and nothing else."""
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    string = r'"(?:[^"\\$%]|\\.|\$\$\{|%%\{|\$(?!\{)|%(?!\{))*"'
    head = r'variable "zone_id" \{\n  description = ' + string + r"\n  type        = string\n\}\n"
    body = re.sub(head, "", text, count=1)
    resource = re.compile(
        r'\nresource "aws_route53_record" ("[a-z][a-z0-9_-]*") \{\n  zone_id = var\.zone_id\n'
        rf"  name    = ({string})\n  type    = ({string})\n  ttl     = (\d+)\n"
        rf"  records = \[\n((?:    {string},\n)+)  \]\n\}}\n"
    )
    assert resource.sub("", body) == ""
    return [
        (
            hcl(match[1]),
            {
                "name": hcl(match[2]),
                "type": hcl(match[3]),
                "records": [hcl(one) for one in re.findall(string, match[5])],
            },
        )
        for match in resource.finditer(body)
    ]


def hcl(literal: str) -> str:
    plain = re.sub(r"\\(.)", r"\1", literal[1:-1])
    return plain.replace("$${", "${").replace("%%{", "%{")


@pytest.mark.parametrize("text", TEXTS)
def test_a_zone_file_reads_back(text: str) -> None:
    written = "".join(zone_file.render(proposal(text, "other")))
    found = read_zone(written)
    assert len(found) == 3
    records = found["_dmarc.example.com.", "TXT"]
    assert sorted(b"".join(r.strings) for r in records if isinstance(r, TXT)) == sorted(
        [octets(text), b"other"]
    )
    assert str(found["em1.example.com.", "MX"][0]) == "10 mx.sendgrid.net."
    assert all(line.isprintable() and line.isascii() for line in written.splitlines())


@pytest.mark.parametrize("text", TEXTS)
def test_a_change_batch_reads_back(text: str) -> None:
    batch = json.loads("".join(route53.render(proposal(text))))
    assert set(batch) == {"Comment", "Changes"}
    assert len(batch["Comment"]) <= 256
    sets = [change["ResourceRecordSet"] for change in batch["Changes"]]
    assert {change["Action"] for change in batch["Changes"]} == {"UPSERT"}
    assert [(one["Name"], one["Type"], one["TTL"]) for one in sets] == [
        ("_dmarc.example.com.", "TXT", 3600),
        ("s1._domainkey.example.com.", "CNAME", 3600),
        ("em1.example.com.", "MX", 3600),
    ]
    (record,) = sets[0]["ResourceRecords"]
    parts = quoted_strings(record["Value"], 8)
    assert b"".join(parts) == octets(text)
    assert all(len(part) <= 255 for part in parts)
    assert sets[1]["ResourceRecords"] == [{"Value": "s1.domainkey.u1.wl1.sendgrid.net."}]


@pytest.mark.parametrize("text", TEXTS)
def test_terraform_reads_back(text: str) -> None:
    resources = read_hcl("".join(terraform.render(proposal(text))))
    assert [label for label, _ in resources] == [
        "txt__dmarc_example_com",
        "cname_s1__domainkey_example_com",
        "mx_em1_example_com",
    ]
    # The provider puts quotes around it, and takes what is between them as Route 53 does.
    (value,) = resources[0][1]["records"]
    parts = quoted_strings(f'"{value}"'.replace('""', '" "') if value else '""', 8)
    assert b"".join(parts) == octets(text)
    assert all(len(part) <= 255 for part in parts)


@given(st.text(st.characters(max_codepoint=255), max_size=600))
@settings(max_examples=40, deadline=None)
def test_no_text_breaks_out_of_its_record(text: str) -> None:
    records = read_zone("".join(zone_file.render(proposal(text))))["_dmarc.example.com.", "TXT"]
    assert [b"".join(record.strings) for record in records] == [octets(text)]
    changes, resources = ("".join(one.render(proposal(text))) for one in (route53, terraform))
    batch = json.loads(changes)
    value = batch["Changes"][0]["ResourceRecordSet"]["ResourceRecords"][0]["Value"]
    assert b"".join(quoted_strings(value, 8)) == octets(text)
    assert len(read_hcl(resources)) == 3
    for line in (*changes.splitlines(), *resources.splitlines()):
        assert line.isprintable(), line
        assert line.isascii(), line


def test_nothing_to_publish_is_written_as_nothing() -> None:
    assert "".join(zone_file.render(Proposal())) == ""
    assert "".join(terraform.render(Proposal())) == ""
    assert json.loads("".join(route53.render(Proposal())))["Changes"] == []


@pytest.mark.parametrize(
    ("name", "kind", "value"),
    [
        ("a b.example.com", "CNAME", "x.example"),
        ("a.example.com", "CNAME", "x.example. 1 IN A 192.0.2.1"),
        ("a.example.com", "MX", "x.example"),
        ("a.example.com", "MX", "70000 x.example"),
        ("a.example.com", "TXT", "x" * 4001),
        ("a.example.com\n", "TXT", "x\ny"),
    ],
)
def test_what_cannot_be_a_record_is_refused(name: str, kind: Any, value: str) -> None:
    if name.endswith("\n"):
        assert ExpectedRecord(name.strip(), kind, value).value == value
        return
    with pytest.raises(ValueError, match=r"."):
        ExpectedRecord(name, kind, value)
