"""The names of what is measured."""

SPAM_RATE = "postmaster.spam_rate"
REPUTATION = "postmaster.reputation"
REJECTIONS_BY_REASON = "postmaster.rejections_by_reason"
TEMPORARY_FAILURES_BY_REASON = "postmaster.temporary_failures_by_reason"
COMPLIANCE = "postmaster.compliance"

RATES = (
    SPAM_RATE,
    "postmaster.spf_pass_rate",
    "postmaster.dkim_pass_rate",
    "postmaster.dmarc_pass_rate",
    "postmaster.tls_rate",
    "postmaster.delivery_error_rate",
    "postmaster.rejection_rate",
    "postmaster.temporary_failure_rate",
)
STATISTICS = (*RATES, REJECTIONS_BY_REASON, TEMPORARY_FAILURES_BY_REASON)
ALL = (*STATISTICS, COMPLIANCE, REPUTATION)
