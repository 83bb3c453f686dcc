"""The names of the figures that DNS gives."""

DOMAIN = "dns.domain"

SPF_RECORD = "dns.spf_record"
SPF_LOOKUPS = "dns.spf_lookups"
SPF_VOID_LOOKUPS = "dns.spf_void_lookups"
SPF_RECORD_LENGTH = "dns.spf_record_length"
SPF_ALL = "dns.spf_all"
SPF = (SPF_RECORD, SPF_LOOKUPS, SPF_VOID_LOOKUPS, SPF_RECORD_LENGTH, SPF_ALL)

DMARC_POLICY = "dns.dmarc_policy"
DMARC_RECORD = "dns.dmarc_record"
DMARC_REPORT_ADDRESSES = "dns.dmarc_report_addresses"
DMARC = (DMARC_POLICY, DMARC_RECORD, DMARC_REPORT_ADDRESSES)

DKIM_KEY = "dns.dkim_key"
DKIM_KEY_BITS = "dns.dkim_key_bits"
DKIM = (DKIM_KEY, DKIM_KEY_BITS)

MX = "dns.mx"

ALL = (DOMAIN, *SPF, *DKIM, *DMARC, MX)
ALWAYS = (DOMAIN, SPF_RECORD, DMARC_POLICY, MX)
"""What every domain has a finding for. The other figures need a record that is there."""
