"""The states, events and words that kinds of cases share, and how a kind is put together from them."""

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import Any

from portal.domain.accounts.rules import Permission as P
from portal.domain.workflows.engine import Category, Kind, Move, Stage, State, Who
from portal.kernel.text import Message, _


class S(StrEnum):
    DRAFT = auto()
    SUBMITTED = auto()
    WAITING_CUSTOMER = auto()
    UNDER_REVIEW = auto()
    WAITING_ITEM = auto()
    RECEIVED = auto()
    INSPECTING = auto()
    DECIDED = auto()
    GOING_BACK = auto()
    APPEALED = auto()
    BOOKED = auto()
    SOLVED = auto()
    FULFILLING = auto()
    WAITING_APPROVAL = auto()
    WAITING_SUPPLIER = auto()
    WAITING_COURIER = auto()
    READY = auto()
    SHIPPED = auto()
    CLOSED = auto()
    CANCELLED = auto()
    REOPENED = auto()
    MERGED = auto()


class E(StrEnum):
    SUBMIT = auto()
    ASK = auto()
    ANSWER = auto()
    REVIEW = auto()
    REQUEST_ITEM = auto()
    RECEIVE = auto()
    INSPECT = auto()
    DECIDE = auto()
    APPROVE = auto()
    REFUSE = auto()
    FULFIL = auto()
    RECONSIDER = auto()
    APPEAL = auto()
    BOOK = auto()
    SOLVE = auto()
    CONFIRM = auto()
    QUOTE = auto()
    AGREE = auto()
    LAPSE = auto()
    ORDER = auto()
    ARRIVE = auto()
    CLAIM = auto()
    HEAR = auto()
    READY = auto()
    SHIP = auto()
    SETTLE = auto()
    HAND_OVER = auto()
    DELIVER = auto()
    CLOSE = auto()
    CANCEL = auto()
    REOPEN = auto()
    MERGE = auto()
    UNMERGE = auto()


STATES: dict[str, State] = {
    S.DRAFT: State(
        _("Draft"), _("Not sent yet"), Category.DRAFT, Stage.DRAFT, Who.CUSTOMER,
        _("The customer has not sent this yet."), _("Complete it and send it."), "quiet",
    ),
    S.SUBMITTED: State(
        _("New"), _("Sent"), Category.OPEN, Stage.NEW, Who.AGENT,
        _("Read it: ask, help, or decide."), _("The shop reads it and answers."), "moving", 8,
    ),
    S.WAITING_CUSTOMER: State(
        _("Waiting for customer"), _("Your answer is needed"), Category.PAUSED, Stage.CUSTOMER, Who.CUSTOMER,
        _("The customer has to answer."), _("Please answer the shop's question."), "waiting", days=7,
    ),
    S.UNDER_REVIEW: State(
        _("Under review"), _("Being looked at"), Category.OPEN, Stage.REVIEW, Who.AGENT,
        _("Decide, or ask for what is missing."), _("The shop looks into it and decides."), "moving", 16,
    ),
    S.WAITING_ITEM: State(
        _("Waiting for the item"), _("Bring or send the item"), Category.PAUSED, Stage.CUSTOMER, Who.CUSTOMER,
        _("The customer brings or sends the item."), _("Please bring or send the item to the shop."),
        "waiting", days=14,
    ),
    S.RECEIVED: State(
        _("Item received"), _("The shop has your item"), Category.OPEN, Stage.ITEM, Who.AGENT,
        _("Check what came and go on."), _("The shop checks what came."), "moving", 16,
    ),
    S.DECIDED: State(
        _("Decided"), _("Decided"), Category.OPEN, Stage.DECIDED, Who.AGENT,
        _("Close the case, unless the customer appeals."),
        _("Read the decision. You may appeal once; another person decides then."), "quiet", 56,
    ),
    S.APPEALED: State(
        _("Appealed"), _("Your appeal is being looked at"), Category.OPEN, Stage.NEW, Who.AGENT,
        _("Somebody who did not decide before decides on the appeal."),
        _("Another person at the shop decides on your appeal."), "waiting", 16,
    ),
    S.BOOKED: State(
        _("Appointment agreed"), _("Appointment agreed"), Category.OPEN, Stage.REVIEW, Who.AGENT,
        _("Call or visit the customer at the agreed time."), _("The shop calls or visits you as agreed."),
        "moving", 40,
    ),
    S.SOLVED: State(
        _("Answered"), _("Did it help?"), Category.PAUSED, Stage.CUSTOMER, Who.CUSTOMER,
        _("The customer says whether it helped."), _("Please tell the shop whether it helped."), "waiting",
        days=3,
    ),
    S.FULFILLING: State(
        _("In progress"), _("Being worked on"), Category.OPEN, Stage.WORK, Who.AGENT,
        _("Do what was decided, then mark it done."), _("The shop does what was decided."), "moving", 40,
    ),
    S.WAITING_APPROVAL: State(
        _("Waiting for approval"), _("Your approval is needed"), Category.PAUSED, Stage.CUSTOMER,
        Who.CUSTOMER, _("The customer answers the estimate."), _("Please look at the estimate and decide."),
        "waiting", days=7,
    ),
    S.WAITING_SUPPLIER: State(
        _("Waiting for the supplier"), _("Waiting for the supplier"), Category.PAUSED, Stage.WORK,
        Who.SUPPLIER, _("The supplier delivers, repairs or answers."),
        _("A part or your item is still with the supplier. The shop tells you when it is here."), "waiting",
        days=14,
    ),
    S.WAITING_COURIER: State(
        _("Waiting for the courier"), _("The courier checks the claim"), Category.PAUSED, Stage.WORK,
        Who.COURIER, _("The courier answers the claim."),
        _("The courier answers the shop's claim. The shop tells you the result."), "waiting", days=14,
    ),
    S.READY: State(
        _("Ready"), _("Ready to collect"), Category.OPEN, Stage.OUT, Who.CUSTOMER,
        _("The customer collects it; or send it."), _("Please collect it at the shop."), "good", 56,
    ),
    S.SHIPPED: State(
        _("On its way"), _("On its way to you"), Category.OPEN, Stage.OUT, Who.COURIER,
        _("Wait for the delivery."), _("The courier brings it to you."), "moving", 40,
    ),
    S.CLOSED: State(
        _("Closed"), _("Finished"), Category.RESOLVED, Stage.CLOSED, Who.NOBODY,
        _("Nothing is left to do."), _("Nothing is left to do. If it is wrong again, reopen this case."),
        "good",
    ),
    S.CANCELLED: State(
        _("Cancelled"), _("Withdrawn"), Category.RESOLVED, Stage.CLOSED, Who.NOBODY,
        _("Nothing is left to do."), _("This case was withdrawn."), "quiet",
    ),
    S.REOPENED: State(
        _("Reopened"), _("Opened again"), Category.OPEN, Stage.NEW, Who.AGENT,
        _("See what is still wrong: ask, help, or decide."), _("The shop looks at your case again."),
        "waiting", 8,
    ),
    S.MERGED: State(
        _("Merged"), _("Continued in another case"), Category.RESOLVED, Stage.CLOSED, Who.NOBODY,
        _("Everything goes on in the other case."), _("Everything goes on in the other case."), "quiet",
    ),
}  # fmt: skip

