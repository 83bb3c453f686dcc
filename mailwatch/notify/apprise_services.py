"""Every service that apprise knows, by its address (extra `mailwatch[notify]`).

Imported only where a channel uses it. The text is given as plain text, for apprise to convert for
the service; it is broken up before, as apprise passes `@channel` on to services that obey it.
"""

import logging

from mailwatch.model import Level
from mailwatch.notify.chat_text import broken_up
from mailwatch.notify.notice import Notice
from mailwatch.notify.posting import NotDelivered

_TYPES = {Level.BREACH: "failure", Level.WARN: "warning", Level.OK: "success"}


def send_with_apprise(address: str, notice: Notice) -> None:
    """Hands the notice to apprise. Raises NotDelivered; apprise says only that it failed."""
    try:
        import apprise
    except ImportError:
        raise NotDelivered(
            "apprise is not installed (pip install '.[notify]' in the checkout)"
        ) from None
    # Its log holds addresses, and with them tokens.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    asset = apprise.AppriseAsset(app_id="mailwatch", app_desc="mailwatch", secure_logging=True)
    service = apprise.Apprise(asset=asset)
    if not service.add(address):
        raise NotDelivered("apprise does not know a service with this kind of address")
    body = "\n".join(map(broken_up, notice.paragraphs()))
    sent = service.notify(
        body=body,
        title=broken_up(notice.subject),
        notify_type=apprise.NotifyType(_TYPES.get(notice.verdict, "info")),
        body_format=apprise.NotifyFormat.TEXT,
    )
    if not sent:
        raise NotDelivered("the service did not take it (apprise gives no reason)")
