"""Complaints about food and other goods whose quality is guaranteed: put right the same day."""

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
    S.SUBMITTED: State(
        _("New"), _("Sent"), Category.OPEN, Stage.NEW, Who.AGENT,
        _("Put it right today: make it again, replace it, or pay back."),
        _("The shop puts it right today."), "moving", 1,
    ),
    S.FULFILLING: State(
        _("Being put right"), _("Being put right"), Category.OPEN, Stage.WORK, Who.AGENT,
        _("Hand it out or pay back, then mark it done."), _("The shop puts it right today."), "moving", 3,
    ),
}  # fmt: skip

QUALITY = build(
    "quality",
    {
        **USUAL,
        **REFUSING,
        **HANDING_OUT,
        **{(s, E.FULFIL): Move(S.FULFILLING, P.CASE_DECIDE) for s in (*TO_LOOK_AT, S.APPEALED)},
    },
    states=_STATES,
    label=_("Quality complaint"),
    offer=_("Food or drink was not good"),
    hint=_("Made again, replaced or paid back the same day."),
    icon="utensils",
    about=About.LINES,
    targets=Targets(first=60, again=60, done=6 * 60),
    questions=(
        Question(
            "fault", _("What was wrong?"), Ask.CHOICE,
            choices={
                "wrong": _("Not what I ordered"),
                "missing": _("Something was missing"),
                "spoiled": _("Spoiled, or past its date"),
                "taste": _("Taste, temperature or texture"),
                "packing": _("Spilled or badly packed"),
                "foreign": _("Something was in it"),
            },
        ),
        Question(
            "wish", _("What would you like?"), Ask.CHOICE,
            choices={"redo": _("Made again"), "replace": _("Something else"), "refund": _("Money back")},
        ),
        Question("photos", _("Photo"), Ask.PHOTOS, required=False),
        Question("story", _("Anything else?"), Ask.STORY, required=False),
    ),
    outcomes={
        "redo": Outcome(_("Make it again"), _("It is made again for you"), E.FULFIL),
        "replace": Outcome(_("Give something else"), _("You get something else"), E.FULFIL),
        "refund": Outcome(_("Pay back"), _("You are paid back"), E.FULFIL, money=True),
        "refuse": Outcome(_("Reject"), _("Rejected"), E.REFUSE, refuses=True),
    },
)  # fmt: skip
