"""The demo's commands: `flask --app wsgi demo-seed`, `demo-import`."""

import time

import click
from flask import current_app
from flask.cli import with_appcontext

from portal import jobs
from portal.adapters import qr
from portal.db import db
from portal.demo import files, online_retail, people
from portal.demo.seed import RECEIPT, is_empty, seed
from portal.domain.accounts import queries as accounts
from portal.domain.accounts import secrets
from portal.domain.purchases import actions as purchases
from portal.domain.purchases import queries as purchases_queries
from portal.kernel import clock

ROLES = ("agent", "technician", "manager", "admin")


@click.command("demo-seed")
@with_appcontext
def demo_seed() -> None:
    """Fill an empty database with the demo."""
    _only_for_trying()
    if not is_empty():
        click.echo("The database holds something already; nothing was added.")
        return
    click.echo("Filling the shops; this takes a few seconds …")
    began = time.monotonic()
    seed(clock.now(), current_app.extensions["files"], current_app.extensions["vault"])
    jobs.deliver_outbox()
    click.echo(f"Four outlets, 2,000 receipts and 80 claims are ready ({time.monotonic() - began:.0f} s).")


@click.command("demo-import")
@with_appcontext
def demo_import() -> None:
    """Load a sample of real receipts as an outlet in London; running it twice adds nothing."""
    _only_for_trying()
    done = online_retail.load(clock.now())
    if done.receipts:
        kinds = ", ".join(f"{count} × {kind}" for kind, count in done.kinds.items())
        click.echo(f"{done.receipts} receipts ({kinds}), {done.lines} lines, {done.units} units recorded.")
    click.echo(f"{done.known} receipts were there before.")
    click.echo(f"Total in the file £{done.in_file / 100:,.2f}, in the portal £{done.in_portal / 100:,.2f}.")
    if done.token:
        base = current_app.extensions["settings"].public_url.rstrip("/")
        click.echo(f"A receipt that nobody has claimed: {base}/q/{done.token}")


@click.command("demo-greeting", hidden=True)
@with_appcontext
def demo_greeting() -> None:
    """All that somebody who tries the demo wants to know."""
    base = current_app.extensions["settings"].public_url.rstrip("/")
    purchase = purchases.find_by_code(RECEIPT)
    token = purchases_queries.token_of(purchase.id) if purchase else None
    receipt = f"{base}/q/{token}" if token else f"{base}/"
    staff = {row["role"]: row["email"] for row in reversed(files.read("people")["staff"])}
    lines = [f"  {role:<12}{staff[role]:<26}{_link(base, staff[role])}" for role in ROLES]
    customer = _link(base, people.FIRST[1])
    db.session.commit()
    text = "\n".join(
        [
            "",
            f"  Purna is open at  {base}",
            "  Ctrl-C stops it. On your phone: make demo HOST=0.0.0.0",
            "",
            "  A printed receipt that nobody has claimed yet (last four digits of the phone: 7890):",
            f"  {receipt}",
            "",
            qr.terminal(receipt),
            "",
            f"  Messages that would have been sent:  {base}/outbox",
            "",
            f"  Customer: sign in at {base}/sign-in as {people.FIRST[1]};",
            "  the code lands in the outbox. Or open this link, which works once:",
            f"  {'customer':<12}{people.FIRST[0]:<26}{customer}",
            "",
            f"  Staff: sign in at {base}/staff/sign-in with the password  {files.PASSWORD}",
            "  or by one of these links:",
            *lines,
            "",
        ]
    )
    click.echo(text)


def _only_for_trying() -> None:
    if current_app.extensions["settings"].production:
        raise click.ClickException("This is for trying Purna; PURNA_PRODUCTION is set.")


def _link(base: str, who: str) -> str:
    person = accounts.find_person(who)
    return f"{base}/sign-in/link/{secrets.make_link(person, clock.now())}" if person else ""


COMMANDS = (demo_seed, demo_import, demo_greeting)
