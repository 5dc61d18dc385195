"""The coverage verdict as it is kept with a claim."""

from datetime import date
from typing import Any

from portal.domain.claims.rules import Payment
from portal.domain.units.coverage import Answer, Standing, Verdict
from portal.kernel.text import Message

ASPECTS = ("parts", "labour", "transport")


def to_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "on": verdict.on.isoformat(),
        "component": verdict.component,
        **{name: _answer_to_json(getattr(verdict, name)) for name in ASPECTS},
    }


def from_json(kept: dict[str, Any]) -> Verdict:
    """The verdict again, without the standing of each layer."""
    return Verdict(
        date.fromisoformat(kept["on"]),
        kept["component"],
        _answer_from_json(kept["parts"]),
        _answer_from_json(kept["labour"]),
        _answer_from_json(kept["transport"]),
        (),
    )


def advised(verdict: Verdict) -> frozenset[Payment]:
    """The decisions that agree with a verdict; any other is an override and needs a reason."""
    if verdict.complete:
        return frozenset({Payment.FREE})
    if verdict.covered:
        return frozenset({Payment.PARTLY, Payment.FREE})
    return frozenset({Payment.PAID, Payment.REJECTED})


def _answer_to_json(answer: Answer) -> dict[str, Any]:
    values = {k: v.isoformat() if isinstance(v, date) else v for k, v in answer.why.values.items()}
    return {
        "covered": answer.covered,
        "standing": answer.standing,
        "until": answer.until and answer.until.isoformat(),
        "clause": answer.clause,
        "provider": answer.provider,
        "why": [answer.why.id, values],
    }


def _answer_from_json(kept: dict[str, Any]) -> Answer:
    sentence, values = kept["why"]
    dates = {k: date.fromisoformat(v) if k in ("until", "day") and v else v for k, v in values.items()}
    return Answer(
        kept["covered"],
        Standing(kept["standing"]) if kept["standing"] else None,
        date.fromisoformat(kept["until"]) if kept["until"] else None,
        kept["clause"],
        kept["provider"],
        Message(sentence, dates),
    )
