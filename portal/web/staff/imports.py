"""Sales from a file: uploaded, looked over, let in; the worker does the work in between."""

import errno
import tempfile
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from flask import Blueprint, g, request, send_file
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound, ServiceUnavailable
from werkzeug.wrappers import Response
from wtforms import FileField, SelectField
from wtforms.validators import ValidationError

from portal.adapters import tables
from portal.db import db
from portal.domain.accounts.models import Staff
from portal.domain.accounts.rules import Permission
from portal.domain.catalog import queries as catalog
from portal.domain.catalog.models import Outlet
from portal.domain.intake import imports
from portal.domain.intake.models import Import
from portal.domain.intake.rules import AT_WORK, Stage
from portal.kernel import clock
from portal.kernel.codes import normalise
from portal.kernel.paging import PAGE_SIZE, cut, decode
from portal.kernel.text import Message, _
from portal.web.access import requires
from portal.web.fields import Form
from portal.web.load import one_or_404
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff import import_preview
from portal.web.staff.import_columns import ColumnsForm, LookForm
from portal.web.uploads import NoRoom, store
from portal.web.words import translate

bp = Blueprint("staff_imports", __name__, url_prefix="/desk/imports")

ROOM = 1024 * 1024  # for what stands around the file in the body
REFUSED = _("refused")  # in the name of the file
STAGES: dict[Stage, tuple[Message, str]] = {
    Stage.READING: (_("Being looked at"), "moving"),
    Stage.MATCHING: (_("Waits for your columns"), "waiting"),
    Stage.CHECKING: (_("Being checked"), "moving"),
    Stage.CHECKED: (_("Waits for your start"), "waiting"),
    Stage.RUNNING: (_("Coming in"), "moving"),
    Stage.DONE: (_("All in"), "good"),
    Stage.CANCELLED: (_("Cancelled"), "quiet"),
    Stage.FAILED: (_("Cannot be read"), "bad"),
}
NOTHING_NEW = (_("Nothing to let in"), "quiet")


class UploadForm(Form):
    file = FileField(_("File of sales"))
    outlet_id = SelectField(_("Outlet of rows that name none"), coerce=int)

    def __init__(self, **values: Any):
        super().__init__(**values)
        self.outlet_id.choices = _outlets()

    def validate_file(self, field: Any) -> None:
        if g.upload is None:
            raise ValidationError(translate(_("Choose a file: CSV, CSV in GZIP, or XLSX.")))


def take_in() -> None:
    """Put the uploaded file into the file store, before the transaction begins, and note its key.

    The key is made of the form and the file, so that a form that is sent twice keeps one file.
    """
    g.upload = None
    file = request.files.get("file")
    if file is None or not file.filename:
        return
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "upload"
            file.save(path)
            with path.open("rb") as whole:
                content = file_digest(whole, "sha256").hexdigest()
            mark = repr((me().id, request.form.get("_key"), file.filename, content))
            key = f"imports/{sha256(mark.encode()).hexdigest()[:40]}"
            store().put_file(key, path)
            g.upload = key, Path(file.filename).name[:200], path.stat().st_size
    except OSError as error:
        raise (NoRoom if error.errno == errno.ENOSPC else ServiceUnavailable) from error


@bp.get("")
@requires(Permission.SALES_IMPORT)
def uploads() -> Response:
    return _list(UploadForm(formdata=None))


@bp.post("")
@requires(Permission.SALES_IMPORT, before=take_in, largest=tables.LARGEST + ROOM)
def upload() -> Response:
    form = UploadForm()
    if not form.validate():
        if g.upload:
            store().delete(g.upload[0])
        return _list(form, 422)
    key, name, size = g.upload
    job = imports.begin(
        me(), outlet_id=form.outlet_id.data, file_name=name, file_key=key, size=size, now=clock.now()
    )
    return go_to(_path(job))


@bp.get("/<code>")
@requires(Permission.SALES_IMPORT)
def show(code: str) -> Response:
    return _show(_load(code))


@bp.post("/<code>/columns")
@requires(Permission.SALES_IMPORT)
def confirm(code: str) -> Response:
    job = _load(code)
    if job.stage != Stage.MATCHING:
        return go_to(_path(job))
    form = ColumnsForm(job)
    if not form.validate() or not form.save(job):
        return _show(job, form, 422)
    return go_to(_path(job))


@bp.post("/<code>/look")
@requires(Permission.SALES_IMPORT)
def look_again(code: str) -> Response:
    job = _load(code)
    form = LookForm(job)
    if job.stage == Stage.MATCHING and not form.validate():
        return _show(job, None, 422, form)
    if job.stage == Stage.MATCHING:
        imports.look_again(job, delimiter=form.sign(), skip=(form.row.data or 1) - 1)
    return go_to(_path(job))


