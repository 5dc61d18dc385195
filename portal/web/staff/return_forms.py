"""The forms of a return at the desk: one group of fields a line, beside those of the whole case."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, IntegerField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from portal.domain.cases.models import Case
from portal.domain.requests.actions import Ruling, open_outcomes
from portal.domain.units.models import Unit
from portal.domain.workflows.registry import KINDS
from portal.kernel.text import _
from portal.web.fields import AtMost, Form, MoneyField, NumberField, Required
from portal.web.words import code, translate

REFUSE = "refuse"


class LinesForm(Form):
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def ruling(self) -> Ruling:
        """The decision about the whole case."""
        return Ruling(
            self["outcome"].data if "outcome" in self else REFUSE, self["reason"].data or "",
            evidence=self["evidence"].data or "", alternative=self["alternative"].data or "",
        )  # fmt: skip


class BackForm(LinesForm):
    """All of it is rejected after a look at it."""

    reason = TextAreaField(_("What the customer reads"), [Required(), AtMost(2000)])
    evidence = TextAreaField(_("Evidence"), [AtMost(2000)])
    alternative = TextAreaField(_("What the customer can do instead"), [AtMost(2000)])

    def __init__(self, *args: Any, **values: Any):
        super().__init__(*args, prefix="back-", **values)


def decision_form(case: Case, lines: Sequence[Any], **values: Any) -> LinesForm:
    answers = {"yes": translate(_("Approve")), "no": translate(_("Reject"))}
    outcomes = open_outcomes(KINDS[case.kind], case.state)
    fields: dict[str, Any] = {
        "outcome": RadioField(
            _("What is done?"), [Required(_("Choose what is done."))],
            choices={name: translate(outcome.staff) for name, outcome in outcomes.items()},
        ),
        "reason": TextAreaField(_("What the customer reads"), [Required(), AtMost(2000)]),
        "evidence": TextAreaField(_("Evidence"), [AtMost(2000)]),
        "alternative": TextAreaField(_("What the customer can do instead"), [AtMost(2000)]),
    }  # fmt: skip
    for line in lines:
        fields[f"approved_{line.id}"] = RadioField(_("Approve?"), [Optional()], choices=answers)
        fields[f"reason_{line.id}"] = StringField(_("Reason for this line"), [AtMost(500)])
    return _form(fields, **values)


def count_form(lines: Sequence[Any], items: Mapping[int, Sequence[Unit]], **values: Any) -> LinesForm:
    """`items`, by line of the receipt: where there are several, which of them came is asked too."""
    fields: dict[str, Any] = {}
    for line in lines:
        fields[f"pieces_{line.id}"] = NumberField(_("Pieces that came"))
        theirs = items.get(line.line_id or 0, ())
        if len(theirs) > 1:
            fields[f"units_{line.id}"] = SelectMultipleField(
                _("Which of them came?"), coerce=int, option_widget=CheckboxInput(),
                widget=ListWidget(prefix_label=False),
                choices={unit.id: unit.serial or code(unit.code) for unit in theirs}, validate_choice=False,
            )  # fmt: skip
        fields[f"found_{line.id}"] = StringField(_("Condition"), [AtMost(500)])
    return _form(fields, **values)


def settle_form(lines: Sequence[Any], **values: Any) -> LinesForm:
    fields: dict[str, Any] = {}
    for line in lines:
        fields[f"amount_{line.id}"] = MoneyField(_("Given back"), [Optional()])
        fields[f"rejected_{line.id}"] = BooleanField(_("Rejected: it goes back"))
        fields[f"why_{line.id}"] = StringField(_("Why less, or rejected"), [AtMost(500)])
    return _form(fields, **values)


def _form(fields: dict[str, Any], **values: Any) -> LinesForm:
    made: LinesForm = type("GoodsForm", (LinesForm,), fields)(**values)
    return made
