"""What machines are told when something is wrong: problem details (RFC 9457)."""

import json
from typing import Any

from flask import Response, g, request

from portal.kernel.text import Message, _
from portal.web import words
from portal.web.printed import public_address

PLACES = ("/api/", "/hooks/")
KIND = "application/problem+json"

# (title, what to do) for each status
PROBLEMS: dict[int, tuple[Message, Message]] = {
    400: (_("Not understood"), _("The body is not the JSON that is expected here.")),
    401: (
        _("No valid token"),
        _("Send the header “Authorization: Bearer …” with a token that the shop has made and not revoked."),
    ),
    403: (_("The token does not reach this far"), _("Ask the shop for a token that is made for this.")),
    404: (_("Not found"), _("Nothing is at this address, or it is not for this token.")),
    405: (_("Wrong method"), _("The header “Allow” names the methods of this address.")),
    409: (
        _("In conflict"),
        _("Something else has changed it meanwhile. Ask how it stands, then send again."),
    ),
    410: (_("No longer there"), _("The shop has ended this link. Ask it for a new one.")),
    413: (_("Too large"), _("A body may hold 5 MB. Send the rest in further requests.")),
    415: (_("Wrong content type"), _("Send the header “Content-Type: application/json”.")),
    422: (_("Not accepted"), _("Correct what “errors” names, then send it again.")),
    429: (_("Too many tries"), _("Wait as long as the header “Retry-After” says.")),
    500: (
        _("Out of order"),
        _("Something went wrong on our side. Nothing was changed; send it again later."),
    ),
    503: (_("Busy"), _("Nothing was changed. Send it again in a moment; the same key keeps it harmless.")),
    507: (_("Full"), _("There is no room to store this. Please tell the shop.")),
}


class Problem(Exception):
    """A request that cannot be used as it is: the status of the answer, a sentence, where in the body."""

    def __init__(self, status: int, message: Message, pointer: str | None = None):
        super().__init__(message.id)
        self.status, self.message, self.pointer = status, message, pointer


def wanted() -> bool:
    """Whether a machine asks: nothing at these addresses is for people."""
    return request.path.startswith(PLACES)


def speak() -> None:
    """English, unless the request asks for Indonesian; the cookie is not looked at."""
    g.language = request.accept_languages.best_match(("en", "id"), "en")


def body(
    status: int, detail: Message | str | None = None, errors: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """The problem as JSON holds it; `errors` are (pointer, detail) of what is wrong inside the body."""
    title, hint = PROBLEMS.get(status, PROBLEMS[500])
    found: dict[str, Any] = {
        "type": public_address(f"/api#problem-{status}"),
        "title": words.translate(title),
        "status": status,
        "detail": words.translate(detail or hint),
    }
    return found | ({"errors": errors} if errors else {})


def answer(
    status: int, detail: Message | str | None = None, errors: list[dict[str, str]] | None = None
) -> Response:
    """The problem as an answer; it names the request, as the log does."""
    said = body(status, detail, errors) | {"instance": f"urn:purna:request:{g.get('request_id', '')}"}
    return Response(json.dumps(said, ensure_ascii=False), status, content_type=KIND)


def told(problem: Problem) -> Response:
    """The answer to a request that cannot be used."""
    where = problem.pointer
    errors = None if where is None else [{"pointer": where, "detail": words.translate(problem.message)}]
    return answer(problem.status, problem.message, errors)
