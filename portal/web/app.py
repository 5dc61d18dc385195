"""create_app: the only wiring."""

import logging
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from wsgiref.headers import Headers

import structlog
from flask import Flask
from flask_compress import Compress
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect, generate_csrf
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from portal import cli, jobs
from portal.adapters.asking import Asker
from portal.adapters.filestore import open_store
from portal.adapters.vault import Vault
from portal.db import db, driver_url, engine_options
from portal.demo import cli as demo
from portal.domain import registry
from portal.domain.accounts.rules import CUSTOMER_SESSION
from portal.domain.links import actions as links
from portal.settings import Settings
from portal.web import access, assets, guard, look, signin, words
from portal.web.routes import BLUEPRINTS, DEMO_BLUEPRINTS, DEVELOPMENT_BLUEPRINTS

ROOT = Path(__file__).resolve().parents[2]


def create_app(settings: Settings) -> Flask:
    """The portal as a WSGI application."""
    app = Flask(
        "portal", root_path=str(ROOT / "portal"), template_folder=str(ROOT / "templates"), static_folder=None
    )
    app.extensions["settings"] = settings
    for folder in settings.folders():
        folder.mkdir(parents=True, exist_ok=True)
    app.config.update(
        SECRET_KEY=settings.secret_keys[0],
        SECRET_KEY_FALLBACKS=list(settings.secret_keys[1:]),
        SQLALCHEMY_DATABASE_URI=_absolute(driver_url(settings.database)),
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database),
        SESSION_COOKIE_NAME="__Host-purna" if settings.secure else "purna",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=CUSTOMER_SESSION,
        WTF_CSRF_SSL_STRICT=False,  # guard.py checks Origin and Sec-Fetch-Site; the Referer is withheld
        WTF_CSRF_TIME_LIMIT=int(timedelta(hours=12).total_seconds()),
        MAX_CONTENT_LENGTH=64 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        HOSTS=settings.hosts,
        COMPRESS_MIMETYPES=["text/html"],
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=4,
        COMPRESS_GZIP_LEVEL=4,
        REMEMBER_COOKIE_DURATION=timedelta(0),
    )
    _logging(settings)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    assert registry.MODULES
    links.configure(settings.secret_keys)
    app.extensions["files"] = open_store(settings.files)
    app.extensions["vault"] = Vault(settings.secret_keys)
    app.extensions["asker"] = Asker()
    jobs.init_app(app)
    guard.init_app(app)
    CSRFProtect(app)
    words.init_app(app)
    signin.init_app(app)
    Compress(app)
    shown = BLUEPRINTS + (DEMO_BLUEPRINTS if settings.demo else ())
    for blueprint in shown + (() if settings.production else DEVELOPMENT_BLUEPRINTS):
        app.register_blueprint(blueprint)
    access.guard(app)
    _templates(app, settings)
    for command in (*cli.COMMANDS, *demo.COMMANDS):
        app.cli.add_command(command)
    return app


def _templates(app: Flask, settings: Settings) -> None:
    folder = assets.build()
    root = f"/assets/{folder.name}/"
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(
        assets=SimpleNamespace(root=root, js=root + "site.js"),
        demo=settings.demo,
        csrf_token=generate_csrf,
    )
    app.extensions["pages"] = words.environments(app)
    static = app.extensions["static"] = WhiteNoise(
        app.wsgi_app,
        root=str(folder),
        prefix=root,
        allow_all_origins=False,
        immutable_file_test=lambda path, url: True,
        add_headers_function=_static_headers,
    )
    look.init_app(app, static, folder, root)
    app.wsgi_app = static  # type: ignore[method-assign]
    if settings.proxies:
        n = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]


def _static_headers(headers: Headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def _absolute(url: str) -> str:
    """A relative SQLite path is relative to where the portal was started."""
    prefix = "sqlite:///"
    if url.startswith(prefix) and not url.startswith(prefix + "/") and ":memory:" not in url:
        return prefix + str(Path(url.removeprefix(prefix)).resolve())
    return url


def _logging(settings: Settings) -> None:
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.getLogger("purna").setLevel(logging.WARNING if settings.demo else logging.INFO)
