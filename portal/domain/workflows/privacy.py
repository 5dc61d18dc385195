"""Requests about one's own data: an answer within 3 × 24 hours (UU PDP 27/2022)."""

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
from portal.domain.workflows.vocabulary import REFUSING, TO_LOOK_AT, USUAL, E, S, build
from portal.kernel.text import _

_STATES: dict[str, State] = {
    S.SUBMITTED: State(
        _("New"), _("Sent"), Category.OPEN, Stage.NEW, Who.AGENT,
        _("Make sure who asks, then do what was asked within 3 × 24 hours."),
        _("The shop does what you asked within 3 × 24 hours."), "moving", 24,
    ),
}  # fmt: skip

PRIVACY = build(
    "privacy",
    {
        **USUAL,
        **REFUSING,
        **{(s, E.SETTLE): Move(S.CLOSED, P.CASE_DECIDE) for s in (*TO_LOOK_AT, S.APPEALED)},
    },
    states=_STATES,
    label=_("Data-rights request"),
    offer=_("Your data at this shop"),
    hint=_("See it, correct it, restrict it or have it erased; answered within 3 × 24 hours."),
    icon="shield-check",
    about=About.PERSON,
    targets=Targets(first=24 * 60, again=24 * 60, done=72 * 60),
    always=True,
    questions=(
        Question(
            "right", _("What would you like?"), Ask.CHOICE,
            choices={
                "access": _("A copy of my data, and what was done with it"),
                "correct": _("Correct something"),
                "stop": _("No advertising any more"),
                "restrict": _("Do not use my data for now"),
                "erase": _("Erase my data"),
            },
        ),
        Question("story", _("What shall we know about it?"), Ask.STORY, required=False),
    ),
    outcomes={
        "done": Outcome(_("Done as asked"), _("Done as you asked"), E.SETTLE),
        "refuse": Outcome(_("Reject, in full or in part"), _("Rejected"), E.REFUSE, refuses=True),
    },
)  # fmt: skip