EVENTS: dict[str, Message] = {
    E.SUBMIT: _("Sent to the shop"),
    E.ASK: _("The shop asked a question"),
    E.ANSWER: _("Answer received"),
    E.REVIEW: _("The shop is looking at it"),
    E.REQUEST_ITEM: _("The shop asked for the item"),
    E.RECEIVE: _("The item arrived at the shop"),
    E.INSPECT: _("Inspection began"),
    E.DECIDE: _("Decided"),
    E.APPROVE: _("Approved"),
    E.REFUSE: _("Rejected"),
    E.FULFIL: _("Work on it began"),
    E.RECONSIDER: _("The decision is looked at again"),
    E.APPEAL: _("Appeal sent"),
    E.BOOK: _("Appointment agreed"),
    E.SOLVE: _("The shop answered"),
    E.CONFIRM: _("It helped"),
    E.QUOTE: _("The shop sent an estimate"),
    E.AGREE: _("The estimate was answered"),
    E.LAPSE: _("The estimate is no longer valid"),
    E.ORDER: _("The supplier is awaited"),
    E.ARRIVE: _("Arrived from the supplier"),
    E.CLAIM: _("Claim sent to the courier"),
    E.HEAR: _("The courier answered"),
    E.READY: _("Ready to collect"),
    E.SHIP: _("Handed to the courier"),
    E.SETTLE: _("Settled"),
    E.HAND_OVER: _("Collected"),
    E.DELIVER: _("Delivered"),
    E.CLOSE: _("Closed"),
    E.CANCEL: _("Withdrawn"),
    E.REOPEN: _("Opened again"),
    E.MERGE: _("Merged with another case"),
    E.UNMERGE: _("Separated again"),
}

TO_LOOK_AT = (S.SUBMITTED, S.UNDER_REVIEW, S.REOPENED)

