"""What SendGrid's own description of its API says, as a judge of requests and answers.

`sendgrid_api.json` has the operations, `sendgrid_api_exceptions.json` where the real API is known
to differ, each with the reason.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from mailwatch.demo.wire.exchange import Request

HERE = Path(__file__).parent
OPERATIONS: Mapping[str, Any] = json.loads((HERE / "sendgrid_api.json").read_text())["operations"]
EXCEPTIONS = json.loads((HERE / "sendgrid_api_exceptions.json").read_text())
REPEATED = EXCEPTIONS["repeated_parameters"]["names"]
MOST_REPEATED = 10


@cache
def _patterns() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Name, method and pattern of each path; the paths without variables first."""
    names = [*OPERATIONS, *EXCEPTIONS["other_paths"]]
    rows = []
    for name in sorted(names, key=lambda name: name.count("{")):
        method, _, path = name.partition(" ")
        pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path))
        rows.append((name, method, re.compile(pattern)))
    return tuple(rows)


def operation_of(request: Request) -> str | None:
    """The operation that this request asks for; None where there is none."""
    return next(
        (
            name
            for name, method, pattern in _patterns()
            if method == request.method and pattern.fullmatch(request.path)
        ),
        None,
    )


def described(name: str) -> Any:
    """The description of an operation, or of the one that it is like."""
    other = EXCEPTIONS["other_paths"].get(name)
    return OPERATIONS[other["like"] if other else name]


def faults_of_request(request: Request) -> Iterator[str]:
    """What the description does not allow about a request."""
    name = operation_of(request)
    if name is None:
        yield f"unknown: {request.method} {request.path}"
        return
    parameters = {(p["in"], p["name"].lower()): p for p in described(name)["parameters"]}
    given: dict[str, list[str]] = {}
    for key, value in request.query:
        given.setdefault(key, []).append(value)
    for key, values in given.items():
        parameter = parameters.get(("query", key))
        if parameter is None:
            yield f"{name}: unknown parameter {key}"
            continue
        if len(values) > (MOST_REPEATED if key in REPEATED else 1):
            yield f"{name}: {key} is given {len(values)} times"
        for value in values:
            yield from (f"{name}: {key}: {what}" for what in _wrong(parameter["schema"], value))
    for (place, key), parameter in parameters.items():
        there = given if place == "query" else request.headers
        if place != "path" and parameter.get("required") and key not in there:
            yield f"{name}: {place} parameter {key} is missing"
    if "on-behalf-of" in request.headers and ("header", "on-behalf-of") not in parameters:
        yield f"{name}: on-behalf-of is not for this operation"


def _wrong(schema: Any, text: str) -> Iterator[str]:
    value: object = text
    if schema.get("type") in ("integer", "number") and re.fullmatch(r"-?\d+", text):
        value = int(text)
    if schema.get("type") == "boolean" and text in ("true", "false"):
        value = text == "true"
    for error in Draft202012Validator(schema).iter_errors(value):
        yield error.message


def faults_of_answer(name: str, body: Any) -> Iterator[str]:
    """What the description does not allow about the body of a 200."""
    loose = EXCEPTIONS["fields_that_may_differ"].get(name, {}).get("at")
    schema = _strict(described(name)["answer"], loose)
    for error in Draft202012Validator(schema).iter_errors(body):
        yield f"{name}: {error.json_path}: {error.message[:200]}"


def _strict(schema: Any, loose: str | None, at: str = "") -> Any:
    """`schema` in JSON Schema's own words, without fields that it does not name; the object at the
    key `loose` may have any."""
    if not isinstance(schema, dict):
        return schema
    strict = {key: value for key, value in schema.items() if key not in ("nullable", "format")}
    if schema.get("nullable"):
        strict["type"] = [schema["type"], "null"]
    if "items" in schema:
        strict["items"] = _strict(schema["items"], loose, at)
    if "properties" in schema:
        parts = schema["properties"].items()
        strict["properties"] = {key: _strict(part, loose, key) for key, part in parts}
        strict["additionalProperties"] = at == loose and bool(at)
        if at == loose and at:
            strict.pop("required", None)
    return strict
