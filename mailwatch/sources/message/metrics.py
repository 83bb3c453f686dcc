"""The names of the figures that one message gives."""

DKIM = "message.dkim"
DKIM_SIGNATURE = "message.dkim_signature"
DKIM_BODY = "message.dkim_body"
SPF = "message.spf"
DMARC = "message.dmarc"
ARC = "message.arc"
RECEIVER = "message.receiver"

ONE_CLICK = "message.one_click"
FROM = "message.from"
DATE = "message.date"
MESSAGE_ID = "message.message_id"
MIME = "message.mime"
FEEDBACK_ID = "message.feedback_id"
SIZE = "message.size"

TLS = "message.tls"
DELAY = "message.delay"

ALWAYS = (DKIM, SPF, DMARC, ARC, ONE_CLICK, FROM, DATE, MESSAGE_ID, MIME, FEEDBACK_ID, SIZE, TLS)
"""What every message has a finding for."""
ALL = (*ALWAYS, DKIM_SIGNATURE, DKIM_BODY, RECEIVER, DELAY)
