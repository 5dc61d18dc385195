"""The warranty claim, from a draft to a closed case."""

from portal.domain.accounts.rules import Permission as P
from portal.domain.workflows.engine import About, Category, Move, Stage, State, Targets, Who
from portal.domain.workflows.vocabulary import QUOTING, SUPPLIED, TO_LOOK_AT, E, S, build
from portal.kernel.text import _

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
    S.UNDER_REVIEW: State(
        _("Under review"), _("Being looked at"), Category.OPEN, Stage.REVIEW, Who.AGENT,
        _("Decide, or ask for what is missing."), _("The shop decides on your claim."), "moving", 16,
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
    S.FULFILLING: State(
        _("In progress"), _("Being worked on"), Category.OPEN, Stage.WORK, Who.TECHNICIAN,
        _("Do what was decided, then mark it ready or sent."), _("The shop does what was decided."),
        "moving", 40,
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

_BEFORE_DECISION = (*TO_LOOK_AT, S.RECEIVED, S.INSPECTING)

MOVES: dict[tuple[str, str], Move] = {
    (S.DRAFT, E.SUBMIT): Move(S.SUBMITTED, P.CLAIM_FILE),
    **{(s, E.ASK): Move(S.WAITING_CUSTOMER, P.CASE_TRIAGE) for s in (*_BEFORE_DECISION, S.APPEALED)},
    (S.WAITING_CUSTOMER, E.ANSWER): Move(S.SUBMITTED, P.CASE_ANSWER, back=True),
    (S.WAITING_CUSTOMER, E.REVIEW): Move(S.UNDER_REVIEW, P.CASE_TRIAGE),
    (S.WAITING_ITEM, E.REVIEW): Move(S.UNDER_REVIEW, P.CASE_TRIAGE),
    (S.SUBMITTED, E.REVIEW): Move(S.UNDER_REVIEW, P.CASE_TRIAGE),
    (S.REOPENED, E.REVIEW): Move(S.UNDER_REVIEW, P.CASE_TRIAGE),
    **{(s, E.REQUEST_ITEM): Move(S.WAITING_ITEM, P.CASE_TRIAGE) for s in (*TO_LOOK_AT, S.APPEALED)},
    **{(s, E.RECEIVE): Move(S.RECEIVED, P.SHIPMENT_RECORD) for s in (*TO_LOOK_AT, S.WAITING_ITEM)},
    (S.RECEIVED, E.INSPECT): Move(S.INSPECTING, P.CASE_INSPECT),
    **{(s, E.DECIDE): Move(S.DECIDED, P.CASE_DECIDE) for s in (*_BEFORE_DECISION, S.APPEALED)},
    (S.DECIDED, E.FULFIL): Move(S.FULFILLING, P.FLOW),
    (S.DECIDED, E.APPEAL): Move(S.APPEALED, P.CASE_APPEAL),
    (S.CLOSED, E.APPEAL): Move(S.APPEALED, P.CASE_APPEAL),  # closing a rejection takes nothing away
    (S.DECIDED, E.CLOSE): Move(S.CLOSED, P.CASE_TRIAGE),
    **SUPPLIED,
    **QUOTING,
    (S.FULFILLING, E.RECONSIDER): Move(S.UNDER_REVIEW, P.CASE_INSPECT),
    (S.FULFILLING, E.READY): Move(S.READY, P.SHIPMENT_RECORD),
    (S.FULFILLING, E.SHIP): Move(S.SHIPPED, P.SHIPMENT_RECORD),
    (S.FULFILLING, E.SETTLE): Move(S.CLOSED, P.CASE_DECIDE),
    (S.READY, E.FULFIL): Move(S.FULFILLING, P.FLOW),  # something was not right yet
    (S.READY, E.SHIP): Move(S.SHIPPED, P.SHIPMENT_RECORD),
    (S.READY, E.HAND_OVER): Move(S.CLOSED, P.SHIPMENT_RECORD),
    (S.SHIPPED, E.DELIVER): Move(S.CLOSED, P.SHIPMENT_RECORD),
    **{
        (s, E.CANCEL): Move(S.CANCELLED, P.CASE_WITHDRAW)
        for s in (S.SUBMITTED, S.WAITING_CUSTOMER, S.UNDER_REVIEW, S.WAITING_ITEM, S.REOPENED)
    },
    (S.CLOSED, E.REOPEN): Move(S.REOPENED, P.CASE_ANSWER),
}

WARRANTY = build(
    "warranty",
    MOVES,
    states=STATES,
    events={E.SUBMIT: _("Claim sent")},
    label=_("Warranty claim"),
    offer=_("Something is broken"),
    hint=_("Repair, replacement or money back under the warranty."),
    icon="wrench",
    about=About.UNIT,
    targets=Targets(first=8 * 60, again=16 * 60, done=112 * 60),
)
