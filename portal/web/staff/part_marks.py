"""Codes for packages of parts: made, and printed as sheets of labels."""

from flask import Blueprint, Response, current_app
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, StringField

from portal.adapters import pdf
from portal.adapters.labels import Label, Sheets, Size, labels_pdf
from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.parts import genuine, queries
from portal.domain.parts.models import Part
from portal.domain.parts.rules import BATCH_MOST
from portal.kernel import clock
from portal.kernel.text import _
from portal.web import look, words
from portal.web.access import requires
from portal.web.fields import AtMost, Between, Form, NumberField, Required
from portal.web.load import one_or_404
from portal.web.printed import public_address
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.parts import HERE, load
from portal.web.staff.saving import save

bp = Blueprint("staff_part_marks", __name__)


class MarksForm(Form):
    pieces = NumberField(_("Packages"), [Required(_("Say how many.")), Between(1, BATCH_MOST)])
    batch = StringField(_("Batch number"), [AtMost(40)])
    each = BooleanField(_("Each package has a code of its own"), default=True)


@bp.post(f"{HERE}/<code>/marks")
@requires(Permission.STOCK_KEEP)
def make(code: str) -> AnyResponse:
    part, form = load(code), MarksForm()
    sheet, status = save(
        form,
        lambda: genuine.make(
            part, form.batch.data or "", form.pieces.data or 0, form.each.data, clock.now()
        ),
    )  # fmt: skip
    if sheet is not None:
        return go_to(f"{HERE}/{code}#marks", _("The codes are ready to print."))
    part = load(code, joinedload(Part.supplier))
    return page(
        "staff/parts/show.html", status=status, nav_current="catalog", tab="parts", part=part,
        fits=queries.fit_names(part.id), levels=queries.levels(part.id), sheets=genuine.sheets(part.id),
        marks=form,
    )  # fmt: skip


@bp.get(f"{HERE}/marks/<sheet>.pdf")
@requires(Permission.CATALOG_VIEW)
def print_sheet(sheet: str) -> Response:
    """The labels of one making, as many as there are packages."""
    part: Part = one_or_404(queries.visible_to(me()).where(Part.id == genuine.part_of(sheet)))
    name = (words.language() == "en" and part.name_en) or part.name_id
    labels = [
        Label(public_address(f"/genuine/{mark}"), words.code(mark), name) for mark in genuine.labels(sheet)
    ]
    sheets = Sheets(look.current().look, words.language(), labels, [], "scan_genuine")
    db.session.rollback()  # nothing holds the database while the sheets are made
    try:
        made = labels_pdf(sheets, Size.SMALL)
    except (pdf.Busy, pdf.RenderFailed) as error:
        current_app.logger.warning("labels not made: %s", error)
        raise ServiceUnavailable from error
    answer = Response(made, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="part-{part.number[:40]}-{sheet}.pdf"'
    return answer
