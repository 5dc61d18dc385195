"""How sales come in from outside: the states of an upload, the scopes of a token, what became of a sale."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto

from portal.kernel.errors import Refused


class Fate(StrEnum):
    """What became of a sale that came in, or would become of it."""

    CREATED = auto()
    CHANGED = auto()
    SAME = auto()
    REFUSED = auto()


@dataclass(frozen=True)
class Brought:
    """What `writer.bring` answers for one sale; `code` and `purchase_id` are those of its receipt."""

    fate: Fate
    purchase_id: int | None = None
    code: str = ""
    problem: Refused | None = None


class Stage(StrEnum):
    """Where an uploaded file stands."""

    READING = auto()  # the worker looks at its head
    MATCHING = auto()  # a person confirms which column is which
    CHECKING = auto()  # the worker reads all of it and writes nothing
    CHECKED = auto()  # a person sees what would happen
    RUNNING = auto()
    DONE = auto()
    CANCELLED = auto()
    FAILED = auto()  # the file cannot be read at all; `problem` says why


AT_WORK = (Stage.READING, Stage.CHECKING, Stage.RUNNING)
ENDED = (Stage.DONE, Stage.CANCELLED, Stage.FAILED)
LEASE = timedelta(seconds=15)  # renewed with each step; a worker that died is followed by another after it
KEPT = timedelta(days=30)  # how long an uploaded file and its refused rows can be fetched


class HookState(StrEnum):
    """What was done with an event that a till sent."""

    APPLIED = auto()
    KEPT = auto()  # of a kind that changes nothing here
    WAITING = auto()  # its order has to be fetched from the till first
    FAILED = auto()  # `problem` says why; a later event of the same order tries again
