"""Returns and exchanges: asked for, approved, received, and paid back or exchanged."""

from portal.domain.accounts.rules import Permission as P
from portal.domain.workflows.engine import About, Category, Move, Outcome, Stage, State, Targets, Who
from portal.domain.workflows.vocabulary import HANDING_OUT, REFUSING, TO_LOOK_AT, USUAL, E, S, build
from portal.kernel.text import _

_STATES: dict[str, State] = {
    S.WAITING_ITEM: State(
        _("Approved, waiting for the goods"), _("Approved: bring or send it"), Category.PAUSED,
        Stage.CUSTOMER, Who.CUSTOMER, _("The customer brings or sends the goods."),
        _("Please bring or send the goods to the shop, with everything that came with them."), "waiting",
        days=14,
    ),
    S.RECEIVED: State(
        _("Goods received"), _("The shop has the goods"), Category.OPEN, Stage.ITEM, Who.AGENT,
        _("Count what came and look at its condition; then pay back or exchange."),
        _("The shop checks the goods, then pays you back or exchanges them."), "moving", 8,
    ),
    S.FULFILLING: State(
        _("Paying back or exchanging"), _("Being paid back or exchanged"), Category.OPEN, Stage.WORK,
        Who.AGENT,
        _("Pay back, hand out the exchange and what goes back; then mark it done."),
        _("The shop pays you back or hands out the exchange."), "moving", 16,
    ),
    S.GOING_BACK: State(
        _("Rejected, the goods go back"), _("Rejected: you get the goods back"), Category.OPEN, Stage.OUT,
        Who.AGENT, _("Hand the goods back to the customer, or send them."),
        _("Read the decision. Collect the goods, or the shop sends them. You may appeal once; another person "
          "decides then."), "bad", 40,
    ),
}  # fmt: skip

RETURN = build(
    "return",
    {
        **USUAL,
        **REFUSING,
        **HANDING_OUT,
        **{(s, E.APPROVE): Move(S.WAITING_ITEM, P.CASE_DECIDE) for s in (*TO_LOOK_AT, S.APPEALED)},
        **{(s, E.FULFIL): Move(S.FULFILLING, P.CASE_DECIDE) for s in (*TO_LOOK_AT, S.APPEALED)},
        **{(s, E.RECEIVE): Move(S.RECEIVED, P.SHIPMENT_RECORD) for s in (S.WAITING_ITEM,)},
        (S.WAITING_ITEM, E.CANCEL): Move(S.CANCELLED, P.CASE_WITHDRAW),
        (S.WAITING_ITEM, E.CLOSE): Move(S.CLOSED, P.CASE_TRIAGE),
        (S.RECEIVED, E.FULFIL): Move(S.FULFILLING, P.CASE_DECIDE),
        (S.RECEIVED, E.REFUSE): Move(S.GOING_BACK, P.CASE_DECIDE),
        (S.GOING_BACK, E.SHIP): Move(S.SHIPPED, P.SHIPMENT_RECORD),
        (S.GOING_BACK, E.HAND_OVER): Move(S.CLOSED, P.SHIPMENT_RECORD),
        (S.GOING_BACK, E.APPEAL): Move(S.APPEALED, P.CASE_APPEAL),
        (S.RECEIVED, E.ASK): Move(S.WAITING_CUSTOMER, P.CASE_TRIAGE),
    },
    states=_STATES,
    label=_("Return or exchange"),
    offer=_("Return or exchange"),
    hint=_("Another size or colour, money back, or credit at the shop."),
    icon="rotate-ccw",
    about=About.LINES,
    by_line=True,
    targets=Targets(first=8 * 60, again=16 * 60, done=80 * 60),
    outcomes={
        "approve": Outcome(_("Approve: the goods come back first"), _("Approved"), E.APPROVE),
        "keep": Outcome(_("Approve: the customer keeps the goods"), _("Approved; keep the goods"), E.FULFIL),
        "refuse": Outcome(_("Reject"), _("Rejected"), E.REFUSE, refuses=True),
    },
)
