"""What goes wrong, changes or unfolds is said, and the focus is where reading goes on; all by keyboard."""

import re
from contextlib import suppress
from functools import partial, update_wrapper

import pytest
from playwright.sync_api import Browser, Page, TimeoutError, expect

from portal.domain.accounts.rules import Role
from portal.web import guard
from tests.fixtures.cast import agent
from tests.journeys.everything import Everything, everything
from tests.journeys.window import DESKTOP, PHONE, Window

__all__ = ["agent", "everything"]  # the agent of the route tests
pytestmark = pytest.mark.journey
CUSTOMER, AGENT, ADMIN = Role.CUSTOMER.value, Role.AGENT.value, Role.ADMIN.value
FORMS = """[...document.querySelectorAll("main form[method=post]:not([hx-post])")].filter(
  (form) => form.querySelector("textarea, select, input:not([type=hidden], [type=checkbox])"))"""
WITH_FIELDS = re.compile(r'method="post".*(<textarea|<select|type="(text|radio|file|email|tel)")', re.DOTALL)
SEND_EMPTY = f"""(n) => {{
  const form = {FORMS}[n];
  for (const e of form.elements) {{
    if (e.type === "radio") e.checked = false;
    else if (e.matches("textarea, input:not([type=hidden], [type=checkbox], [type=color])")) e.value = "";
  }}
  form.closest("[data-stay]")?.removeAttribute("data-stay");
  form.requestSubmit(form.querySelector("button:not([type=button])"));
}}"""
FOCUS = """() => {
  const e = document.activeElement;
  if (e === document.body) return null;
  const { left, right, top, bottom } = e.getBoundingClientRect();
  const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;
  const at = document.elementFromPoint(middle(left, right, innerWidth), middle(top, bottom, innerHeight));
  const around = [e, ...["label", "li", "tr", ".photos"].map((box) => e.closest(box)).filter(Boolean)];
  const shown = around.some((box) => {
    const { outlineStyle, boxShadow } = getComputedStyle(box);
    return outlineStyle !== "none" || (box.matches("tr") && boxShadow !== "none");
  });
  const covered = !at || !around.some((box) => box.contains(at) || at.contains(box));
  return { id: e.id, html: e.outerHTML.slice(0, 120), shown, covered };
}"""


def of(everything: Everything, chromium: Browser, who: str, **looks: object) -> Window:
    size = PHONE if who in ("visitor", CUSTOMER) else DESKTOP
    return everything.opens(who, Window(everything.portal, chromium, size=size, **looks))  # type: ignore[arg-type]


def focused(page: Page, element: str) -> bool:
    """Whether the focus is there, or comes: a link within the page moves it with the next picture."""
    with suppress(TimeoutError):
        page.wait_for_function("id => document.activeElement.id === id", arg=element, timeout=5_000)
        return True
    return False


@pytest.mark.parametrize("who", ["visitor", CUSTOMER, AGENT, ADMIN])
def test_every_form_leads_from_its_summary_to_its_fields(
    everything: Everything, chromium: Browser, who: str
) -> None:
    window, wrong, summaries = of(everything, chromium, who), [], 0
    page, answers = window.page, []
    page.on("response", lambda answer: answer.request.is_navigation_request() and answers.append(answer))
    known = {main for _path, main in everything.pages[AGENT]} if who == ADMIN else set()
    for path in [
        path for path, main in everything.pages[who] if WITH_FIELDS.search(main) and main not in known
    ]:
        page.goto(path)
        for n in range(page.evaluate(f"{FORMS}.length")):
            page.goto(path)
            if n >= page.evaluate(f"{FORMS}.length"):
                break  # a form that was accepted has ended what the page was for
            with page.expect_event("load"):
                page.evaluate(SEND_EMPTY, n)
            if answers[-1].status != 422:
                continue
            summaries += 1
            window.look()
            if not page.evaluate("document.activeElement.matches('.errors')"):
                wrong.append(f"{path} {n}: the focus is not on the summary")
            for link in page.locator(".errors a").all():
                link.press("Enter")
                field = (link.get_attribute("href") or "")[1:]
                if not focused(page, field) or not page.locator(f"[id='{field}']:visible").count():
                    wrong.append(f"{path} {n}: the link to {field} does not lead into it")
    window.close()
    assert not wrong, "\n".join(wrong)
    assert summaries >= 3


