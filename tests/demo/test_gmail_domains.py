"""The Postmaster Tools server: which domains there are, and how compliant."""

from dataclasses import replace

import pytest
from googleapiclient.errors import HttpError

from mailwatch.demo import Running, serve
from mailwatch.demo.story.world import DOMAINS, GmailDomain

from .conftest import postmaster, world_of

PARENT = "domains/example.com"


def test_compliance_has_its_nested_shapes(running: Running) -> None:
    domains = postmaster(running).domains()
    answer = domains.getComplianceStatus(name=f"{PARENT}/complianceStatus").execute()
    assert answer["name"] == f"{PARENT}/complianceStatus"
    data = answer["complianceData"]
    assert data["domainId"] == "example.com"
    assert {"requirement": "SPF", "status": {"status": "COMPLIANT"}} in data["rowData"]
    assert data["oneClickUnsubscribeVerdict"] == {"status": {"status": "COMPLIANT"}}
    assert data["deliverabilityStatusVerdict"] == {
        "state": {"status": "COMPLIANT"},
        "reason": "USER_FEEDBACK_POSITIVE",
    }


def test_a_subdomain_has_its_own_compliance_beside_the_registrable_domains() -> None:
    world = world_of("healthy")
    whole = world.gmail["example.com"].compliance
    sub = GmailDomain(compliance=whole, subdomain_compliance=whole, registrable="example.com")
    with serve(replace(world, gmail={"mail.example.com": sub})) as running:
        domains = postmaster(running).domains()
        name = "domains/mail.example.com/complianceStatus"
        answer = domains.getComplianceStatus(name=name).execute()
        assert answer["complianceData"]["domainId"] == "example.com"
        assert answer["subdomainComplianceData"]["domainId"] == "mail.example.com"
        with pytest.raises(HttpError) as refused:
            domains.getComplianceStatus(name=f"{PARENT}/complianceStatus").execute()
        assert refused.value.status_code == 403


def test_domains_are_listed_by_page() -> None:
    world = world_of("healthy")
    names = {f"d{number:02}.example": GmailDomain(verified=number > 0) for number in range(12)}
    account = replace(world.google, scopes=frozenset({DOMAINS}))
    with serve(replace(world, gmail=names, google=account)) as running:
        domains = postmaster(running).domains()
        request = domains.list()
        first = request.execute()
        second = domains.list_next(request, first).execute()
        assert [len(page["domains"]) for page in (first, second)] == [10, 2]
        assert first["domains"][0]["verificationState"] == "UNVERIFIED"
        assert domains.get(name="domains/d01.example").execute()["permission"] == "OWNER"
        with pytest.raises(HttpError) as refused:
            domains.get(name=PARENT).execute()
        assert refused.value.status_code == 404
        for wrong in ({"pageSize": -1}, {"pageToken": "nowhere"}):
            with pytest.raises(HttpError) as refused:
                domains.list(**wrong).execute()
            assert refused.value.status_code == 400
