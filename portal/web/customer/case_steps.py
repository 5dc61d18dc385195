"""The usual steps of each kind of case, as the customer sees them."""

from dataclasses import dataclass

from portal.domain.workflows.engine import Category, State
from portal.domain.workflows.vocabulary import S
from portal.kernel.text import Message, _

Steps = tuple[tuple[Message, tuple[str, ...]], ...]

_SENT = (_("Sent"), (S.DRAFT,))
_DECISION = (_("Decision"), (S.DECIDED, S.GOING_BACK))
_DONE: tuple[Message, tuple[str, ...]] = (_("Finished"), ())
_OUT = (S.READY, S.SHIPPED)
_WORK = (S.FULFILLING, S.WAITING_APPROVAL, S.WAITING_SUPPLIER)
# The name of a step and the states in it; a state that no step names is the second step: the shop looks.
STEPS: dict[str, Steps] = {
    "warranty": (_SENT, (_("Review"), ()), _DECISION, (_("Work"), (*_WORK, *_OUT)), _DONE),
    "return": (
        _SENT, (_("Review"), ()), (_("Goods back"), (S.WAITING_ITEM, S.RECEIVED)),
        (_("Money or exchange"), (*_WORK, *_OUT)), _DONE,
    ),
    "damage": (
        _SENT, (_("Review"), ()), (_("Courier"), (S.WAITING_COURIER,)), (_("Put right"), (*_WORK, *_OUT)),
        _DONE,
    ),
    "question": (_SENT, (_("The answer"), ()), (_("Did it help?"), (S.SOLVED,)), _DONE),
    "quality": (_SENT, (_("Review"), ()), (_("Put right"), (*_WORK, *_OUT)), _DONE),
    "service": (
        _SENT, (_("Review"), ()), (_("At the shop"), (S.WAITING_ITEM, S.RECEIVED, S.BOOKED)),
        (_("Work"), _WORK), (_("Hand-over"), _OUT), _DONE,
    ),
    "part": (_SENT, (_("Review"), ()), (_("Ordered"), _WORK), (_("Hand-over"), _OUT), _DONE),
    "privacy": (_SENT, (_("Review"), ()), _DONE),
}  # fmt: skip
_REFUSED: Steps = (
    _SENT, (_("Review"), ()), (_("Decision"), (S.DECIDED, S.GOING_BACK, *_OUT)), _DONE,
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One of the usual steps of a case; `how` is done, now or later."""

    name: Message
    how: str


def steps(kind: str, name: str, state: State, *, refused: bool) -> list[Step]:
    """Where a case stands of the usual steps; a rejection leaves out the work, a withdrawal everything."""
    if name in (S.CANCELLED, S.MERGED):
        return []
    usual = _REFUSED if refused else STEPS[kind]
    if state.category == Category.RESOLVED:
        at = len(usual)
    else:
        at = next((n for n, (_name, states) in enumerate(usual) if name in states), 1)
    return [
        Step(said, "done" if n < at else "now" if n == at else "later") for n, (said, _s) in enumerate(usual)
    ]
