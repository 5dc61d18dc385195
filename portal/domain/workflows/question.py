"""Questions to the shop: troubleshooting first, then help by message, call or visit."""

from portal.domain.accounts.rules import Permission as P
from portal.domain.workflows.engine import About, Ask, Category, Move, Question, Stage, State, Targets, Who
from portal.domain.workflows.vocabulary import TO_LOOK_AT, USUAL, E, S, build
from portal.kernel.text import _

_STATES: dict[str, State] = {
    S.SUBMITTED: State(
        _("New"), _("Sent"), Category.OPEN, Stage.NEW, Who.AGENT,
        _("Answer, ask, or agree on a call or a visit."), _("The shop reads your question and answers."),
        "moving", 4,
    ),
    S.UNDER_REVIEW: State(
        _("Being helped"), _("The shop looks for an answer"), Category.OPEN, Stage.REVIEW, Who.AGENT,
        _("Answer, ask, or agree on a call or a visit."),
        _("The shop looks for an answer and writes to you."), "moving", 8,
    ),
}  # fmt: skip

QUESTION = build(
    "question",
    {
        **USUAL,
        **{(s, E.BOOK): Move(S.BOOKED, P.CASE_TRIAGE) for s in TO_LOOK_AT},
        (S.BOOKED, E.REVIEW): Move(S.UNDER_REVIEW, P.CASE_TRIAGE),
        (S.BOOKED, E.CANCEL): Move(S.CANCELLED, P.CASE_WITHDRAW),
        **{(s, E.SOLVE): Move(S.SOLVED, P.CASE_TRIAGE) for s in (*TO_LOOK_AT, S.BOOKED)},
        (S.SOLVED, E.CONFIRM): Move(S.CLOSED, P.CASE_ANSWER),
        (S.SOLVED, E.CLOSE): Move(S.CLOSED, P.CASE_TRIAGE),
        (S.SOLVED, E.REOPEN): Move(S.REOPENED, P.CASE_ANSWER),
    },
    states=_STATES,
    label=_("Question"),
    offer=_("A question, or help with using it"),
    hint=_("How something works, settings, an order, anything else."),
    icon="help",
    about=About.ANYTHING,
    targets=Targets(first=4 * 60, again=4 * 60, done=24 * 60),
    questions=(
        Question("story", _("What would you like to know?"), Ask.STORY),
        Question("photos", _("Photos"), Ask.PHOTOS, required=False),
        Question(
            "way", _("How shall we answer?"), Ask.CHOICE,
            choices={
                "message": _("By message here"),
                "call": _("Please call me"),
                "visit": _("Please come to me"),
            },
        ),
        Question("phone", _("Your phone number"), Ask.PHONE, when=("way", ("call", "visit"))),
        Question(
            "place", _("Your address"), Ask.STORY, when=("way", ("visit",)),
        ),
        Question(
            "hours", _("When does it suit you?"), Ask.TEXT, when=("way", ("call", "visit")),
            hint=_("For example: on weekdays after 16.00"),
        ),
    ),
)  # fmt: skip
