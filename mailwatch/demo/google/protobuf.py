"""What Google's APIs have in common: error bodies, and the strict reading of JSON into protobuf."""

from collections.abc import Mapping
from typing import Any

from mailwatch.demo.wire.exchange import Json, Response

STATUSES: Mapping[str, tuple[int, int]] = {
    "INVALID_ARGUMENT": (400, 3),
    "NOT_FOUND": (404, 5),
    "PERMISSION_DENIED": (403, 7),
    "UNAUTHENTICATED": (401, 16),
}
"""Status → HTTP status and google.rpc.Code (google/rpc/code.proto)."""

HOST = "gmailpostmastertools.googleapis.com"
NO_PAGE = "<!DOCTYPE html><html><title>Error 404 (Not Found)!!1</title><p>That's an error.</html>"


class GoogleRefusal(Exception):  # noqa: N818 (an answer, not a defect)
    """A call that is answered with an error."""

    def __init__(
        self, status: str, message: str, details: tuple[Mapping[str, Any], ...] = ()
    ) -> None:
        """Takes the fields of the answer."""
        super().__init__(message)
        self.status, self.details = status, details

    def response(self) -> Response:
        """The answer of a call (google.aip.dev/193)."""
        http, _ = STATUSES[self.status]
        error: dict[str, Json] = {"code": http, "message": str(self), "status": self.status}
        if self.details:
            error["details"] = list(self.details)
        return Response(http, {"error": error})

    def rpc(self) -> Json:
        """The google.rpc.Status of one request in a batch."""
        return {"code": STATUSES[self.status][1], "message": str(self)}


def info(reason: str, **metadata: str) -> Mapping[str, Any]:
    """An ErrorInfo, the detail that names a reason (google/rpc/error_details.proto)."""
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": metadata,
    }


def invalid(field: str, description: str) -> GoogleRefusal:
    """INVALID_ARGUMENT with the field it is about."""
    detail = {
        "@type": "type.googleapis.com/google.rpc.BadRequest",
        "fieldViolations": [{"field": field, "description": description}],
    }
    return GoogleRefusal("INVALID_ARGUMENT", description, (detail,))


def message(value: Json, where: str, known: tuple[str, ...]) -> Mapping[str, Json]:
    """The value as an object that has no other keys than `known`."""
    if not isinstance(value, dict):
        raise invalid(where, f"Invalid value at '{where}': an object is expected")
    for key in value:
        if key not in known:
            problem = f"Invalid JSON payload received. Unknown name \"{key}\" at '{where}'"
            raise invalid(where, f"{problem}: Cannot find field.")
    return value


def items(value: Json, where: str) -> list[Json]:
    """The value as a list with something in it."""
    if not isinstance(value, list):
        raise invalid(where, f"Invalid value at '{where}': a list is expected")
    if not value:
        raise invalid(where, f"'{where}' is required")
    return value


def text(value: Json, where: str) -> str:
    """The value as a string with something in it."""
    if value is None or value == "":
        raise invalid(where, f"'{where}' is required")
    if not isinstance(value, str):
        raise invalid(where, f"Invalid value at '{where}' (TYPE_STRING)")
    return value


def whole(value: Json, where: str) -> int:
    """The value as an int32; 0 when it is absent."""
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 1 << 31:
        raise invalid(where, f"Invalid value at '{where}' (TYPE_INT32), {value}")
    return value


def page_size(value: int) -> int:
    """Rows a page: 10 when none is asked for, 200 when more are (Postmaster Tools API v2)."""
    if value < 0:
        raise invalid("pageSize", "pageSize must not be negative")
    return min(value or 10, 200)
