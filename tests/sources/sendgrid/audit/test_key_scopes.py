"""What the API key may do beyond reading."""

from mailwatch.sources.sendgrid.audit.key_scopes import measure_key_scopes

SCOPES = ("stats.read", "mail.send", "alerts.create", "2fa_required")


def test_what_changes_or_sends_is_counted() -> None:
    assert measure_key_scopes(SCOPES).value == 2


def test_a_scope_that_is_used_is_needed() -> None:
    measured = measure_key_scopes(SCOPES, ("mail.send",))
    assert measured.value == 1
    assert dict(measured.evidence[0].values) == {"names": "alerts.create"}
