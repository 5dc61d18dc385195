"""The clock of a case: when the shop owes its first answer, its next one and the end; a pause stops it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum, auto
from functools import reduce

from portal.domain.workflows.calendar import ZERO, Calendar

WARNING = 4  # a fourth of the time is left when somebody is warned
# So much service time before a time that is set outside the shop: usually the day before, and its morning.
REMINDERS = (timedelta(hours=16), timedelta(hours=8))


class Happened(StrEnum):
    """What a clock goes by."""

    SENT = auto()
    PAUSED = auto()  # somebody outside the shop has to act
    RESUMED = auto()
    ANSWERED = auto()  # the shop wrote to the customer
    ASKED = auto()  # the customer wrote to the shop
    FINISHED = auto()
    REOPENED = auto()


class Promise(StrEnum):
    """What the shop owes by a moment: to the customer, or to somebody outside who takes it no longer then."""

    FIRST = auto()
    NEXT = auto()
    DONE = auto()
    OUTSIDE = auto()


@dataclass(frozen=True)
class Terms:
    """When a clock runs, and how much of that time each promise has."""

    calendar: Calendar
    first: timedelta
    next: timedelta
    done: timedelta


@dataclass(frozen=True)
class Clock:
    """How a case stands. `paused` is the service time of all pauses that are over.

    A pause stops the first answer and the end. It does not stop the next answer: whoever writes while a
    supplier is awaited is answered all the same. Nor does it stop what others have set, such as the last day
    on which a courier takes a claim: `outside`.
    """

    first: datetime | None = None
    next: datetime | None = None
    done: datetime | None = None
    outside: datetime | None = None
    answered: datetime | None = None
    paused_since: datetime | None = None
    paused: timedelta = ZERO
    finished: datetime | None = None

    def after(self, what: Happened, at: datetime, terms: Terms) -> "Clock":
        """The clock once something more has happened, at `at` or later than all before."""
        add = terms.calendar.after
        match what:
            case Happened.SENT:
                return Clock(first=add(at, terms.first), done=add(at, terms.done))
            case Happened.PAUSED if not self.paused_since and not self.finished:
                return replace(self, paused_since=at)
            case Happened.RESUMED:
                return self._resumed(at, terms)
            case Happened.ANSWERED:
                return replace(self, answered=self.answered or at, next=None)
            case Happened.ASKED if self.answered and not self.next and not self.finished:
                return replace(self, next=add(at, terms.next))
            case Happened.FINISHED if not self.finished:
                return replace(self._resumed(at, terms), finished=at, next=None)
            case Happened.REOPENED if self.finished:
                first = self.first if self.answered else add(at, terms.first)
                return replace(self, finished=None, first=first, done=add(at, terms.done))
        return self

    def sooner(self, other: "Clock") -> "Clock":
        """The same with whichever promise of the two is the earlier one."""
        first, next_, done = (
            min((due for due in dues if due), default=None)
            for dues in ((self.first, other.first), (self.next, other.next), (self.done, other.done))
        )
        return replace(self, first=first, next=self.next and next_, done=done)

    def running(self) -> dict[Promise, datetime]:
        """What is owed now and by when; nothing of what stands still."""
        if self.finished:
            return {}
        owed = {
            Promise.FIRST: None if self.answered or self.paused_since else self.first,
            Promise.NEXT: self.next,
            Promise.DONE: None if self.paused_since else self.done,
            Promise.OUTSIDE: self.outside,
        }
        return {promise: due for promise, due in owed.items() if due}

    def left(self, promise: Promise, now: datetime, calendar: Calendar) -> timedelta | None:
        """How much service time is left; negative when it is over, None when nothing was promised."""
        due = {Promise.FIRST: self.first, Promise.NEXT: self.next, Promise.DONE: self.done}[promise]
        if due is None:
            return None
        if self.paused_since and promise is not Promise.NEXT:
            now = self.paused_since
        return calendar.between(now, due) if now <= due else -calendar.between(due, now)

    def alarms(self, terms: Terms) -> Iterator[tuple[datetime, Promise, bool]]:
        """(when, what, whether the time is over then): the warnings and the end of what is running."""
        spans = {Promise.FIRST: terms.first, Promise.NEXT: terms.next, Promise.DONE: terms.done}
        for promise, due in self.running().items():
            for ahead in (spans[promise] / WARNING,) if promise in spans else REMINDERS:
                yield terms.calendar.before(due, ahead), promise, False
            yield due, promise, True

    def _resumed(self, at: datetime, terms: Terms) -> "Clock":
        """As much service time is left as was left when the pause began; what was over by then stays over."""
        since = self.paused_since
        if since is None:
            return self
        calendar = terms.calendar

        def later(due: datetime | None) -> datetime | None:
            return due if due is None or due <= since else calendar.after(at, calendar.between(since, due))

        return replace(
            self,
            first=self.first if self.answered else later(self.first),
            done=later(self.done),
            paused_since=None,
            paused=self.paused + calendar.between(since, at),
        )


def fold(happened: Iterable[tuple[Happened, datetime]], terms: Terms) -> Clock:
    """The clock after all of this, in order of time."""
    return reduce(lambda clock, one: clock.after(*one, terms), happened, Clock())
