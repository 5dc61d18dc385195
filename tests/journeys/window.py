"""A browser window in somebody's hands. Every page that it shows is checked."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, Self

from playwright.sync_api import Browser, ConsoleMessage, Locator, Response, expect

from portal.kernel.text import Message
from tests.journeys.axe import faults_of
from tests.journeys.portal import Portal

TARGETS = """() => {
  const small = [];
  const sentence = (e) => getComputedStyle(e).display === "inline" && [...e.parentElement.childNodes].some(
    (n) => n.nodeType === Node.TEXT_NODE && /\\w/.test(n.data));
  const wanted = "a[href], button, summary, select, textarea, input:not([type=hidden])";
  for (const e of document.querySelectorAll(wanted)) {
    const spread = getComputedStyle(e, "::after").position === "absolute" && e.offsetParent;
    const label = e.matches("[type=checkbox], [type=radio], [type=file]") && e.closest("label");
    const target = label || spread || e;
    const { width, height } = target.getBoundingClientRect();
    if (!e.checkVisibility() || target.matches(".hidden, .skip") || !width) continue;
    if (e.matches("a") && sentence(e)) continue;
    if (Math.min(width, height) < 43.5) small.push(`${target.outerHTML.slice(0, 120)}: ${width} x ${height}`);
  }
  return small;
}"""  # what a finger should hit; links inside sentences are excepted
WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((e) => e.getBoundingClientRect().right > innerWidth || e.getBoundingClientRect().left < 0)
  .map((e) => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 30)}`).slice(0, 5)"""
PICTURES = os.environ.get("PURNA_PICTURES")  # a folder for a picture of every page
PHONE, DESKTOP = (360, 740), (1280, 800)
_number = count(1)


class Window:
    """Fresh, without cookies. `lang` is the language that its person reads."""

    def __init__(
        self, portal: Portal, browser: Browser, *, size: tuple[int, int], lang: str = "id",
        scripts: bool = True, dark: bool = False, axe: bool = True,
    ):  # fmt: skip
        self.portal, self.lang, self.scripts, self.dark = portal, "id", scripts, dark
        self.axe = axe and scripts
        self.context = browser.new_context(
            base_url=portal.url,
            viewport={"width": size[0], "height": size[1]},
            has_touch=size == PHONE,
            is_mobile=size == PHONE,
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(20_000)
        self.faults: list[str] = []
        self._opens_tab()
        if lang != "id":
            self.go("/").press("EN: English")
            self.lang = lang

    def t(self, message: Message | str, **values: Any) -> str:
        return self.portal.say(self.lang, message, **values)

    # Going about

    def go(self, path: str, *, status: int = 200) -> Self:
        self._arrived(self.page.goto(path), status)
        return self

    def press(self, button: str, *, within: Locator | None = None, status: int = 200) -> Self:
        """Press the button that says this, and wait for the page that it leads to."""
        with self.arrives(status):
            (within or self.page).get_by_role("button", name=self.t(button), exact=True).click()
        return self

    def sends(self) -> Self:
        """Send the message that was written into a case: the page stays, the box is empty again."""
        self.page.get_by_role("button", name=self.t("Send"), exact=True).click()
        expect(self.page.locator("[data-stay] textarea")).to_have_value("", timeout=30_000)
        self.look()
        return self

    def follow(self, link: str, *, status: int = 200) -> Self:
        with self.arrives(status):
            self.page.get_by_role("link", name=self.t(link), exact=True).first.click()
        return self

    def downloads(self, link: str) -> bytes:
        """What the link leads to, asked for with this window's cookies."""
        href = self.page.get_by_role("link", name=self.t(link), exact=True).get_attribute("href")
        answer = self.context.request.get(f"{self.portal.url}{href}", timeout=30_000)
        assert answer.status == 200, answer.text()
        return answer.body()

    def write(self, label: str, text: str, *, within: Locator | None = None) -> Self:
        """Fill in the field that the label names."""
        self.box(label, within=within).fill(text)
        return self

    def box(self, label: str, *, within: Locator | None = None) -> Locator:
        """A field by its label, which may add that it is optional."""
        optional = f"{self.t(label)} {self.t('(optional)')}"
        place = within or self.page
        return place.get_by_label(self.t(label), exact=True).or_(place.get_by_label(optional, exact=True))

    def unfold(self, summary: str) -> Locator:
        """Open a folded part of the page; returns it."""
        part = self.page.locator("details", has=self.page.locator("summary", has_text=self.t(summary)))
        if part.get_attribute("open") is None:
            part.locator("summary").click()
        return part

    def reads(self, message: Message | str, **values: Any) -> Self:
        """The sentence stands on the page, visible."""
        self.page.get_by_text(self.t(message, **values)).locator("visible=true").first.wait_for()
        return self

    @contextmanager
    def arrives(self, status: int = 200) -> Iterator[None]:
        """What is done inside leads to another page; addresses that htmx only notes are none."""
        came: list[Response] = []

        def note(answer: Response) -> None:
            if self._is_page(answer):
                came.append(answer)

        self.page.on("response", note)
        with self.page.expect_navigation(wait_until="load") as seen:
            yield
        self.page.remove_listener("response", note)
        answer = seen.value
        if answer is None:
            answer = came[-1] if came else self.page.wait_for_event("response", self._is_page)
            answer.finished()
            self.page.wait_for_load_state("load")
        self._arrived(answer, status)

    def _is_page(self, answer: Response) -> bool:
        mine = answer.request.is_navigation_request() and answer.frame == self.page.main_frame
        return mine and not 300 <= answer.status < 400

    def _arrived(self, answer: Response | None, status: int) -> None:
        assert answer
        assert answer.status == status, f"{answer.url}: {answer.status}, not {status}\n{self._text()}"
        self.look()

    def opens_new_tab(self) -> Self:
        """Close this tab and go on in another one of the same browser."""
        self.page.close()
        self._opens_tab()
        return self

    def _opens_tab(self) -> None:
        self.page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._receive)

    # What is checked

    def look(self) -> None:
        """The page as it stands: fit for everybody, no wider than the window, no complaints."""
        if PICTURES:
            name = self.page.url.removeprefix(self.portal.url).strip("/").replace("/", "_")[:40]
            size = self.page.viewport_size or {"width": 0}
            self.page.screenshot(
                path=f"{PICTURES}/{next(_number):03}-{size['width']}-{name}.png", full_page=True
            )
        wide = self.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        parts = self.page.evaluate(WIDE) if wide > 0 else ()
        assert wide <= 0, f"{self.page.url} is {wide} pixels wider than the window: {parts}"
        if self.axe:
            width = (self.page.viewport_size or {}).get("width")
            self.faults += faults_of(self.page, (width, self.dark))
        assert not self.faults, "\n".join(self.faults)

    def touches(self) -> Self:
        """Everything that is pressed is at least 44 pixels wide and high."""
        small = self.page.evaluate(TARGETS)
        assert not small, f"{self.page.url}:\n" + "\n".join(small)
        return self

    def close(self) -> None:
        self.context.close()
        assert not self.faults, "\n".join(self.faults)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"{self.page.url}: {message.text}")

    def _receive(self, answer: Response) -> None:
        refused = answer.request.method == "POST" and answer.status in (400, 401, 409, 422)  # told
        if answer.status >= 400 and not refused and not answer.request.is_navigation_request():
            self.faults.append(f"{answer.url}: {answer.status}")

    def _text(self) -> str:
        return self.page.locator("main").inner_text()[:1500]
