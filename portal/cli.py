"""The operator's commands: `flask --app wsgi …`."""

import os
import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from portal import jobs, mailroom
from portal.adapters import imap
from portal.db import db
from portal.domain.accounts import actions as accounts
from portal.domain.accounts import queries as accounts_queries
from portal.domain.accounts import secrets
from portal.domain.accounts.rules import STAFF_ROLES, Role
from portal.domain.purchases import actions as purchases
from portal.domain.purchases import queries as purchases_queries
from portal.kernel import clock, email
from portal.kernel.errors import Refused


def address(path: str) -> str:
    """The full public address of an own path."""
    base: str = current_app.extensions["settings"].public_url
    return base.rstrip("/") + path


@click.command("signin-link")
@click.argument("who")
@with_appcontext
def signin_link(who: str) -> None:
    """Print a one-time sign-in address for WHO: e-mail, phone or code of a customer or a member of staff."""
    person = accounts_queries.find_person(who)
    if person is None:
        raise click.ClickException(
            f"Nobody is known as {who}. Give an e-mail address, a phone number or a code."
        )
    token = secrets.make_link(person, clock.now())
    db.session.commit()
    click.echo(address(f"/sign-in/link/{token}"))


@click.command("receipt-link")
@click.argument("code")
@with_appcontext
def receipt_link(code: str) -> None:
    """Print the address that the QR code of the receipt CODE holds."""
    purchase = purchases.find_by_code(code.replace("-", ""))
    token = purchases_queries.token_of(purchase.id) if purchase else None
    if token is None:
        raise click.ClickException(f"There is no receipt {code}, or its link was revoked.")
    click.echo(address(f"/q/{token}"))


@click.command("create-staff")
@click.argument("email_address")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in STAFF_ROLES]), default=Role.ADMIN.value)
@click.password_option()
@with_appcontext
def create_staff(email_address: str, name: str, role: str, password: str) -> None:
    """Create a member of staff; the first admin is made this way."""
    try:
        accounts.save_staff(
            None, name=name, email=email.parse(email_address), role=Role(role), password=password,
            disabled=False, now=clock.now(),
        )  # fmt: skip
    except (Refused, ValueError) as error:
        db.session.rollback()
        raise click.ClickException(str(getattr(error, "message", error))) from error
    db.session.commit()
    click.echo(f"{name} can sign in at {address('/staff/sign-in')}")


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Deliver messages and tidy up, until it is stopped."""
    jobs.work(current_app.extensions["queue"])


@click.command("mail-in")
@with_appcontext
def mail_in() -> None:
    """Take one letter from standard input into the thread of its case, and print what became of it.

    For a mail server's pipe: 75 asks it to try again later.
    """
    raw = sys.stdin.buffer.read(imap.LARGEST + 1)
    try:
        outcome = mailroom.receive(raw, whole=len(raw) <= imap.LARGEST)
    except (OperationalError, OSError) as error:
        click.echo(type(error).__name__, err=True)
        sys.exit(os.EX_TEMPFAIL)
    click.echo(outcome)


COMMANDS = (signin_link, receipt_link, create_staff, worker, mail_in)
