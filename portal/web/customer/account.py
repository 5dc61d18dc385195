"""The customer's own account: name, language, contacts, signed-in browsers; and showing that it is theirs."""

from flask import Blueprint, redirect, request, session
from werkzeug.wrappers import Response
from wtforms import RadioField, StringField

from portal.db import db
from portal.domain.accounts import actions as accounts
from portal.domain.accounts import sessions
from portal.domain.accounts.models import Customer, Session
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.returns import credit
from portal.kernel import clock, email, phone
from portal.kernel.errors import Refused, TooMany
from portal.kernel.text import _
from portal.web import signin, words
from portal.web.access import requires
from portal.web.browsers import LANGUAGES, browser_name
from portal.web.fields import AtMost, Digits, Form, Required
from portal.web.render import go_to, page, refuse
from portal.web.transaction import keep

bp = Blueprint("customer_account", __name__)

ENTRIES = 100  # of store credit


class NameForm(Form):
    name = StringField(_("Your name"), [Required(_("Write your name.")), AtMost(120)])
    language = RadioField(_("Language"), choices=LANGUAGES)


class ContactForm(Form):
    contact = StringField(_("E-mail address or phone number"), [Required(), AtMost(254)])


class CodeForm(Form):
    code = StringField(_("Code"), [Digits(6, _("Write the six digits from the message."))])


@bp.get("/account")
@requires(Permission.OWN)
def show() -> Response:
    return _page()


@bp.post("/account")
@requires(Permission.OWN)
def rename() -> Response:
    form = NameForm()
    if form.validate():
        accounts.rename(signin.me(), form.name.data or "", form.language.data)
        session["lang"] = form.language.data
        words.speak(form.language.data)
        return go_to("/account", _("Saved."))
    return _page(name=form, status=422)


@bp.post("/account/contacts")
@requires(Permission.OWN)
def ask_contact() -> Response:
    form, status = ContactForm(), 422
    if form.validate():
        try:
            session["new_contact"] = accounts.ask_to_add_contact(
                signin.me(), form.contact.data or "", browser=signin.browser(),
                address=request.remote_addr or "", now=clock.now(),
            )  # fmt: skip
            return redirect("/account/contacts/code", 303)
        except Refused as refusal:
            keep()
            refuse(form, refusal)
            status = 429 if isinstance(refusal, TooMany) else 422
    return _page(contact=form, status=status)


@bp.get("/account/credit")
@requires(Permission.OWN)
def store_credit() -> Response:
    """What the shop owes in goods, and what came and went; it belongs to the whole account."""
    actor = signin.me()
    if actor.reach is not None or actor.id is None:
        return redirect("/account/everything", 303)
    return page(
        "customer/account/credit.html", nav_current="account", balances=credit.balances(actor.id),
        entries=credit.history(actor.id, ENTRIES), most=ENTRIES,
    )  # fmt: skip


@bp.get("/account/contacts/code")
@requires(Permission.OWN)
def contact_code() -> Response:
    if "new_contact" not in session:
        return redirect("/account", 303)
    return _code_page("/account/contacts/code", CodeForm(formdata=None), session["new_contact"])


@bp.post("/account/contacts/code")
@requires(Permission.OWN)
def add_contact() -> Response:
    form, contact, status = CodeForm(), session.get("new_contact"), 422
    if not contact:
        return redirect("/account", 303)
    if form.validate():
        keep()
        try:
            accounts.add_contact(signin.me(), form.code.data or "", browser=signin.browser(), now=clock.now())
            session.pop("new_contact")
            return go_to("/account", _("This contact is verified now. You can sign in with it."))
        except Refused as refusal:
            refuse(form, refusal)
            status = 429 if isinstance(refusal, TooMany) else 422
    return _code_page("/account/contacts/code", form, contact, status)


@bp.post("/account/devices/end")
@requires(Permission.OWN)
def end_device() -> Response:
    actor, number = signin.me(), request.form.get("device", type=int) or 0
    if actor.reach is None and 0 < number < 2**63 and number != actor.session_id:
        sessions.end(actor, number, clock.now())
    return go_to("/account", _("That device is signed out."))


@bp.get("/account/everything")
@requires(Permission.OWN)
def everything() -> Response:
    """For a session that paper opened: a code to the proven contact opens the whole account."""
    if signin.me().reach is None:
        return redirect("/home", 303)
    sent = session.get("everything")
    return _everything(CodeForm(formdata=None) if sent else None)


@bp.post("/account/everything")
@requires(Permission.OWN)
def send_code() -> Response:
    try:
        accounts.ask_for_code(
            _proven_contact(), browser=signin.browser(), address=request.remote_addr or "",
            language=words.language(), now=clock.now(),
        )  # fmt: skip
    except Refused as refusal:
        keep()
        form = CodeForm(formdata=None)
        refuse(form, refusal)
        return _everything(form, 429 if isinstance(refusal, TooMany) else 422)
    session["everything"] = True
    return redirect("/account/everything", 303)


@bp.post("/account/everything/check")
@requires(Permission.OWN)
def open_everything() -> Response:
    form, status = CodeForm(), 422
    if form.validate():
        keep()
        try:
            customer = accounts.sign_in_by_code(
                _proven_contact(), form.code.data or "", browser=signin.browser(), now=clock.now()
            )
            signin.sign_in(customer)
            return go_to("/home", _("Now you see everything in your account."))
        except Refused as refusal:
            refuse(form, refusal)
            status = 429 if isinstance(refusal, TooMany) else 422
    return _everything(form, status)


def _proven_contact() -> str:
    """Where a code reaches the account's owner: as in signing in. Raises Refused when there is nothing."""
    contact = _contact()
    if not contact:
        raise Refused(_("There is no contact on file that a code could be sent to. Please ask the shop."))
    return contact


def _contact() -> str | None:
    customer = db.session.get_one(Customer, signin.me().id)
    proven = customer.phone if customer.phone_verified_at else None
    return (customer.email if customer.email_verified_at or customer.unopened else None) or proven


def _everything(form: Form | None, status: int = 200) -> Response:
    """Without a contact it says how the shop helps."""
    contact = _contact()
    masked = contact and (email.mask(contact) if "@" in contact else phone.mask(contact))
    return page(
        "customer/account/everything.html", nav_current="account", status=status, form=form, contact=masked
    )


def _code_page(action: str, form: Form, contact: str, status: int = 200) -> Response:
    shown = contact if "@" in contact else phone.show(contact)
    return page(
        "customer/account/code.html",
        nav_current="account",
        status=status,
        form=form,
        action=action,
        contact=shown,
    )


def _devices(actor: Actor) -> list[Session]:
    return sessions.open_ones(actor, clock.now()) if actor.reach is None else []


def _page(*, name: Form | None = None, contact: Form | None = None, status: int = 200) -> Response:
    actor = signin.me()
    customer = db.session.get_one(Customer, actor.id)
    return page(
        "customer/account/show.html",
        nav_current="account",
        status=status,
        customer=customer,
        credits=credit.balances(customer.id) if actor.reach is None else [],
        devices=[(one, browser_name(one.browser)) for one in _devices(actor)],
        name=name or NameForm(formdata=None, data={"name": customer.name, "language": words.language()}),
        contact=contact or ContactForm(formdata=None),
    )
