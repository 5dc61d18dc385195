"""Goods that a courier damaged or lost: evidence in time, the claim to the courier, its answer."""

from portal.domain.accounts.rules import Permission as P
from portal.domain.workflows.engine import (
    About,
    Ask,
    Category,
    Move,
    Outcome,
    Question,
    Stage,
    State,
    Targets,
    Who,
)
from portal.domain.workflows.vocabulary import HANDING_OUT, REFUSING, TO_LOOK_AT, USUAL, E, S, build
from portal.kernel.text import _

_STATES: dict[str, State] = {
    S.UNDER_REVIEW: State(
        _("Being prepared"), _("Being looked at"), Category.OPEN, Stage.REVIEW, Who.AGENT,
        _("Complete the evidence and send the claim to the courier before its deadline."),
        _("The shop completes the evidence and sends the claim to the courier."), "moving", 8,
    ),
}  # fmt: skip

DAMAGE = build(
    "damage",
    {
        **USUAL,
        **REFUSING,
        **HANDING_OUT,
        **{(s, E.CLAIM): Move(S.WAITING_COURIER, P.CASE_TRIAGE) for s in TO_LOOK_AT},
        (S.WAITING_COURIER, E.HEAR): Move(S.UNDER_REVIEW, P.CASE_TRIAGE),
        **{
            (s, E.FULFIL): Move(S.FULFILLING, P.CASE_DECIDE)
            for s in (*TO_LOOK_AT, S.APPEALED, S.WAITING_COURIER)
        },
    },
    states=_STATES,
    label=_("Courier damage or loss"),
    offer=_("The parcel is damaged or lost"),
    hint=_("Report it soon: couriers accept claims for a few days only."),
    icon="package-x",
    about=About.PARCEL,
    targets=Targets(first=4 * 60, again=8 * 60, done=80 * 60),
    questions=(
        Question(
            "peril", _("What happened?"), Ask.CHOICE,
            choices={
                "damaged": _("It arrived damaged"),
                "part_lost": _("Something is missing from the parcel"),
                "lost": _("It did not arrive"),
            },
        ),
        Question(
            "arrived", _("When did it arrive?"), Ask.DAY, when=("peril", ("damaged", "part_lost")),
        ),
        Question(
            "courier", _("Which courier?"), Ask.TEXT, required=False,
            hint=_("It stands on the label: JNE, J&T, SiCepat, AnterAja …"),
        ),
        Question("waybill", _("Waybill number"), Ask.TEXT, required=False, hint=_("Also on the label.")),
        Question("story", _("What do you see?"), Ask.STORY),
        Question(
            "photos", _("Photos"), Ask.PHOTOS, required=False,
            hint=_("The parcel from outside, its label, the packing inside, and the goods."),
        ),
    ),
    outcomes={
        "replace": Outcome(_("Send it again"), _("You get it again"), E.FULFIL),
        "refund": Outcome(_("Pay back"), _("You are paid back"), E.FULFIL, money=True),
        "refuse": Outcome(_("Reject"), _("Rejected"), E.REFUSE, refuses=True),
    },
)  # fmt: skip
