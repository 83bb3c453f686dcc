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

SPF_PTR = "dns.spf_ptr"
SPF_STRINGS = "dns.spf_strings"
SPF_ANSWER_SIZE = "dns.spf_answer_size"
SPF_PLACE = "dns.spf_place"
SPF_TYPE99 = "dns.spf_type99"
SPF_SENDING_IP = "dns.spf_sending_ip"
REVERSE_DNS = "dns.reverse_dns"
MX_HOSTS = "dns.mx_hosts"
MX_TLSA = "dns.mx_tlsa"
DNSSEC = "dns.dnssec"
CAA = "dns.caa"
SENDER_REQUIREMENTS = "dns.sender_requirements"
OF_SENDING_IPS = (SPF_SENDING_IP, REVERSE_DNS)
AROUND = (
    *(SPF_PTR, SPF_STRINGS, SPF_ANSWER_SIZE, SPF_PLACE, SPF_TYPE99, SPF_SENDING_IP),
    *(REVERSE_DNS, MX_HOSTS, MX_TLSA, DNSSEC, CAA, SENDER_REQUIREMENTS),
)
"""What is measured of a domain that is watched, and not of each of a million."""

MTA_STS = "dns.mta_sts"
MTA_STS_MX = "dns.mta_sts_mx"
MTA_STS_MAX_AGE = "dns.mta_sts_max_age"
TLS_RPT = "dns.tls_rpt"
BIMI = "dns.bimi"
OPTIONAL = (MTA_STS, TLS_RPT, BIMI)
"""What a domain may do without; each costs a question, so a long list of domains may leave it out.
"""

BEYOND = (*OPTIONAL, MTA_STS_MX, MTA_STS_MAX_AGE)

ALL = (DOMAIN, *SPF, *DKIM, *DMARC, *DMARC_REACH, MX, *AROUND, *BEYOND)
ALWAYS = (DOMAIN, SPF_RECORD, DMARC_POLICY, MX)
"""What every domain has a finding for. The other figures need a record that is there."""
