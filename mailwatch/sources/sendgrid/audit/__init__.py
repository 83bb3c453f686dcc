"""The account's settings: what undoes list hygiene, hides trouble, or lets others in.

    endpoints                 what is asked, by which scope, and which figures it gives
    replies                   the API's answers, read
    authentication            authenticated domains and links: matched, and what they expect of DNS
    expected_dns              what SendGrid expects, compared with what DNS answers now
    single_settings           figures of one answer each: access, bounce purge, forwarding, TLS
    event_webhook             the webhook
    allow_list                addresses that are never suppressed
    dedicated_ips             dedicated addresses, their reverse DNS and warm-up
    key_scopes                what the key may do beyond reading
    separation                marketing and transactional mail apart
    audited                   all of it
    sender_records            the expected records alone, for `--fix`

For other parts of the program: `sender_records.read_sender_records` asks for the records that
SendGrid expects, and a run tells the DKIM selectors of valid domains to the other sources.
"""
