"""Making PDFs: closed to the outside, and no document takes the others down."""

import http.server
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from pypdf import PdfReader

from portal.adapters import pdf
from portal.adapters.pdf import Busy, Pool, RenderFailed, RenderTimeout, render

PAGE = "<html lang=id><title>Nota</title><style>*{font-family:Plus Jakarta Sans}</style>Halo <b>Anda</b>"
ENDLESS = "<table>" + "<tr><td>x</td></tr>" * 300_000


@pytest.fixture
def pool():
    pool = Pool()
    yield pool
    pool.close()


def request(html=PAGE):
    return {"html": html, "stylesheets": (), "title": None, "language": None, "roll": False}


def test_the_same_page_gives_the_same_bytes_in_any_worker(pool):
    first = render(PAGE)
    time.sleep(1.1)  # fonts carry a time in seconds
    assert first == pool.run(request(), 30) and first == render(PAGE)


def test_title_and_language_may_be_given():
    reader = PdfReader(BytesIO(render(PAGE, title="Kartu", language="en", stylesheets=("b{color:red}",))))
    assert reader.metadata.title == "Kartu" and reader.root_object["/Lang"] == "en"


def test_importing_it_does_not_load_the_renderer():
    code = "import sys, portal.adapters.documents; assert 'weasyprint' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=pdf.ROOT)


def test_nothing_is_fetched_from_the_network_or_the_disk(tmp_path):
    asked = []

    class Trap(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)

    secret = tmp_path / "secret.svg"
    secret.write_text("<svg xmlns='http://www.w3.org/2000/svg'><text>RAHASIA</text></svg>")
    with http.server.HTTPServer(("127.0.0.1", 0), Trap) as trap:
        threading.Thread(target=trap.serve_forever, daemon=True).start()
        away = f"http://127.0.0.1:{trap.server_port}"
        hostile = "".join(
            f"<img src='{url}' alt=x><link rel=stylesheet href='{url}'><link rel=attachment href='{url}'>"
            f"<object data='{url}'></object><iframe src='{url}'></iframe><embed src='{url}'>"
            f"<p style='background:url({url})'>a</p><style>@import url({url});"
            f"@font-face{{font-family:z;src:url({url})}}</style>"
            f"<svg><image href='{url}'/><use href='{url}#a'/></svg>"
            for url in (away, secret.as_uri(), str(secret), "ftp://127.0.0.1/x")
        )
        reader = PdfReader(BytesIO(render(PAGE + hostile)))
        trap.shutdown()
    assert not asked and not reader.attachments
    assert "RAHASIA" not in "".join(page.extract_text() for page in reader.pages)


def test_an_endless_document_is_given_up_and_the_next_one_is_made(pool):
    started = time.monotonic()
    with pytest.raises(RenderTimeout):
        pool.run(request(ENDLESS), 1.5)
    assert time.monotonic() - started < 3
    assert pool.run(request(), 30)


def test_a_killed_worker_fails_one_document_only(pool):
    pool.run(request(), 30)
    idle = pool.places.get()
    pool.places.put(idle)
    idle.process.kill()
    idle.process.wait()
    assert pool.run(request(), 30)  # killed while idle: nobody notices
    busy = pool.places.get()
    pool.places.put(busy)
    threading.Timer(0.5, busy.process.kill).start()
    with pytest.raises(RenderFailed, match="ended"):
        pool.run(request(ENDLESS), 30)
    assert pool.run(request(), 30)


def test_a_worker_is_replaced_after_its_share(pool, monkeypatch):
    monkeypatch.setattr(pdf, "RENDERS_PER_WORKER", 2)
    for _ in range(5):
        pool.run(request(), 30)
    worker = pool.places.get()
    pool.places.put(worker)
    assert worker.renders == 1


def test_a_crowd_is_served_and_a_larger_one_is_told_to_come_back(pool):
    def attempt(_):
        try:
            return pool.run(request(), 30)[:5]
        except Busy:
            return "busy"

    with ThreadPoolExecutor(40) as crowd:
        assert set(crowd.map(attempt, range(20))) == {b"%PDF-"}
        answers = list(crowd.map(attempt, range(40)))
    assert answers.count(b"%PDF-") >= pdf.WORKERS + pdf.WAITING and "busy" in answers


def test_no_secret_reaches_the_worker_and_it_ends_with_its_parent(pool):
    os.environ["PURNA_TEST_SECRET"] = "x"
    pool.run(request(), 30)
    worker = pool.places.get()
    pool.places.put(worker)
    with open(f"/proc/{worker.process.pid}/environ", "rb") as file:
        assert b"PURNA" not in file.read()
    del os.environ["PURNA_TEST_SECRET"]
    worker.process.stdin.close()
    assert worker.process.wait(5) == 0


def test_a_forked_process_starts_anew():
    render(PAGE)
    child = "import os; from portal.adapters import pdf; pool = pdf._pool; pid = os.fork()\n"
    child += "if pid == 0: os._exit(pdf._pool is pool)\nassert os.waitpid(pid, 0)[1] == 0"
    subprocess.run([sys.executable, "-c", child], check=True, cwd=pdf.ROOT)
