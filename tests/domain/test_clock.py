"""The clock of a case against one that looks at every minute."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.workflows.calendar import calendar
from portal.domain.workflows.clock import Clock, Happened, Promise, Terms, fold
from tests.domain.test_service_clock import HOURS, MINUTE, at, counts, hours, places

H = Happened
WEEK = calendar(HOURS, "Asia/Jakarta", "2026-11-24=")
TERMS = Terms(WEEK, first=hours(2), next=hours(1), done=hours(10))
MONDAY, WEDNESDAY = "2026-11-23 ", "2026-11-25 "


@dataclass
class Counter:
    """The same by counting: each promise has minutes that are used up while it runs."""

    terms: Terms
    first: timedelta | None = None
    next: timedelta | None = None
    done: timedelta | None = None
    answered: bool = False
    paused: bool = False
    finished: bool = False
    stood: timedelta = timedelta()

    def happen(self, what: Happened) -> None:
        match what:
            case H.SENT:
                self.first, self.done = self.terms.first, self.terms.done
            case H.PAUSED:
                self.paused = self.paused or not self.finished
            case H.RESUMED:
                self.paused = False
            case H.ANSWERED:
                self.answered, self.next = True, None
            case H.ASKED:
                if self.answered and self.next is None and not self.finished:
                    self.next = self.terms.next
            case H.FINISHED:
                self.paused, self.finished, self.next = False, True, None
            case H.REOPENED if self.finished:
                self.finished, self.done = False, self.terms.done
                self.first = self.first if self.answered else self.terms.first

    def minute(self, moment: datetime) -> None:
        if not counts(self.terms.calendar, moment):
            return
        if self.paused:
            self.stood += MINUTE
        if not self.finished:
            self.next = self.next and self.next - MINUTE
            if not self.paused:
                self.done = self.done and self.done - MINUTE
                self.first = self.first and (self.first if self.answered else self.first - MINUTE)


AFTER_SENDING = st.sampled_from([what for what in Happened if what is not H.SENT])
STORIES = st.lists(st.tuples(AFTER_SENDING, st.integers(0, 900)), max_size=8)


@given(places(), STORIES, st.integers(0, 900), st.lists(st.integers(1, 40), min_size=3, max_size=3))
def test_what_is_left_is_what_counting_leaves(
    place: tuple, story: list[tuple[Happened, int]], rest: int, spans: list[int]
) -> None:
    week, now = place
    terms = Terms(week, *(hours(span) for span in spans))
    counter, clock = Counter(terms), Clock()
    for what, minutes in [(H.SENT, 0), *story]:
        for _minute in range(minutes):
            counter.minute(now)
            now += MINUTE
        counter.happen(what)
        clock = clock.after(what, now, terms)
    for _minute in range(rest):
        counter.minute(now)
        now += MINUTE
    assert (
        clock.next is None if counter.next is None else _left(clock, Promise.NEXT, now, counter.next, terms)
    )
    if not counter.finished:
        assert _left(clock, Promise.DONE, now, counter.done, terms)
        assert counter.answered or _left(clock, Promise.FIRST, now, counter.first, terms)
    since = clock.paused_since
    assert clock.paused + (week.between(since, now) if since else timedelta()) == counter.stood


def _left(clock: Clock, promise: Promise, now: datetime, counted: timedelta | None, terms: Terms) -> bool:
    """Once the time is over it is only known that it is over: a count by minutes stops at nothing."""
    left = clock.left(promise, now, terms.calendar)
    assert left is not None and counted is not None
    return left == counted if counted > timedelta() else left <= timedelta()


def told(*happened: tuple[Happened, str]) -> Clock:
    return fold([(what, at(moment)) for what, moment in happened], TERMS)


def test_a_case_from_its_first_word_to_its_last() -> None:
    sent = told((H.SENT, MONDAY + "09:00"))
    assert (sent.first, sent.next, sent.done) == (at(MONDAY + "11:00"), None, at(WEDNESDAY + "12:00"))
    asked = sent.after(H.ANSWERED, at(MONDAY + "10:00"), TERMS).after(H.PAUSED, at(MONDAY + "10:00"), TERMS)
    assert asked.left(Promise.DONE, at(WEDNESDAY + "16:00"), WEEK) == hours(9)
    assert asked.running() == {}
    back = asked.after(H.RESUMED, at(MONDAY + "16:00"), TERMS).after(H.ASKED, at(MONDAY + "16:00"), TERMS)
    assert back.paused == hours(5), "lunch does not count"
    assert back.running() == {Promise.NEXT: at(MONDAY + "17:00"), Promise.DONE: at("2026-11-26 10:00")}
    over = back.after(H.FINISHED, at(WEDNESDAY + "09:00"), TERMS)
    assert over.running() == {} and over.done == at("2026-11-26 10:00"), "what was promised is still known"


def test_who_writes_while_a_supplier_is_awaited_is_answered() -> None:
    clock = told((H.SENT, MONDAY + "09:00"), (H.ANSWERED, MONDAY + "09:30"), (H.PAUSED, MONDAY + "09:30"))
    assert clock.after(H.ASKED, at(MONDAY + "10:00"), TERMS).running() == {Promise.NEXT: at(MONDAY + "11:00")}


def test_a_second_message_does_not_put_the_answer_off() -> None:
    clock = told(
        (H.SENT, MONDAY + "09:00"), (H.ANSWERED, MONDAY + "09:30"), (H.ASKED, MONDAY + "10:00"),
        (H.ASKED, MONDAY + "10:50"),
    )  # fmt: skip
    assert clock.next == at(MONDAY + "11:00")


def test_what_was_late_when_a_pause_began_stays_late() -> None:
    clock = told((H.SENT, MONDAY + "09:00"), (H.PAUSED, "2026-11-26 09:00"), (H.RESUMED, "2026-11-30 09:00"))
    assert clock.done == at(WEDNESDAY + "12:00")


def test_warnings_come_when_a_quarter_is_left_and_only_for_what_runs() -> None:
    clock = told((H.SENT, MONDAY + "09:00"))
    assert sorted(clock.alarms(TERMS)) == [
        (at(MONDAY + "10:30"), Promise.FIRST, False),
        (at(MONDAY + "11:00"), Promise.FIRST, True),
        (at(WEDNESDAY + "09:30"), Promise.DONE, False),
        (at(WEDNESDAY + "12:00"), Promise.DONE, True),
    ]
    assert not list(clock.after(H.PAUSED, at(MONDAY + "09:10"), TERMS).alarms(TERMS))
