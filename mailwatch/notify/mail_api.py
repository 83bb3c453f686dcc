"""A mail by SendGrid's own API: POST /v3/mail/send, which needs the scope `mail.send`.

Links are not rewritten and openings not tracked: the mail is about the account's own mail.
(Twilio SendGrid API reference: Mail Send.)
"""

import base64

from mailwatch.config import SendGridConfig
from mailwatch.notify.mail_message import Letter, picture_name
from mailwatch.notify.posting import Post, json_post


def mail_post(account: SendGridConfig, mail: Letter, key: str) -> Post:
    """The request that sends the mail."""
    headers = {name: value for name, value in mail.headers if name != "Date"}
    attachments = [
        {
            "content": base64.b64encode(one.data).decode(),
            "type": "image/png",
            "filename": picture_name(number),
            "disposition": "inline",
            "content_id": one.ident,
        }
        for number, one in enumerate(mail.pictures, 1)
    ]
    return json_post(
        f"{account.base_url}/v3/mail/send",
        {
            "personalizations": [{"to": [{"email": one} for one in mail.recipients]}],
            "from": {"email": mail.sender, "name": "mailwatch"},
            "subject": mail.subject,
            "content": [
                {"type": "text/plain", "value": mail.text},
                {"type": "text/html", "value": mail.html},
            ],
            "headers": headers,
            **({"attachments": attachments} if attachments else {}),
            "tracking_settings": {
                "click_tracking": {"enable": False, "enable_text": False},
                "open_tracking": {"enable": False},
            },
        },
        headers={"Authorization": f"Bearer {key}"},
        secrets=(key,),
        refused="The API key needs the scope mail.send.",
    )
