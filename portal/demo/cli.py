"""The demo's commands: `flask --app wsgi demo-seed`, `demo-import`, `demo`."""

import time

import click
from flask import current_app
from flask.cli import with_appcontext

from portal import jobs
from portal.demo.seed import is_empty, seed
from portal.kernel import clock


@click.command("demo-seed")
@with_appcontext
def demo_seed() -> None:
    """Fill an empty database with the demo."""
    if not is_empty():
        click.echo("The database holds something already; nothing was added.")
        return
    began = time.monotonic()
    seed(clock.now(), current_app.extensions["files"])
    jobs.deliver_outbox()
    click.echo(f"Four outlets, 2,000 receipts and 80 claims are ready ({time.monotonic() - began:.0f} s).")


COMMANDS = (demo_seed,)
