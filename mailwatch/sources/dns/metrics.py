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

DMARC_SUBDOMAIN_POLICY = "dns.dmarc_subdomain_policy"
DMARC_NONEXISTENT_POLICY = "dns.dmarc_nonexistent_policy"
DMARC_REPORT_AUTHORIZATION = "dns.dmarc_report_authorization"
DMARC_ALIGNMENT = "dns.dmarc_alignment"
DMARC_REACH = (
    DMARC_SUBDOMAIN_POLICY,
    DMARC_NONEXISTENT_POLICY,
    DMARC_REPORT_AUTHORIZATION,
    DMARC_ALIGNMENT,
)

DKIM_KEY = "dns.dkim_key"
DKIM_KEY_BITS = "dns.dkim_key_bits"
DKIM = (DKIM_KEY, DKIM_KEY_BITS)

MX = "dns.mx"

MTA_STS = "dns.mta_sts"
MTA_STS_MX = "dns.mta_sts_mx"
MTA_STS_MAX_AGE = "dns.mta_sts_max_age"
TLS_RPT = "dns.tls_rpt"
BIMI = "dns.bimi"
OPTIONAL = (MTA_STS, TLS_RPT, BIMI)
"""What a domain may do without; each costs a question, so a long list of domains may leave it out.
"""

ALL = (DOMAIN, *SPF, *DKIM, *DMARC, *DMARC_REACH, MX, *OPTIONAL, MTA_STS_MX, MTA_STS_MAX_AGE)
ALWAYS = (DOMAIN, SPF_RECORD, DMARC_POLICY, MX)
"""What every domain has a finding for. The other figures need a record that is there."""
