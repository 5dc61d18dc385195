"""The pages on which one kind of small record is added and changed; it is known by its code."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.domain.accounts.rules import Permission
from portal.kernel.text import Message
from portal.web.access import requires
from portal.web.fields import Form
from portal.web.render import go_to, page
from portal.web.staff.saving import save, stored_now


@dataclass(frozen=True)
class Editor:
    """`load` finds a record by its code or raises NotFound; `store` takes the record or None for a new one,
    the version that its form was opened with, and the fields; `begin` is what a new one starts with."""

    here: str
    template: str
    form: Callable[..., Any]
    load: Callable[[str], Any]
    store: Callable[..., Any]
    saved: Message
    begin: Callable[[], dict[str, Any]] = dict

    def add_pages(self, bp: Blueprint) -> None:
        """`…/new` and `…/<code>`, each to be read and to be sent."""

        @bp.get(f"{self.here}/new")
        @requires(Permission.CATALOG_EDIT)
        def new() -> Response:
            return self._page(None, self.form(formdata=None, **self.begin()))

        @bp.post(f"{self.here}/new")
        @requires(Permission.CATALOG_EDIT)
        def create() -> Response:
            return self._save(None)

        @bp.get(f"{self.here}/<code>")
        @requires(Permission.CATALOG_EDIT)
        def edit(code: str) -> Response:
            found = self.load(code)
            return self._page(found, self.form(formdata=None, obj=found))

        @bp.post(f"{self.here}/<code>")
        @requires(Permission.CATALOG_EDIT)
        def change(code: str) -> Response:
            return self._save(self.load(code))

    def _save(self, found: Any) -> Response:
        form: Form = self.form()
        fields = {name: value for name, value in form.data.items() if name != "version"}
        stored, status = save(form, lambda: self.store(found, form["version"].data or 0, **fields))
        if stored is not None:
            return go_to(self.here, self.saved)
        conflict = stored_now(form, self.form(formdata=None, obj=found)) if status == 409 else None
        return self._page(found, form, status, conflict)

    def _page(self, found: Any, form: Form, status: int = 200, conflict: Any = None) -> Response:
        return page(
            self.template, status=status, nav_current="catalog", record=found, form=form, conflict=conflict
        )
