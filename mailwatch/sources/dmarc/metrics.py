"""The names of what is measured."""

PASS_RATE = "dmarc.pass_rate"  # noqa: S105  # a rate of what passes
SPF_RATE = "dmarc.spf_aligned_rate"
DKIM_RATE = "dmarc.dkim_aligned_rate"
SPOOFED_RATE = "dmarc.spoofed_rate"
UNALIGNED_SOURCES = "dmarc.unaligned_sources"
NEW_SOURCES = "dmarc.new_sources"
POLICY_SEEN = "dmarc.policy_seen"
READINESS = "dmarc.readiness"
SILENT_REPORTERS = "dmarc.silent_reporters"
TLS_FAILURE_RATE = "dmarc.tls_failure_rate"
FAILURE_REPORTS = "dmarc.failure_reports"

ALL = (
    PASS_RATE,
    SPF_RATE,
    DKIM_RATE,
    SPOOFED_RATE,
    UNALIGNED_SOURCES,
    NEW_SOURCES,
    POLICY_SEEN,
    READINESS,
    SILENT_REPORTERS,
    TLS_FAILURE_RATE,
    FAILURE_REPORTS,
)
