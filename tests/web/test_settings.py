"""What production refuses, and the cookie that goes over https."""

import shutil
from pathlib import Path

import pytest

from portal.settings import BadSetting, Settings
from tests.conftest import HOST, close, portal_in

GOOD = {
    "PURNA_PRODUCTION": "1",
    "PURNA_SECRET_KEYS": "k" * 32,
    "PURNA_PUBLIC_URL": "https://garansi.toko.id",
    "PURNA_MAIL": "smtp://127.0.0.1:25",
}


def test_production_starts_when_all_is_said() -> None:
    assert Settings.from_env(GOOD).secure


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEYS", None),
        ("SECRET_KEYS", ","),
        ("SECRET_KEYS", "k" * 31),
        ("PUBLIC_URL", "http://garansi.toko.id"),
        ("MAIL", None),
        ("DEMO", "1"),
    ],
)
def test_production_refuses(name: str, value: str | None) -> None:
    env = {key: setting for key, setting in GOOD.items() if key != f"PURNA_{name}"}
    with pytest.raises(BadSetting, match=f"PURNA_{name}"):
        Settings.from_env(env if value is None else {**env, f"PURNA_{name}": value})


def test_over_https_the_cookie_is_bound_to_the_host(tmp_path: Path, empty_database: Path) -> None:
    shutil.copy(empty_database, tmp_path / "purna.db")
    app = portal_in(tmp_path, public_url="https://garansi.toko.id")
    answer = app.test_client().get("/sign-in", base_url="https://garansi.toko.id")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-purna=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Strict-Transport-Security" in answer.headers
    close(app)


def test_the_style_guide_is_not_in_production(tmp_path: Path) -> None:
    for production, status in ((False, 200), (True, 404)):
        app = portal_in(tmp_path, production=production, demo=False)
        assert app.test_client().get("/styleguide", base_url=HOST).status_code == status
        close(app)
