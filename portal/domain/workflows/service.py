"""Paid services: alteration, small repair, maintenance, assembly."""

from portal.domain.accounts.rules import Permission as P
from portal.domain.workflows.engine import About, Ask, Move, Outcome, Question, Targets
from portal.domain.workflows.vocabulary import (
    HANDING_OUT,
    QUOTING,
    SUPPLIED,
    TO_LOOK_AT,
    USUAL,
    E,
    S,
    build,
)
from portal.kernel.text import _

SERVICE = build(
    "service",
    {
        **USUAL,
        **HANDING_OUT,
        **SUPPLIED,
        **QUOTING,
        **{(s, E.REQUEST_ITEM): Move(S.WAITING_ITEM, P.CASE_TRIAGE) for s in TO_LOOK_AT},
        **{(s, E.RECEIVE): Move(S.RECEIVED, P.SHIPMENT_RECORD) for s in (*TO_LOOK_AT, S.WAITING_ITEM)},
        (S.WAITING_ITEM, E.CANCEL): Move(S.CANCELLED, P.CASE_WITHDRAW),
        (S.WAITING_ITEM, E.REVIEW): Move(S.UNDER_REVIEW, P.CASE_TRIAGE),
        (S.RECEIVED, E.ASK): Move(S.WAITING_CUSTOMER, P.CASE_TRIAGE),
        **{(s, E.BOOK): Move(S.BOOKED, P.CASE_TRIAGE) for s in TO_LOOK_AT},
        (S.BOOKED, E.REVIEW): Move(S.UNDER_REVIEW, P.CASE_TRIAGE),
        (S.BOOKED, E.CANCEL): Move(S.CANCELLED, P.CASE_WITHDRAW),
        **{(s, E.FULFIL): Move(S.FULFILLING, P.CASE_TRIAGE) for s in (*TO_LOOK_AT, S.RECEIVED, S.BOOKED)},
    },
    label=_("Service request"),
    offer=_("Alteration, small repair, maintenance, assembly"),
    hint=_("Hemming, buttons, hinges, cleaning: the price is known before it begins."),
    icon="scissors",
    about=About.ANYTHING,
    targets=Targets(first=8 * 60, again=8 * 60, done=56 * 60),
    questions=(
        Question("service", _("Which service?"), Ask.CHOICE),
        Question("story", _("What shall be done?"), Ask.STORY),
        Question("photos", _("Photos"), Ask.PHOTOS, required=False),
        Question(
            "where", _("Where?"), Ask.CHOICE,
            choices={"shop": _("I bring it to the shop"), "home": _("Please come to me")},
        ),
        Question("place", _("Your address"), Ask.STORY, when=("where", ("home",))),
        Question(
            "hours", _("When does it suit you?"), Ask.TEXT, required=False,
            hint=_("For example: on weekdays after 16.00"),
        ),
    ),
    outcomes={
        "bring": Outcome(_("Accept: the customer brings it"), _("Accepted: please bring it"), E.REQUEST_ITEM),
        "begin": Outcome(_("Begin now"), _("Being worked on"), E.FULFIL),
    },
)  # fmt: skip
