"""What machines ask for."""

from portal.web import look


def test_health_says_only_ok(client):
    answer = client.get("/health")
    assert answer.text == "ok\n"
    assert answer.headers["Cache-Control"] == "no-store"


def test_robots_stay_out(client):
    assert "Disallow: /" in client.get("/robots.txt").text


def test_files_of_an_older_page_lead_to_the_present_ones(app, client):
    present = app.jinja_env.globals["assets"].root
    assert client.get("/assets/older/icons.svg", expect=303).headers["Location"] == present + "icons.svg"
    for older in ("/assets/older/site.css", "/assets/older/look/site.css", present + "look/site.css"):
        assert client.get(older, expect=303).headers["Location"] == look.current().css
    client.get(present + "nothing.css", expect=404)
    assert look.current().logo_url is None
    gone = client.get("/assets/older/logo.webp", expect=303).headers["Location"]
    client.get(gone, expect=404)  # and not to itself, again and again


def test_the_sheet_is_compressed_and_kept(app, client):
    path = look.current().css
    answer = client.get(path, Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
    assert len(answer.data) < 12_000


def test_pages_travel_compressed_and_a_first_visit_blocks_on_little(app, client):
    page = client.client.get("/", base_url="http://127.0.0.1:8000", headers={"Accept-Encoding": "br"})
    sheet = client.client.get(look.current().css, headers={"Accept-Encoding": "br"})
    assert page.headers["Content-Encoding"] == sheet.headers["Content-Encoding"] == "br"
    assert len(page.data) + len(sheet.data) < 14_000
