"""The customer, with a phone."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import Browser

from portal.kernel.text import Message
from tests.journeys.portal import Portal
from tests.journeys.shop import Paper, Standing
from tests.journeys.window import PHONE, Window

IMAGES = Path(__file__).parents[1] / "adapters" / "images"
PHOTOS = [IMAGES / name for name in ("hopper_orientation_6.jpg", "hopper.heif", "Landscape_3.jpg")]
STORY = "Layar mati sejak kemarin malam, lampu merah berkedip tiga kali."


class Customer(Window):
    """`reached_at` is where the portal's messages to this person arrive."""

    case = ""

    def __init__(self, portal: Portal, browser: Browser, *, reached_at: str, **looks: Any):
        super().__init__(portal, browser, size=PHONE, **looks)
        self.reached_at, self._browser, self._looks = reached_at, browser, looks

    # Getting in

    def scans(self, paper: Paper | str, *, status: int = 200) -> Self:
        return self.go(paper if isinstance(paper, str) else paper.address, status=status)

    def proves_by_phone(self, digits: str, *, status: int = 200) -> Self:
        return self._types("Last four digits of your phone number", digits, "Open my receipt", status)

    def asks_for_code(self) -> Self:
        return self.press("Send me a code")

    def writes_code(self, code: str, button: str = "Open my receipt", *, status: int = 200) -> Self:
        return self._types("Code", code, button, status)

    def reads_code(self) -> str:
        """The six digits that came with the newest message."""
        text = self.portal.letter_to(self.reached_at, "code").text
        found = re.search(r"\b\d{6}\b", text)
        assert found, text
        return found[0]

    def signs_in(self, contact: str) -> Self:
        self.go("/sign-in").write("E-mail address or phone number", contact).press("Send me a code")
        return self.writes_code(self.reads_code(), "Go on")

    def on_another_phone(self) -> "Customer":
        """The same person with a browser that knows nothing yet."""
        other = Customer(self.portal, self._browser, reached_at=self.reached_at, **self._looks)
        other.case = self.case
        return other

    def follows_message(self, template: str) -> Self:
        """Open the link of the newest message of a kind."""
        text = self.portal.letter_to(self.reached_at, template).text
        found = re.search(re.escape(self.portal.url) + r"(/\S+)", text)
        assert found, text
        return self.go(found[1])

    # Claims

    def begins_claim(self, unit: str) -> Self:
        return self.go(f"/units/{unit}").follow("Something is wrong with it")

    def writes_claim(self, unit: str, *, story: str = STORY, photos: Sequence[Path] = ()) -> Self:
        """Answer every question; only the button under the review is left."""
        self.begins_claim(unit)
        self.page.locator("input[name=symptom][value=tv_no_power]").check()
        self.press("Go on").write("What happens, and since when?", story).press("Go on")
        return self.adds(photos).press("Go on").reads("Read it again, then send it")

    def files_claim(self, unit: str, *, photos: Sequence[Path] = (), story: str = STORY) -> Self:
        self.writes_claim(unit, story=story, photos=photos).press("Send the claim")
        return self.arrived_at_case()

    def arrived_at_case(self) -> Self:
        self.case = self.page.url.rpartition("/cases/")[2]
        assert len(self.case) == 8, self.page.url
        return self

    def adds(self, photos: Sequence[Path], *, called: str = "Photos") -> Self:
        if photos:
            self.box(called).set_input_files(photos)
        return self

    def answers(self, text: str, *, photos: Sequence[Path] = ()) -> Self:
        self.write("Your message", text)
        return self.adds(photos, called="Photos, PDFs or videos").sends()

    def appeals(self, why: str) -> Self:
        part = self.unfold("Appeal: let another person decide")
        return self.write("Why do you disagree?", why, within=part).press("Send the appeal")

    def sees(self, how: Standing) -> Self:
        """The case's page says the state, who acts next and what, and by when."""
        self.go(f"/cases/{self.case}")
        self.shows(".thing .stamp", how.state.customer)
        self.shows(".next-what", how.state.customer_next)
        if how.due:
            self.shows(".next-due", self.portal.moment(self.lang, how.due))
        return self

    def shows(self, place: str, words: Message | str) -> Self:
        text = self.page.locator(place).first.inner_text()
        assert self.t(words).lower() in text.lower(), f"{place} says {text!r}"
        return self

    # Registrations

    def registers(
        self, sku: str, *, serial: str, bought_on: str, outlet: str, photos: Sequence[Path]
    ) -> Self:
        self.go(f"/units/register?product={sku}").write("Serial number", serial)
        self.write("Date of purchase", bought_on).write("Name of the shop on the receipt", "Toko Lain")
        self.box("Which of our shops should handle it?").select_option(outlet)
        self.box("Photos of the receipt").set_input_files(photos)
        return self.press("Send to the shop")

    def _types(self, label: str, digits: str, button: str, status: int) -> Self:
        """Digits are sent by themselves as soon as they are complete; without scripts by the button."""
        if self.scripts:
            with self.arrives(status):
                self.box(label).press_sequentially(digits)
            return self
        return self.write(label, digits).press(button, status=status)
