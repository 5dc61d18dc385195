"""Requests for spare parts: found, ordered, handed out or sent."""

from portal.domain.accounts.rules import Permission as P
from portal.domain.workflows.engine import About, Ask, Move, Question, Targets
from portal.domain.workflows.vocabulary import HANDING_OUT, TO_LOOK_AT, USUAL, E, S, build
from portal.kernel.text import _

PART = build(
    "part",
    {
        **USUAL,
        **HANDING_OUT,
        **{(s, E.ORDER): Move(S.WAITING_SUPPLIER, P.CASE_TRIAGE) for s in (*TO_LOOK_AT, S.FULFILLING)},
        (S.WAITING_SUPPLIER, E.ARRIVE): Move(S.FULFILLING, P.CASE_TRIAGE),
        **{
            (s, E.CANCEL): Move(S.CANCELLED, P.CASE_WITHDRAW)
            for s in (S.WAITING_SUPPLIER, S.FULFILLING, S.READY)
        },
        **{(s, E.CLOSE): Move(S.CLOSED, P.CASE_TRIAGE) for s in (S.WAITING_SUPPLIER, S.FULFILLING, S.READY)},
        **{(s, E.FULFIL): Move(S.FULFILLING, P.CASE_TRIAGE) for s in TO_LOOK_AT},
    },
    label=_("Spare part request"),
    offer=_("A spare part"),
    hint=_("Genuine parts: in stock, on order, sent or fitted."),
    icon="box",
    about=About.ANYTHING,
    targets=Targets(first=8 * 60, again=8 * 60, done=112 * 60),
    questions=(
        Question("part", _("Which part?"), Ask.TEXT, hint=_("Its name, or the number printed on it")),
        Question("pieces", _("How many?"), Ask.NUMBER),
        Question(
            "photos", _("Photos"), Ask.PHOTOS, required=False, hint=_("The old part, and the type plate.")
        ),
        Question(
            "way", _("How would you like to get it?"), Ask.CHOICE,
            choices={
                "collect": _("I collect it"),
                "send": _("Please send it"),
                "fit": _("Please fit it"),
            },
        ),
        Question("story", _("Anything else?"), Ask.STORY, required=False),
    ),
)  # fmt: skip
