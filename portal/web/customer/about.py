"""A page for everybody: what happens with personal data."""

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.domain.catalog import queries as catalog
from portal.web import signin
from portal.web.access import public
from portal.web.render import page

bp = Blueprint("customer_about", __name__)


@bp.get("/privacy")
@public()
def privacy() -> Response:
    return page("customer/about/privacy.html", outlets=catalog.outlets(), area=_area())


def _area() -> str:
    """Staff read these pages in the public frame; customers in their own."""
    actor = signin.actor_or_none()
    return "customer" if actor and actor.is_customer else "public"
