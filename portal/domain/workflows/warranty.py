"""The warranty claim, from a draft to a closed case."""

from enum import StrEnum, auto

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
    APPEALED = auto()
    FULFILLING = auto()
    READY = auto()
    SHIPPED = auto()
    CLOSED = auto()
    CANCELLED = auto()
    REOPENED = auto()


class E(StrEnum):
    SUBMIT = auto()
    ASK = auto()
    ANSWER = auto()
    REVIEW = auto()
    REQUEST_ITEM = auto()
    RECEIVE = auto()
    INSPECT = auto()
    DECIDE = auto()
    FULFIL = auto()
    RECONSIDER = auto()
    APPEAL = auto()
    READY = auto()
    SHIP = auto()
    SETTLE = auto()
    HAND_OVER = auto()
    DELIVER = auto()
    CLOSE = auto()
    CANCEL = auto()
    REOPEN = auto()


STATES: dict[str, State] = {
    S.DRAFT: State(
        _("Draft"), _("Not sent yet"), Category.DRAFT, Stage.DRAFT, Who.CUSTOMER,
        _("The customer has not sent this yet."), _("Complete your claim and send it."), "quiet",
    ),
    S.SUBMITTED: State(
        _("New"), _("Sent"), Category.OPEN, Stage.NEW, Who.AGENT,
        _("Look at the claim: ask, take the item in, or decide."),
        _("The shop looks at your claim and answers."), "moving", 8,
    ),
    S.WAITING_CUSTOMER: State(
        _("Waiting for customer"), _("Your answer is needed"), Category.PAUSED, Stage.CUSTOMER, Who.CUSTOMER,
        _("The customer has to answer."), _("Please answer the shop's question."), "waiting",
        days=7,
    ),
    S.UNDER_REVIEW: State(
        _("Under review"), _("Being looked at"), Category.OPEN, Stage.REVIEW, Who.AGENT,
        _("Decide, or ask for what is missing."), _("The shop decides on your claim."), "moving", 16,
    ),
    S.WAITING_ITEM: State(
        _("Waiting for the item"), _("Bring or send the item"), Category.PAUSED, Stage.CUSTOMER, Who.CUSTOMER,
        _("The customer brings or sends the item."), _("Please bring or send the item to the shop."),
        "waiting", days=14,
    ),
    S.RECEIVED: State(
        _("Item received"), _("The shop has your item"), Category.OPEN, Stage.ITEM, Who.TECHNICIAN,
        _("Inspect the item."), _("A technician inspects your item."), "moving", 16,
    ),
    S.INSPECTING: State(
        _("Inspecting"), _("Being inspected"), Category.OPEN, Stage.ITEM, Who.TECHNICIAN,
        _("Write down what was found; then decide."),
        _("A technician inspects your item; then the shop decides."), "moving", 16,
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
    S.FULFILLING: State(
        _("In progress"), _("Being worked on"), Category.OPEN, Stage.WORK, Who.TECHNICIAN,
        _("Do what was decided, then mark it ready or sent."), _("The shop does what was decided."),
        "moving", 40,
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
        _("Nothing is left to do."), _("Nothing is left to do. If it fails again, reopen this case."), "good",
    ),
    S.CANCELLED: State(
        _("Cancelled"), _("Withdrawn"), Category.RESOLVED, Stage.CLOSED, Who.NOBODY,
        _("Nothing is left to do."), _("This claim was withdrawn."), "quiet",
    ),
    S.REOPENED: State(
        _("Reopened"), _("Opened again"), Category.OPEN, Stage.NEW, Who.AGENT,
        _("See what is still wrong: ask, take the item in, or decide."),
        _("The shop looks at your case again."), "waiting", 8,
    ),
}  # fmt: skip

_TO_LOOK_AT = (S.SUBMITTED, S.UNDER_REVIEW, S.REOPENED)
_BEFORE_DECISION = (*_TO_LOOK_AT, S.RECEIVED, S.INSPECTING)

MOVES: dict[tuple[str, str], Move] = {
    (S.DRAFT, E.SUBMIT): Move(S.SUBMITTED, P.CLAIM_FILE),
    **{(s, E.ASK): Move(S.WAITING_CUSTOMER, P.CASE_TRIAGE) for s in (*_BEFORE_DECISION, S.APPEALED)},
    (S.WAITING_CUSTOMER, E.ANSWER): Move(S.SUBMITTED, P.CASE_ANSWER, back=True),
    (S.WAITING_CUSTOMER, E.REVIEW): Move(S.UNDER_REVIEW, P.CASE_TRIAGE),
    (S.WAITING_ITEM, E.REVIEW): Move(S.UNDER_REVIEW, P.CASE_TRIAGE),
    (S.SUBMITTED, E.REVIEW): Move(S.UNDER_REVIEW, P.CASE_TRIAGE),
    (S.REOPENED, E.REVIEW): Move(S.UNDER_REVIEW, P.CASE_TRIAGE),
    **{(s, E.REQUEST_ITEM): Move(S.WAITING_ITEM, P.CASE_TRIAGE) for s in (*_TO_LOOK_AT, S.APPEALED)},
    **{(s, E.RECEIVE): Move(S.RECEIVED, P.SHIPMENT_RECORD) for s in (*_TO_LOOK_AT, S.WAITING_ITEM)},
    (S.RECEIVED, E.INSPECT): Move(S.INSPECTING, P.CASE_INSPECT),
    **{(s, E.DECIDE): Move(S.DECIDED, P.CASE_DECIDE) for s in (*_BEFORE_DECISION, S.APPEALED)},
    (S.DECIDED, E.FULFIL): Move(S.FULFILLING, P.FLOW),
    (S.DECIDED, E.APPEAL): Move(S.APPEALED, P.CASE_APPEAL),
    (S.CLOSED, E.APPEAL): Move(S.APPEALED, P.CASE_APPEAL),  # closing a rejection takes nothing away
    (S.DECIDED, E.CLOSE): Move(S.CLOSED, P.CASE_TRIAGE),
    (S.FULFILLING, E.RECONSIDER): Move(S.UNDER_REVIEW, P.CASE_INSPECT),
    (S.FULFILLING, E.READY): Move(S.READY, P.SHIPMENT_RECORD),
    (S.FULFILLING, E.SHIP): Move(S.SHIPPED, P.SHIPMENT_RECORD),
    (S.FULFILLING, E.SETTLE): Move(S.CLOSED, P.CASE_DECIDE),
    (S.READY, E.SHIP): Move(S.SHIPPED, P.SHIPMENT_RECORD),
    (S.READY, E.HAND_OVER): Move(S.CLOSED, P.SHIPMENT_RECORD),
    (S.SHIPPED, E.DELIVER): Move(S.CLOSED, P.SHIPMENT_RECORD),
    **{
        (s, E.CANCEL): Move(S.CANCELLED, P.CASE_WITHDRAW)
        for s in (S.SUBMITTED, S.WAITING_CUSTOMER, S.UNDER_REVIEW, S.WAITING_ITEM, S.REOPENED)
    },
    (S.CLOSED, E.REOPEN): Move(S.REOPENED, P.CASE_ANSWER),
}

EVENTS: dict[str, Message] = {
    E.SUBMIT: _("Claim sent"),
    E.ASK: _("The shop asked a question"),
    E.ANSWER: _("Answer received"),
    E.REVIEW: _("The shop is looking at it"),
    E.REQUEST_ITEM: _("The shop asked for the item"),
    E.RECEIVE: _("The item arrived at the shop"),
    E.INSPECT: _("Inspection began"),
    E.DECIDE: _("Decided"),
    E.FULFIL: _("Work on the decision began"),
    E.RECONSIDER: _("The decision is looked at again"),
    E.APPEAL: _("Appeal sent"),
    E.READY: _("Ready to collect"),
    E.SHIP: _("Handed to the courier"),
    E.SETTLE: _("Settled"),
    E.HAND_OVER: _("Collected"),
    E.DELIVER: _("Delivered"),
    E.CLOSE: _("Closed"),
    E.CANCEL: _("Withdrawn"),
    E.REOPEN: _("Opened again"),
}

WARRANTY = Kind(
    "warranty", _("Warranty claim"), STATES, MOVES, EVENTS, S.DRAFT, respond_hours=8, resolve_hours=112
)
