"""A request that SendGrid answers with an error."""


class SendGridRefusal(Exception):  # noqa: N818 (an answer, not a defect)
    """A request that is answered with an error."""

    def __init__(self, status: int, message: str, field: str | None = None) -> None:
        """Takes the parts of the answer."""
        super().__init__(message)
        self.status, self.field = status, field
