"""Signing in and out: customers by a code or a link, staff by a password."""

from urllib.parse import urlsplit

from flask import Blueprint, g, redirect, request, session
from werkzeug.wrappers import Response
from wtforms import EmailField, PasswordField, StringField

from portal.domain.accounts import actions as accounts
from portal.domain.accounts import secrets
from portal.domain.accounts.models import Staff
from portal.kernel import clock
from portal.kernel.errors import Refused, TooMany
from portal.kernel.text import _
from portal.web import signin, words
from portal.web.access import public
from portal.web.fields import AtMost, Digits, Form, Required
from portal.web.render import go_to, page, refuse
from portal.web.transaction import keep

bp = Blueprint("signin", __name__)


class ContactForm(Form):
    contact = StringField(_("E-mail address or phone number"), [Required(), AtMost(254)])


class CodeForm(Form):
    code = StringField(_("Code"), [Digits(6, _("Write the six digits from the message."))])


class StaffForm(Form):
    email = EmailField(_("E-mail address"), [Required(), AtMost(254)])
    password = PasswordField(_("Password"), [Required(), AtMost(200)])


def own_path(target: str | None, default: str) -> str:
    """`target` when it is a path of this portal, else `default`."""
    if (
        not target
        or not target.isprintable()
        or not target.startswith("/")
        or target.startswith(("//", "/\\"))
    ):
        return default
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc and "\\" not in target else default


@bp.get("/")
@public()
def start() -> Response:
    actor = signin.actor_or_none()
    if actor is not None:
        return redirect("/desk" if actor.is_staff else "/home", 303)
    return page("customer/signin/start.html", area="public")


@bp.get("/sign-in")
@public()
def ask() -> Response:
    return page(
        "customer/signin/contact.html",
        area="public",
        nav_current="sign-in",
        form=ContactForm(),
        next=own_path(request.args.get("next"), ""),
    )


@bp.post("/sign-in")
@public()
def send_code() -> Response:
    form = ContactForm()
    target = own_path(request.form.get("next"), "")
    if form.validate():
        try:
            contact = accounts.ask_for_code(
                form.contact.data or "", browser=signin.browser(), address=request.remote_addr or "",
                language=words.language(), now=clock.now(),
            )  # fmt: skip
        except Refused as refusal:
            refuse(form, refusal)
            status = 429 if isinstance(refusal, TooMany) else 422
            keep()
            return page(
                "customer/signin/contact.html",
                status=status,
                area="public",
                nav_current="sign-in",
                form=form,
                next=target,
            )
        session["contact"], session["next"] = contact, target
        return redirect("/sign-in/code", 303)
    return page(
        "customer/signin/contact.html",
        status=422,
        area="public",
        nav_current="sign-in",
        form=form,
        next=target,
    )


@bp.get("/sign-in/code")
@public()
def ask_code() -> Response:
    if "contact" not in session:
        return redirect("/sign-in", 303)
    return page(
        "customer/signin/code.html",
        area="public",
        nav_current="sign-in",
        form=CodeForm(),
        contact=session["contact"],
    )


@bp.post("/sign-in/code")
@public()
def use_code() -> Response:
    form, contact, status = CodeForm(), session.get("contact"), 422
    if not contact:
        return redirect("/sign-in", 303)
    if form.validate():
        keep()
        try:
            customer = accounts.sign_in_by_code(
                contact, form.code.data or "", browser=signin.browser(), now=clock.now()
            )
        except Refused as refusal:
            refuse(form, refusal)
            status = 429 if isinstance(refusal, TooMany) else 422
        else:
            target = own_path(session.get("next"), "/home")
            signin.sign_in(customer)
            return redirect(target, 303)
    return page(
        "customer/signin/code.html",
        status=status,
        area="public",
        nav_current="sign-in",
        form=form,
        contact=contact,
    )


@bp.get("/sign-in/link/<token>")
@public(paper=True)
def link(token: str) -> Response:
    """Looking changes nothing: mail scanners do it too. The button signs in."""
    if not secrets.link_is_open(token, clock.now()):
        return page("customer/signin/link_ended.html", status=410, area="public")
    return page("customer/signin/link.html", area="public", nav_current="sign-in", token=token)


@bp.post("/sign-in/link/<token>")
@public(paper=True)
def use_link(token: str) -> Response:
    person = secrets.use_link(token, clock.now())
    if person is None:
        return page("customer/signin/link_ended.html", status=410, area="public")
    signin.sign_in(person)
    return redirect("/desk" if isinstance(person, Staff) else "/home", 303)


@bp.get("/staff/sign-in")
@public()
def staff() -> Response:
    return page(
        "staff/signin.html",
        area="public",
        nav_current="sign-in",
        form=StaffForm(),
        next=own_path(request.args.get("next"), ""),
    )


def _compare_password() -> None:
    form = StaffForm()
    if form.validate():
        g.compared = accounts.compare_password(
            form.email.data or "", form.password.data or "", address=request.remote_addr or ""
        )


@bp.post("/staff/sign-in")
@public(before=_compare_password)
def staff_sign_in() -> Response:
    form, status = StaffForm(), 422
    target = own_path(request.form.get("next"), "/desk")
    if form.validate():
        keep()
        try:
            member = accounts.sign_in_staff(
                form.email.data or "", g.compared, address=request.remote_addr or ""
            )
        except Refused as refusal:
            refuse(form, refusal)
            status = 429 if isinstance(refusal, TooMany) else 422
        else:
            signin.sign_in(member)
            return redirect(target, 303)
    return page(
        "staff/signin.html", status=status, area="public", nav_current="sign-in", form=form, next=target
    )


@bp.post("/sign-out")
@public()
def sign_out() -> Response:
    signin.sign_out()
    return signin.clear_site_data(go_to("/", _("You are signed out.")))


@bp.post("/language")
@public()
def language() -> Response:
    words.chosen_on_post()
    referrer = urlsplit(request.referrer or "")
    return redirect(own_path(referrer.path, "/") if referrer.netloc == request.host else "/", 303)
