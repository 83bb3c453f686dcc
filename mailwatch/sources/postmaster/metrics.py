"""The names of what is measured."""

SPAM_RATE = "postmaster.spam_rate"
REPUTATION = "postmaster.reputation"
REJECTIONS_BY_REASON = "postmaster.rejections_by_reason"
TEMPORARY_FAILURES_BY_REASON = "postmaster.temporary_failures_by_reason"
COMPLIANCE = "postmaster.compliance"
DELIVERABILITY = "postmaster.deliverability"
REPUTATION_REJECTIONS = "postmaster.reputation_rejections"
TRAFFIC_PATTERN_RISE = "postmaster.traffic_pattern_rise"
LOOP_SPAM_RATE = "postmaster.loop_spam_rate"
IP_REPUTATION = "postmaster.ip_reputation"

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
EXPECTED = (*STATISTICS, COMPLIANCE, REPUTATION)
"""What every domain has. The others exist only where Google has something to say of them: they are
expected once its answer shows that."""
EARLY_SIGNS = (REPUTATION_REJECTIONS, TRAFFIC_PATTERN_RISE)
ALL = (*EXPECTED, DELIVERABILITY, *EARLY_SIGNS, LOOP_SPAM_RATE, IP_REPUTATION)