@pytest.mark.parametrize("who", ["visitor", CUSTOMER, AGENT])
def test_pages_of_errors(everything: Everything, chromium: Browser, who: str) -> None:
    window, views = of(everything, chromium, who), everything.portal.app.view_functions
    for status, (_stamp, title, sentence) in guard.ERRORS.items():
        view = partial(guard.error_page, status)
        views["customer_help.index_page"] = update_wrapper(view, views["customer_help.index_page"])
        window.go("/help", status=status).reads(title).reads(sentence).touches()
    window.close()


def test_what_was_written_when_the_session_ended(everything: Everything, chromium: Browser) -> None:
    window = of(everything, chromium, CUSTOMER)
    window.go(everything.also[CUSTOMER][3]).write("Your message", "Merah.")
    window.context.clear_cookies()
    window.press("Send", status=400).touches()
    assert window.box("What you wrote").input_value().strip() == "Merah."
    window.close()


@pytest.mark.parametrize(
    ("who", "paths"),
    [
        ("visitor", ["/", "/receipt", "/sign-in"]),
        (CUSTOMER, ["/home", "/units", "/account"]),
        (AGENT, ["/desk", "/desk/receipts"]),
        (ADMIN, ["/desk/shop"]),
    ],
)
def test_tab_leads_through_the_page(
    everything: Everything, chromium: Browser, who: str, paths: list[str]
) -> None:
    window, wrong = of(everything, chromium, who), []
    also = everything.also.get(who, [])
    for path in [*paths, *also[:4]]:
        key = window.go(path).page.keyboard.press
        key("Tab")
        assert window.page.locator(".skip").bounding_box()["y"] >= 0, "the skip link does not show"  # type: ignore[index]
        for _step in range(160):
            key("Tab")
            now = window.page.evaluate(FOCUS)
            if now is None or 'class="skip"' in now["html"]:
                break
            if now["covered"] or not now["shown"]:
                wrong.append(f"{path}: {now}")
        else:
            wrong.append(f"{path}: the focus never comes to the end")
        window.go(path)
        key("Tab")
        key("Enter")
        assert focused(window.page, "main")
    window.close()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_link_to_a_folded_part_leads_there(
    everything: Everything, chromium: Browser, scripts: bool
) -> None:
    window = of(everything, chromium, CUSTOMER, scripts=scripts)
    window.go(everything.also[CUSTOMER][5])
    link = window.page.get_by_role("link", name=window.t("Appeal"), exact=True)
    link.press("Enter")
    summary = window.page.locator("#appeal > summary")
    expect(summary).to_be_in_viewport()
    if scripts:
        expect(summary).to_be_focused()
    else:
        summary.press("Enter")
    expect(window.box("Why do you disagree?")).to_be_visible()
    window.close()


def test_what_the_desk_puts_in_place_is_said(everything: Everything, chromium: Browser) -> None:
    window = of(everything, chromium, ADMIN)
    said, focused = window.page.locator("#say"), window.page.locator(":focus")
    window.go("/desk").page.keyboard.press("/")
    window.page.keyboard.type("zzzz")
    window.page.keyboard.press("Enter")
    expect(said).to_contain_text("zzzz")
    expect(focused).to_have_attribute("type", "search")
    window.go("/desk/cases/" + everything.world.values["/desk/cases/<"])
    window.page.get_by_role("link", name=window.t("Pass on"), exact=True).press("Enter")
    expect(said).to_have_text(window.t("Choose who gets the case."))
    expect(focused).to_have_id("assign-to")
    outlet, policy = (everything.world.values[f"/desk/catalog/{what}/<"] for what in ("outlets", "policies"))
    window.go(f"/desk/catalog/outlets/{outlet}")
    window.page.get_by_role("button", name=window.t("Check these hours")).press("Enter")
    expect(window.page.locator("[role=status] > #opening")).not_to_be_empty()
    window.go(f"/desk/catalog/policies/{policy}")
    window.page.get_by_role("button", name=window.t("Show for these dates")).press("Enter")
    expect(said).to_have_text(window.t("The clauses stand as for these dates."))
    window.go("/outbox").page.get_by_role("link", name=window.t("Refresh")).focus()
    everything.portal.delivers()
    expect(said).to_contain_text(window.t("New message: %(subject)s", subject=""), timeout=9_000)
    expect(focused).to_have_text(window.t("Refresh"))
    window.close()
