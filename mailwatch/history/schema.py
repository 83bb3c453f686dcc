"""The tables of a history, and the steps that bring an older one up to date.

A step that has been released is never changed: a new version is a new step at the end. The days are
what grows: a thousand subjects with twenty figures are seven million a year. Their table has
nothing but numbers, in the order of its key, and no second index. A run's other figures are kept
as JSON, since nothing is searched for in them.
"""

STEPS: tuple[str, ...] = (
    """
    CREATE TABLE settings (
        id {big} PRIMARY KEY, body TEXT NOT NULL);
    CREATE TABLE runs (
        id {big} PRIMARY KEY, moment TEXT NOT NULL, generated_at TEXT NOT NULL, as_of TEXT,
        verdict TEXT NOT NULL, exit_code {big} NOT NULL, sources TEXT NOT NULL,
        settings {big} NOT NULL);
    CREATE TABLE series (
        id {big} PRIMARY KEY, check_id TEXT NOT NULL, subject TEXT NOT NULL,
        UNIQUE (check_id, subject));
    CREATE TABLE days (
        series {big} NOT NULL, day {big} NOT NULL, value {real}, word TEXT,
        numerator {big}, denominator {big}, PRIMARY KEY (series, day)){tail};
    CREATE TABLE findings (
        run {big} NOT NULL, place {big} NOT NULL, series {big} NOT NULL, level TEXT NOT NULL,
        body TEXT NOT NULL, PRIMARY KEY (run, place)){tail};
    CREATE TABLE standings (
        series {big} PRIMARY KEY, level TEXT NOT NULL, since TEXT NOT NULL, opened TEXT,
        unknown_since TEXT);
    CREATE TABLE records (
        name TEXT NOT NULL, rdtype TEXT NOT NULL, first_run {big} NOT NULL,
        last_run {big} NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL,
        body TEXT NOT NULL, PRIMARY KEY (name, rdtype, first_run)){tail};
    """,
    """
    CREATE TABLE event_counts (
        hour {big} NOT NULL, subuser TEXT NOT NULL, domain TEXT NOT NULL, event TEXT NOT NULL,
        n {big} NOT NULL, PRIMARY KEY (hour, subuser, domain, event)){tail};
    CREATE TABLE event_ids (
        hour {big} NOT NULL, id {big} NOT NULL, PRIMARY KEY (hour, id)){tail};
    """,
    """
    CREATE TABLE keepsakes (
        place TEXT NOT NULL, id {big} NOT NULL, day {big} NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (place, id)){tail};
    """,
)
"""Statements. `{big}` is an integer of 64 bits, `{real}` a number of 64 bits, `{tail}` what makes
the key the order of the table where the database knows that."""


def statements(step: str, *, sqlite: bool) -> list[str]:
    """The statements of `step` in the words of SQLite or of PostgreSQL."""
    words = (
        {"big": "INTEGER", "real": "REAL", "tail": " WITHOUT ROWID"}
        if sqlite
        else {"big": "BIGINT", "real": "DOUBLE PRECISION", "tail": ""}
    )
    return [text.strip() for text in step.format(**words).split(";") if text.strip()]
