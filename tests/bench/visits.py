"""What a visit costs a phone: requests, bytes and layout shift in Chromium, and Lighthouse's marks.

Bytes are those that crossed the network, headers too. Lighthouse needs npx and is measured only by `make bench`.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.bench.limits import check
from tests.bench.serving import ROOT, Server
from tests.journeys.conftest import ARGUMENTS, PROGRAM

LIGHTHOUSE = "lighthouse@12.8.2"
KINDS = ("performance", "accessibility", "best-practices")
SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const e of list.getEntries()) sum += e.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 500);
})"""
SLOW = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50_000,
    "uploadThroughput": 25_000,
}  # bytes a second


@dataclass
class Visit:
    """One page load: bytes by kind of thing, and how far the page moved while it came."""

    bytes: dict[str, list[int]] = field(default_factory=dict)
    shift: float = 0.0

    @property
    def requests(self) -> int:
        return sum(map(len, self.bytes.values()))

    def kilobytes(self, *kinds: str) -> float:
        return sum(sum(sizes) for kind, sizes in self.bytes.items() if not kinds or kind in kinds) / 1000


def visit(context: BrowserContext, url: str) -> Visit:
    """Open `url` in a new tab on a slow line. Service workers are left out: they hide what crosses the network."""
    page, found, kinds = context.new_page(), Visit(), {}
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW)
    network.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
    network.on(
        "Network.loadingFinished",
        lambda e: found.bytes.setdefault(kinds[e["requestId"]], []).append(int(e["encodedDataLength"])),
    )
    page.goto(url, wait_until="networkidle")
    found.shift = page.evaluate(SHIFT)
    page.close()
    for sizes in found.bytes.values():  # what came from the cache cost nothing
        sizes[:] = [size for size in sizes if size]
    return found


class Demo:
    """The demo's shops on a server of their own."""

    def __init__(self, folder: Path):
        database = folder / "demo.db"
        env = os.environ | {
            "PURNA_DATABASE": f"sqlite:///{database}", "PURNA_QUEUE": f"sqlite:///{database}.queue",
            "PURNA_FILES": f"{database}.files", "PURNA_MAIL": f"folder:{folder}/mail", "PURNA_DEMO": "1",
        }  # fmt: skip
        self._env = env
        self.flask("db", "upgrade")
        self.flask("demo-seed")
        self.server = Server("wsgi:app", database)
        self.url = f"http://{self.server.host}"
        env |= {"PURNA_PUBLIC_URL": self.url, "PURNA_DEMO": "0"}

    def flask(self, *command: str) -> str:
        """The last word that an operator's command prints."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *command],
            cwd=ROOT, env=self._env, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return (done.stdout.split() or [""])[-1]

    def signed_in(self, browser: Browser, who: str, **looks: object) -> BrowserContext:
        context = browser.new_context(locale="id-ID", service_workers="block", **looks)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(self.flask("signin-link", who))
        page.locator("main button").first.click()
        page.wait_for_load_state("networkidle")
        page.close()
        return context


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which(PROGRAM), args=ARGUMENTS)
        yield browser
        browser.close()


def lighthouse(url: str, cookie: str, *, phone: bool) -> dict[str, float]:
    """Median marks of three runs, 0 to 100, and the layout shift."""
    runs = []
    for _ in range(3):
        with tempfile.NamedTemporaryFile(suffix=".json") as report:
            subprocess.run(
                ["npx", "--yes", LIGHTHOUSE, url, "--quiet", "--form-factor=mobile" if phone else "--preset=desktop",
                 f"--only-categories={','.join(KINDS)}", "--output=json", f"--output-path={report.name}",
                 f"--extra-headers={json.dumps({'Cookie': cookie})}",
                 f"--chrome-flags=--headless {' '.join(ARGUMENTS)}"],
                check=True, capture_output=True, env=os.environ | {"CHROME_PATH": shutil.which(PROGRAM) or ""},
            )  # fmt: skip
            told = json.load(report)
        runs.append(
            {kind: 100 * told["categories"][kind]["score"] for kind in KINDS}
            | {"shift": told["audits"]["cumulative-layout-shift"]["numericValue"]}
        )
    return {kind: statistics.median(run[kind] for run in runs) for kind in runs[0]}


def measure() -> None:
    """The demo's pages, each held against its limit."""
    with tempfile.TemporaryDirectory() as folder:
        demo = Demo(Path(folder))
        try:
            with chromium() as browser:
                _measure(demo, browser)
        finally:
            demo.server.stop()


def _measure(demo: Demo, browser: Browser) -> None:
    phone = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
    customer, agent = "dewi@pelanggan.example", "rizky@purnama.example"
    paper = demo.flask("receipt-link", "PRNA2026")
    owner = demo.signed_in(browser, customer, **phone)
    staff = demo.signed_in(browser, agent, viewport={"width": 1280, "height": 800})
    page = owner.new_page()
    page.goto(f"{demo.url}/units")
    unit = page.locator("a[href^='/units/']:not([href$=register])").first.get_attribute("href")
    page.goto(f"{demo.url}/cases")
    case = page.locator("main a[href^='/cases/']").first.get_attribute("href")
    page.close()
    first = visit(browser.new_context(locale="id-ID", **phone), paper)  # type: ignore[arg-type]
    print("\nFirst visit, from the QR code")
    check("requests", first.requests, 6)
    check("KB in all", first.kilobytes(), 60)
    check("KB without the font", first.kilobytes() - first.kilobytes("Font"), 35)
    check("KB that block the first picture", first.kilobytes("Document", "Stylesheet"), 14)
    check("layout shift", first.shift, 0.02)
    pages = {
        "home": (owner, "/home"), "item": (owner, unit), "claim form": (owner, f"{unit}/claims/new/what"),
        "case": (owner, case), "desk": (staff, "/desk"),
    }  # fmt: skip
    print("\nLater pages, KB and layout shift")
    for name, (context, path) in pages.items():
        visit(context, demo.url + str(path))
        later = visit(context, demo.url + str(path))
        check(f"{name}, KB", later.kilobytes(), 12)
        check(f"{name}, layout shift", later.shift, 0.02)
    if shutil.which("npx") is None:
        print("\nLighthouse was not measured: npx is missing (apt-get install npm).")
        return
    print("\nLighthouse, median of three: performance, accessibility, best practices")
    told = {"QR page": (None, paper), "sign-in": (None, "/sign-in"), **pages}
    for name, (who, path) in told.items():
        cookie = "; ".join(f"{c['name']}={c['value']}" for c in who.cookies()) if who else ""  # type: ignore[typeddict-item]
        url = str(path) if str(path).startswith("http") else demo.url + str(path)
        marks = lighthouse(url, cookie, phone=name != "desk")
        check(f"{name}, performance", marks["performance"], 95 if name == "desk" else 97, least=True)
        check(f"{name}, accessibility", marks["accessibility"], 100, least=True)
        check(f"{name}, best practices", marks["best-practices"], 100, least=True)
        check(f"{name}, layout shift", marks["shift"], 0.02)
