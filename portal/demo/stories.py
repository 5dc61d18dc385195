"""Eighty claims, each led by the domain's own actions to the state its author gave it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from portal.demo import clocks, files
from portal.demo.acts import Acts, Step
from portal.domain import reactions
from portal.domain.cases import actions as cases
from portal.domain.cases import watch
from portal.domain.claims import actions as claims
from portal.domain.repairs.rules import S as Work
from portal.domain.shipments.rules import Direction
from portal.domain.workflows.calendar import calendar
from portal.domain.workflows.vocabulary import E

AT_HOME = {"TV-43U7", "FR-2P240", "WM-8T", "AC-09K", "WH-15", "SF-3L", "WR-3P", "MT-160", "DT-6J", "BD-160"}
AFTER_DECISION = {"fulfilling", "ready", "shipped", "closed", "reopened"}
SOON = 3  # steps that follow within the day: somebody takes the case and answers
LONGEST = timedelta(days=11)  # from filing to the end, where the case is over


class Story(Acts):
    """One case on its way: the steps that lead to its state."""

    def run(self, filed: datetime, now: datetime) -> None:
        """Take every step, the first at `filed`, the last shortly before `now`."""
        state = self.told["state"]
        self.file(filed)
        reactions.settle(filed)
        if state == "draft":
            return
        first, again = list(self.steps(state)), list(self.again(state))
        over = state in ("closed", "cancelled", "reopened", "decided_rejected")
        end = min(filed + LONGEST, now) if over else now
        in_time = (self.told["sku"], state) not in clocks.BEHIND
        self.take(first, filed, end if not again else end - timedelta(days=1), in_time=in_time and not over)
        self.take(again, now - timedelta(days=2), now, in_time=in_time)

    def take(self, steps: list[Step], begin: datetime, end: datetime, *, in_time: bool) -> None:
        """Early steps follow each other faster than later ones, and the shop works while it is open."""
        draw, outlet, last = files.chance(f"steps {self.number}"), self.unit.outlet, begin
        open_hours = calendar(outlet.hours, outlet.timezone)
        for n, step in enumerate(steps, 1):
            at = begin + (end - begin) * (n / (len(steps) + 0.4)) ** 1.6
            if n <= SOON and n < len(steps):
                at = min(at, open_hours.after(begin, n * timedelta(minutes=50)))
            at = open_hours.after(at, timedelta(minutes=draw.randint(4, 90)))
            if in_time:
                spell = timedelta(minutes=draw.randint(25, 100))
                at = clocks.in_time(outlet, at, end, spell * (len(steps) - n + 1))
            last = at = min(max(at, last + timedelta(minutes=2)), end)
            watch.ring(at)
            step(at)
            reactions.settle(at)

    def steps(self, state: str) -> Iterator[Step]:
        """What happens after filing, up to the state; for a reopened case up to its first end."""
        thread = [] if state == "reopened" else list(self.told["thread"])
        last_words: list[dict[str, str]] = []
        if state == "closed" and self.told["outcome"] != "refund":
            while thread and thread[-1]["from"] == "customer":
                last_words.insert(0, thread.pop())
        if thread or state not in ("submitted", "cancelled"):
            yield lambda at: cases.assign(self.agent, self.case, self.assignee.id, self.assignee.name, at)
        later = []  # said once the item is there
        if state == "received" or (state == "inspecting" and self.told["sku"] not in AT_HOME):
            later, thread = thread, []
        if state == "ready" and self.told["outcome"] == "repair" and len(thread) == 1:
            later, thread = thread, []
        request = state == "waiting_item" and thread and thread[-1]["from"] == "agent"
        invitation = thread.pop()["text"] if request else ""
        yield from self.talk(thread, ask_last=state == "waiting_customer")
        yield from self.look_into(state, invitation, later)
        if state == "decided_rejected" or state == "appealed":
            yield self.reject
        if state == "appealed":
            yield lambda at: claims.appeal(self.customer, self.case, self.told["appeal"], photos=(), now=at)
        if state in AFTER_DECISION:
            yield self.decide
            yield from self.fulfil(state, last_words)
            yield from self.talk(later, ask_last=False)
        if state == "cancelled":
            yield lambda at: cases.move(self.customer, self.case, E.CANCEL, at)

    def again(self, state: str) -> Iterator[Step]:
        if state == "reopened":
            yield lambda at: cases.move(self.customer, self.case, E.REOPEN, at, body=self.told["story"])
            yield from self.talk(self.told["thread"], ask_last=False)

    def talk(self, thread: list[dict[str, str]], *, ask_last: bool) -> Iterator[Step]:
        """The thread; a message of the shop that the customer answers is a question."""
        for n, said in enumerate(thread):
            following = next((s["from"] for s in thread[n + 1 :] if s["from"] != "internal"), None)
            yield self.utter(said, asks=following == "customer" or (ask_last and following is None))

    def look_into(self, state: str, invitation: str, later: list[dict[str, str]]) -> Iterator[Step]:
        """How the shop gets to see the item, as far as the state needs it."""
        inspected = bool(self.told["finding"]) and state not in AFTER_DECISION | {"inspecting"}
        at_home = self.told["sku"] in AT_HOME
        taken_in = state in ("received", "inspecting") or (inspected and not at_home)
        sent = taken_in and not at_home and self.number % 2
        if state == "waiting_item" or sent:
            yield lambda at: cases.move(self.agent, self.case, E.REQUEST_ITEM, at, body=invitation)
        if sent:
            yield from self.ship(
                Direction.TO_SHOP, "SiCepat" if self.number % 4 == 1 else "JNE", delivered=True
            )
        elif taken_in:
            yield lambda at: cases.move(self.agent, self.case, E.RECEIVE, at)
        elif state not in ("submitted", "waiting_customer", "waiting_item", "cancelled"):
            yield lambda at: cases.move(self.agent, self.case, E.REVIEW, at)
        if taken_in:
            yield from self.talk(later, ask_last=False)
        if state == "inspecting" or (inspected and taken_in):
            yield lambda at: cases.move(self.technician, self.case, E.INSPECT, at)
        if state == "inspecting" or inspected:
            yield lambda at: cases.say(self.technician, self.case, self.told["finding"], at, internal=True)

    def fulfil(self, state: str, last_words: list[dict[str, str]]) -> Iterator[Step]:
        """From the decision to the state: the workshop, the shelf, the courier."""
        repair = self.told["outcome"] == "repair"
        if repair:
            yield lambda at: self.look_at(at, at_home=self.told["sku"] in AT_HOME)
            yield self.begin_repair
        if state == "fulfilling":
            return
        if repair:
            yield self.work(Work.DONE, self.told["finding"], photo=True)
        elif state == "ready":
            yield lambda at: cases.move(self.agent, self.case, E.READY, at)
        if state == "shipped":
            yield from self.ship(
                Direction.TO_CUSTOMER, "SiCepat" if self.number % 2 else "JNE", delivered=False
            )
        for said in last_words:
            yield self.utter(said, asks=False)
        if state in ("closed", "reopened"):
            if repair:
                yield self.work(Work.HANDED_OVER)
            else:
                yield lambda at: claims.settle(self.manager, self.case, at)