@bp.post("/<code>/start")
@requires(Permission.SALES_IMPORT)
def start(code: str) -> Response:
    job = _load(code)
    if job.stage == Stage.CHECKED:
        imports.start(job)
    return go_to(_path(job))


@bp.post("/<code>/again")
@requires(Permission.SALES_IMPORT)
def choose_again(code: str) -> Response:
    job = _load(code)
    imports.choose_again(job)
    return go_to(_path(job))


@bp.post("/<code>/outlets")
@requires(Permission.SALES_IMPORT)
def call_outlets(code: str) -> Response:
    """Which outlets are meant by names that none of them has."""
    job = _load(code)
    if job.stage == Stage.CHECKED:
        ours = {str(number) for number, _name in _outlets()}
        told = {name: request.form.get(f"outlet-{n}", "") for n, name in enumerate(job.counts["outlets"])}
        imports.call_outlets(job, {name: int(number) for name, number in told.items() if number in ours})
    return go_to(_path(job))


@bp.post("/<code>/cancel")
@requires(Permission.SALES_IMPORT)
def cancel(code: str) -> Response:
    job = _load(code)
    imports.cancel(job, clock.now())
    return go_to(_path(job))


@bp.get("/<code>/refused")
@requires(Permission.SALES_IMPORT)
def refused(code: str) -> Response:
    """The refused rows as a file like the one that was uploaded."""
    job = _load(code)
    if not job.refused_key:
        raise NotFound
    kind = job.refused_key.rpartition(".")[2]
    name = f"{job.code}-{translate(REFUSED)}.{kind}"
    with tempfile.TemporaryDirectory() as folder:
        try:
            path = store().fetch(job.refused_key, Path(folder) / "refused")
        except KeyError:
            raise NotFound from None
        return send_file(
            path.open("rb"), as_attachment=True, download_name=name,
            mimetype="text/csv" if kind == "csv" else None,
        )  # fmt: skip


def _outlets() -> list[tuple[int, str]]:
    found = catalog.limit_to(me(), select(Outlet.id, Outlet.name).order_by(Outlet.name))
    return [(number, name) for number, name in db.session.execute(found)]


def told(stage: str, counts: dict[str, Any]) -> tuple[Message, str]:
    """How a stage is called, and its tone; a checked file with nothing new waits for nobody."""
    idle = stage == Stage.CHECKED and not (counts["created"] or counts["changed"])
    return NOTHING_NEW if idle else STAGES[Stage(stage)]


def _show(
    job: Import, columns: ColumnsForm | None = None, status: int = 200, look: LookForm | None = None
) -> Response:
    matching = job.stage == Stage.MATCHING
    return page(
        "staff/imports/show.html", block="state", status=status, nav_current="receipts", job=job,
        outlet=job.outlet, stage=told(job.stage, job.counts), at_work=job.stage in AT_WORK,
        columns=columns or (ColumnsForm(job, formdata=None) if matching else None),
        look=look or (LookForm(job, formdata=None) if matching else None),
        share=100 * job.done // job.total if job.total else 0,
        problem=Message(*job.problem) if job.problem else None, preview=import_preview.of(job),
        ours=_outlets() if job.stage == Stage.CHECKED and job.counts.get("outlets") else [],
    )  # fmt: skip


def _list(form: UploadForm, status: int = 200) -> Response:
    after = decode(request.args.get("after"), int)
    found = imports.limit_to(
        me(),
        select(
            Import.id, Import.code, Import.stage, Import.file_name, Import.created_at, Import.counts,
            Outlet.name.label("outlet"), Outlet.timezone, Staff.name.label("by"),
        )
        .join(Outlet, Outlet.id == Import.outlet_id)
        .join(Staff, Staff.id == Import.staff_id),
    )  # fmt: skip
    if after:
        found = found.where(Import.id < after[0])
    rows = db.session.execute(found.order_by(Import.id.desc()).limit(PAGE_SIZE + 1)).all()
    return page(
        "staff/imports/list.html", status=status, nav_current="receipts", form=form, told=told,
        found=cut(rows, lambda row: [row.id]), after=after,
    )  # fmt: skip


def _load(code: str) -> Import:
    found: Import = one_or_404(
        imports.visible_to(me()).where(Import.code == normalise(code)).options(joinedload(Import.outlet))
    )
    return found


def _path(job: Import) -> str:
    return f"/desk/imports/{job.code}"
