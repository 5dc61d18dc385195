"""The people who work at the shop, each with a desktop."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Self

import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Locator

from portal.domain.claims.rules import Outcome
from portal.domain.repairs.rules import STATES as WORK
from portal.domain.shipments.rules import Direction, Status
from portal.domain.workflows.vocabulary import E
from portal.web.staff.case_forms import LABELS, OUTCOME_CHOICES, REJECT
from tests.journeys.portal import Portal
from tests.journeys.shop import PASSWORD, Paper, Standing
from tests.journeys.window import DESKTOP, Window


class Staff(Window):
    def __init__(self, portal: Portal, browser: Browser, *, email: str, **looks: Any):
        super().__init__(portal, browser, size=DESKTOP, **looks)
        self.email = email

    def signs_in(self) -> Self:
        self.go("/staff/sign-in").write("E-mail address", self.email).write("Password", PASSWORD)
        return self.press("Sign in", within=self.page.locator("main"))

    # Receipts

    def shows_code(self, paper: Paper) -> str:
        """What a phone's camera reads on the desk's screen."""
        self.go(f"/desk/receipts/{paper.code}")
        screen = Image.open(BytesIO(self.page.screenshot(full_page=True)))
        (code,) = zxingcpp.read_barcodes(screen)
        return code.text

    # Cases

    def finds_on_top(self, case: str) -> Self:
        """The desk's first row is this case; open it."""
        self.go("/desk")
        row = self.page.locator("[data-row]").first
        assert row.get_attribute("data-row") == case
        with self.arrives():
            row.locator("a").first.click()
        return self

    def opens(self, case: str) -> Self:
        return self.go(f"/desk/cases/{case}")

    def sees(self, case: str, how: Standing) -> Self:
        self.opens(case)
        assert self.page.locator(".case-line .stamp").inner_text().lower() == self.t(how.state.staff).lower()
        assert self.page.locator(".next-what").inner_text() == self.t(how.state.staff_next)
        if how.due:
            assert self.portal.moment(self.lang, how.due) in self.page.locator(".next-due").text_content()
        return self

    def asks(self, question: str) -> Self:
        return self.write("Message", question).press("Ask and wait")

    def moves(self, event: E) -> Self:
        return self.press(LABELS[event].id, within=self.page.locator(".case-next"))

    def chooses(self, outcome: str, reason: str) -> Locator:
        """Fill in a decision up to its reason; returns the form."""
        form = self.page.locator("#decide")
        form.get_by_label(self.t(OUTCOME_CHOICES[outcome]), exact=True).check()
        self.write("Reason, for the customer to read", reason, within=form)
        return form

    def decides_repair(self, reason: str, *, status: int = 200) -> Self:
        return self.press("Decide", within=self.chooses(Outcome.REPAIR, reason), status=status)

    def rejects(self, reason: str, *, evidence: str, alternative: str, override: str) -> Self:
        form = self.chooses(REJECT, reason)
        self.box("Clause", within=form).select_option("1")
        self.write("Evidence", evidence, within=form).write("Paid alternative", alternative, within=form)
        part = self.unfold("Decide differently from the coverage")
        self.write("Why not as the coverage says?", override, within=part)
        return self.press("Decide", within=form)

    # Shipments

    def ships(self, direction: Direction, *, waybill: str, status: Status = Status.PICKED_UP) -> Self:
        part = self.unfold("Record a shipment")
        self.box("Direction", within=part).select_option(direction)
        self.write("Courier", "JNE", within=part).write("Waybill number", waybill, within=part)
        self.box("Status", within=part).select_option(status)
        return self.press("Write it down", within=part)

    def notes_movement(self, status: Status, place: str) -> Self:
        """Of the shipment that was recorded last."""
        with self.arrives():
            self.page.locator("#shipments a[href^='/desk/legs/']").last.click()
        self.box("Status").select_option(status)
        return self.write("Where", place).press("Write it down")

    # The workshop

    def finds_repair(self, case: str) -> Self:
        """From the case to its work order."""
        self.opens(case)
        with self.arrives():
            self.page.locator("a[href^='/desk/work-orders/']").last.click()
        return self

    def takes_it(self) -> Self:
        return self.press("Give it to this technician", within=self.unfold("Somebody else does it"))

    def works(self, to: str, note: str = "", photos: Sequence[Path] = ()) -> Self:
        if note:
            self.write("What was found or done", note)
        if photos:
            self.box("Photos").set_input_files(photos)
        return self.press(WORK[to][0].id)

    # Registrations

    def decides_registration(self, unit: str, verdict: str, reason: str = "") -> Self:
        self.go(f"/desk/registrations/{unit}").write("Reason, if you reject it", reason)
        return self.press(verdict)
