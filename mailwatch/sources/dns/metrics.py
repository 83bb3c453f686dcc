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

ALL = (DOMAIN, *SPF, *DKIM, *DMARC, MX, *AROUND)
ALWAYS = (DOMAIN, SPF_RECORD, DMARC_POLICY, MX)
"""What every domain has a finding for. The other figures need a record that is there."""
