"""Staff's Markdown becomes safe HTML."""

import pytest

from portal.adapters.markdown import headings, to_html


def test_tables_lists_and_links():
    html = to_html("| a | b |\n|---|---|\n| 1 | 2 |\n\n- [kami](https://purna.example)\n- [wa](tel:+62812)")
    assert (
        "<table>" in html
        and '<a href="https://purna.example" rel="noopener">' in html
        and "tel:+62812" in html
    )


@pytest.mark.parametrize("hostile", [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))", "[x](data:text/html,1)", "[x](/logout)", "[x](//evil.example)", "[x](file:///etc)",
    "![x](https://evil.example/pixel.png)", "<javascript:alert(1)>", "[x][y]\n\n[y]: vbscript:1",
    '![a"><script>](https://e.example/p.png)', "&#106;avascript:alert(1)",
    "[x](&#106;avascript:alert(1))", "[x](java\nscript:1)",
])  # fmt: skip
def test_nothing_hostile_gets_through(hostile):
    html = to_html(hostile)
    assert not any(mark in html for mark in ("<script", "<img", "<a ", "onerror=alert(1)>"))


def test_headings_have_the_ids_of_the_page():
    source = "# Merawat *sofa*\n\n## Setiap minggu\n\n## Setiap minggu\n\n## 清洁\n\n## ---\n\nTeks\n\n## <b>"
    found = headings(source)
    assert found[:3] == [
        (1, "Merawat sofa", "h-merawat-sofa"),
        (2, "Setiap minggu", "h-setiap-minggu"),
        (2, "Setiap minggu", "h-setiap-minggu-2"),
    ]
    assert len({name for _, _, name in found}) == len(found)
    html = to_html(source)
    assert all(f'id="{name}"' in html for _, _, name in found)


def test_deep_nesting_is_harmless():
    assert to_html(">" * 5000 + "a") and to_html("[" * 5000) and to_html("*a " * 5000)