USUAL: dict[tuple[str, str], Move] = {
    (S.DRAFT, E.SUBMIT): Move(S.SUBMITTED, P.CLAIM_FILE),
    **{(s, E.ASK): Move(S.WAITING_CUSTOMER, P.CASE_TRIAGE) for s in TO_LOOK_AT},
    (S.WAITING_CUSTOMER, E.ANSWER): Move(S.SUBMITTED, P.CASE_ANSWER, back=True),
    **{
        (s, E.REVIEW): Move(S.UNDER_REVIEW, P.CASE_TRIAGE)
        for s in (S.SUBMITTED, S.REOPENED, S.WAITING_CUSTOMER)
    },
    **{(s, E.CANCEL): Move(S.CANCELLED, P.CASE_WITHDRAW) for s in (*TO_LOOK_AT, S.WAITING_CUSTOMER)},
    **{(s, E.CLOSE): Move(S.CLOSED, P.CASE_TRIAGE) for s in (*TO_LOOK_AT, S.WAITING_CUSTOMER)},
    (S.CLOSED, E.REOPEN): Move(S.REOPENED, P.CASE_ANSWER),
}
# While a supplier has to deliver, or has the item, the work waits.
SUPPLIED: dict[tuple[str, str], Move] = {
    (S.FULFILLING, E.ORDER): Move(S.WAITING_SUPPLIER, P.WORK_MOVE),
    (S.WAITING_SUPPLIER, E.ARRIVE): Move(S.FULFILLING, P.WORK_MOVE),
}
# While a price is asked for, too.
QUOTING: dict[tuple[str, str], Move] = {
    **{
        (s, E.QUOTE): Move(S.WAITING_APPROVAL, P.ESTIMATE_SEND)
        for s in (S.FULFILLING, S.WAITING_SUPPLIER, S.READY)
    },
    (S.WAITING_APPROVAL, E.AGREE): Move(S.FULFILLING, P.ESTIMATE_ANSWER),
    (S.WAITING_APPROVAL, E.LAPSE): Move(S.FULFILLING, P.FLOW),
}
# The ways of handing something out, after FULFILLING.
HANDING_OUT: dict[tuple[str, str], Move] = {
    (S.FULFILLING, E.READY): Move(S.READY, P.SHIPMENT_RECORD),
    (S.FULFILLING, E.SHIP): Move(S.SHIPPED, P.SHIPMENT_RECORD),
    (S.FULFILLING, E.SETTLE): Move(S.CLOSED, P.CASE_DECIDE),
    (S.READY, E.FULFIL): Move(S.FULFILLING, P.FLOW),  # something was not right yet
    (S.READY, E.SHIP): Move(S.SHIPPED, P.SHIPMENT_RECORD),
    (S.READY, E.HAND_OVER): Move(S.CLOSED, P.SHIPMENT_RECORD),
    (S.SHIPPED, E.DELIVER): Move(S.CLOSED, P.SHIPMENT_RECORD),
}
# A rejection can be appealed once, also after it was closed.
REFUSING: dict[tuple[str, str], Move] = {
    **{(s, E.REFUSE): Move(S.DECIDED, P.CASE_DECIDE) for s in (*TO_LOOK_AT, S.APPEALED)},
    (S.DECIDED, E.APPEAL): Move(S.APPEALED, P.CASE_APPEAL),
    (S.CLOSED, E.APPEAL): Move(S.APPEALED, P.CASE_APPEAL),
    (S.DECIDED, E.CLOSE): Move(S.CLOSED, P.CASE_TRIAGE),
    (S.APPEALED, E.ASK): Move(S.WAITING_CUSTOMER, P.CASE_TRIAGE),
}


def build(
    name: str,
    moves: Mapping[tuple[str, str], Move],
    *,
    states: Mapping[str, State] | None = None,
    events: Mapping[str, Message] | None = None,
    **fields: Any,
) -> Kind:
    """A kind of case from its moves; states and events that it does not name have the shared words.

    Whatever is on the desk can be merged into another case, and separated again.
    """
    named: list[str] = [S.DRAFT, *(s for s, _e in moves), *(m.to for m in moves.values()), S.MERGED]
    table = {s: (states or {}).get(s) or STATES[s] for s in dict.fromkeys(named)}
    on_desk = [s for s, state in table.items() if state.category in (Category.OPEN, Category.PAUSED)]
    whole: dict[tuple[str, str], Move] = {
        **moves,
        **{(s, E.MERGE): Move(S.MERGED, P.CASE_TRIAGE) for s in on_desk},
        (S.MERGED, E.UNMERGE): Move(S.UNDER_REVIEW, P.CASE_TRIAGE, back=True),
    }
    said = {event: (events or {}).get(event) or EVENTS[event] for _state, event in whole}
    return Kind(name=name, states=table, moves=whole, events=said, initial=S.DRAFT, **fields)
