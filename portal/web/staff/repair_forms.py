"""The forms of a work order."""

from typing import Any

from wtforms import (
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.domain.repairs.diagnosis import Diagnosis
from portal.domain.repairs.handing import Handing
from portal.domain.repairs.intake import Intake, WalkIn
from portal.domain.repairs.lines import NewLine
from portal.domain.repairs.loans import Lending
from portal.domain.repairs.rules import Billing, LineKind, Proof
from portal.domain.repairs.sending import Sending
from portal.kernel.text import Message, _
from portal.web.catalog_words import choices
from portal.web.fields import (
    AtMost,
    Between,
    DayField,
    Form,
    MoneyField,
    NumberField,
    PhoneField,
    PhotosField,
    Required,
)
from portal.web.staff.saving import version_field

KINDS: dict[str, Message] = {
    LineKind.PART: _("Part"),
    LineKind.LABOUR: _("Labour"),
    LineKind.FEE: _("Fee"),
}
BILLINGS: dict[str, Message] = {
    Billing.WARRANTY: _("Warranty"),
    Billing.NO_CHARGE: _("No charge"),
    Billing.BILLABLE: _("The customer pays"),
}
PROOFS: dict[str, Message] = {
    Proof.SIGNATURE: _("Signs here on the screen"),
    Proof.CODE: _("Shows the code from our message"),
    Proof.PAPER: _("Signs on the printed receipt"),
}
PAYS: dict[str, Message] = {
    "": _("Not known yet"),
    "yes": _("The supplier, under its warranty"),
    "no": _("The shop or the customer"),
}
TOLD = {"yes": True, "no": False}


class WorkForm(Form):
    version = version_field()
    to = HiddenField()
    note = TextAreaField(_("What was found or done"), [AtMost(3000)])
    photos = PhotosField(_("Photos"))


class IntakeForm(Form):
    version = version_field()
    said = TextAreaField(_("What the customer says"), [AtMost(2000)])
    condition = TextAreaField(
        _("Condition and visible damage"),
        [Required(_("Write down its condition, also when nothing is wrong.")), AtMost(2000)],
    )
    accessories = SelectMultipleField(
        _("What came with it"), validate_choice=False, option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )  # fmt: skip
    others = StringField(_("Anything else that came with it"), [AtMost(300)])
    shelf = StringField(_("Shelf place"), [AtMost(24)])
    photos = PhotosField(_("Photos of its condition"))

    def __init__(self, names: list[str], *args: Any, **values: Any):
        super().__init__(*args, **values)
        self.accessories.choices = [(name, name) for name in names]

    def told(self) -> Intake:
        others = (self.others.data or "").split(",")
        return Intake(
            self.said.data or "", self.condition.data or "", [*(self.accessories.data or []), *others],
            self.shelf.data or "",
        )  # fmt: skip


class WalkInForm(Form):
    name = StringField(_("Name"), [Required(_("Write the customer's name.")), AtMost(120)])
    phone = PhoneField(_("Telephone"))
    thing = StringField(_("What is it?"), [Required(_("Write what was brought.")), AtMost(120)])
    story = TextAreaField(_("What shall be done?"), [Required(_("Write what shall be done.")), AtMost(2000)])
    outlet = SelectField(_("Outlet"), [Required(_("Choose the outlet."))])

    def told(self) -> WalkIn:
        return WalkIn(self.name.data or "", self.phone.data, self.thing.data or "", self.story.data or "")


class DiagnosisForm(Form):
    version = version_field()
    symptom = StringField(_("What it does (symptom)"), [AtMost(200)])
    finding = TextAreaField(_("What you found"), [Required(_("Write down what you found.")), AtMost(3000)])
    cause = StringField(_("Why it happened (cause)"), [AtMost(200)])
    component = SelectField(_("Which part of it"), validate_choice=False)

    def found(self) -> Diagnosis:
        return Diagnosis(
            self.symptom.data or "", self.finding.data or "", self.cause.data or "", self.component.data or ""
        )


class SerialForm(Form):
    version = version_field()
    serial = StringField(_("Its serial number now"), [AtMost(60)])


class LineForm(Form):
    kind = RadioField(_("What is added?"), choices=lambda: choices(KINDS), default=LineKind.PART)
    part = SelectField(_("Part of the catalogue"), validate_choice=False)
    description = StringField(_("Description"), [AtMost(200)])
    pieces = NumberField(_("Pieces"), [Between(1, 999)], default=1)
    minutes = NumberField(_("Minutes"), [Between(1, 9999)])
    price = MoneyField(_("Price of one"), [Optional()])
    billing = RadioField(_("Who pays?"), validate_choice=False, default="")
    reason = StringField(_("Why not as the coverage says?"), [AtMost(500)])

    def __init__(self, *args: Any, **values: Any):
        super().__init__(*args, **values)
        self.billing.choices = choices({"": _("As the coverage says"), **BILLINGS})

    def line(self, price: int, description: str, part_id: int | None, cost: int | None) -> NewLine:
        """What was typed, with what the catalogue or the price of an hour added."""
        billing = Billing(self.billing.data) if self.billing.data in set(Billing) else None
        return NewLine(
            LineKind(self.kind.data), description, price, self.pieces.data or 1, part_id, self.minutes.data,
            cost, billing, self.reason.data or "",
        )  # fmt: skip


class BillForm(Form):
    version = version_field()
    billing = RadioField(_("Who pays?"), choices=lambda: choices(BILLINGS))
    reason = StringField(_("Why not as the coverage says?"), [AtMost(500)])


class SupplierForm(Form):
    version = version_field()
    supplier = SelectField(_("Supplier"), validate_choice=False)
    reference = StringField(_("Its number for the repair"), [AtMost(40)])
    sent_on = DayField(_("Sent on"))
    due_on = DayField(_("Expected back"))
    pays = RadioField(_("Who pays?"), choices=lambda: choices(PAYS), default="")
    reason = StringField(_("Why not as the coverage says?"), [AtMost(500)])

    def told(self) -> Sending:
        chosen = self.supplier.data or ""
        return Sending(
            int(chosen) if chosen.isdecimal() and len(chosen) < 10 else None, self.reference.data or "",
            self.sent_on.data, self.due_on.data, TOLD.get(self.pays.data), self.reason.data or "",
        )  # fmt: skip


class LoanForm(Form):
    product = StringField(_("What is lent"), [AtMost(120)])
    serial = StringField(_("Serial number"), [AtMost(64)])
    condition = TextAreaField(_("Its condition"), [AtMost(1000)])
    due_on = DayField(_("Until when"))

    def told(self) -> Lending:
        return Lending(
            self.product.data or "", self.serial.data or "", self.condition.data or "", self.due_on.data
        )


class LoanBackForm(Form):
    version = version_field()
    condition_back = TextAreaField(_("How it came back"), [AtMost(1000)])


class HandForm(Form):
    version = version_field()
    to = StringField(_("Who collects it"), [AtMost(120)])
    proof = RadioField(
        _("How do they show that it is theirs?"), [Required(_("Choose how they show that it is theirs."))],
        choices=lambda: choices(PROOFS), default=Proof.SIGNATURE,
    )  # fmt: skip
    code = StringField(_("Code"), [AtMost(12)])
    drawn = HiddenField(_("Signature"))

    def told(self) -> Handing:
        return Handing(self.to.data or "", self.proof.data or "", self.drawn.data or "", self.code.data or "")


class TimeForm(Form):
    minutes = NumberField(_("Minutes"), [Between(1, 960)])
    note = StringField(_("What for"), [AtMost(200)], id="time-note")


class SettingsForm(Form):
    version = version_field()
    remind_days = StringField(_("Remind customers to collect after these days"), [AtMost(80)])
    hour_price = MoneyField(_("Price of an hour of labour"), [Optional()])
    supplier_days = NumberField(
        _("Days that a supplier usually takes"), [Required(_("Say how many.")), Between(1, 365)]
    )
    loan_days = NumberField(
        _("Days that a unit is usually lent"), [Required(_("Say how many.")), Between(1, 365)]
    )
    guarantee_days = NumberField(
        _("Days that a repair is guaranteed"), [Required(_("Say how many.")), Between(0, 3650)]
    )
    hour_cost = MoneyField(_("What an hour costs the shop"), [Optional()])


class ListForm(Form):
    category = StringField(_("Category"), [AtMost(40)])
    names = TextAreaField(_("Accessories, one a line"), [AtMost(2000)])
