"""The floor that pages are measured against: bare Flask, one indexed query, a Jinja table of 25 rows; and a static file."""

import os
from pathlib import Path

from flask import Flask, render_template_string
from sqlalchemy import create_engine, text

database = os.environ["PURNA_DATABASE"]
app = Flask(__name__, static_folder=str(Path(database.removeprefix("sqlite:///")).parent / "static"))
engine = create_engine(database)
QUERY = text(
    "SELECT code, title, state, acts, touched_at, due_at FROM cases WHERE on_desk ORDER BY touched_at DESC, id DESC LIMIT 25"
)
TABLE = """<!doctype html><html lang="id"><head><title>Floor</title></head><body><table>
{% for code, title, state, acts, touched, due in rows %}
<tr><td><a href="/cases/{{ code }}">{{ code }}</a></td><td>{{ title }}</td><td>{{ state }}</td><td>{{ acts }}</td><td>{{ touched }}</td><td>{{ due }}</td></tr>
{% endfor %}</table></body></html>"""


@app.get("/floor")
def floor() -> str:
    with engine.connect() as connection:
        return render_template_string(TABLE, rows=connection.execute(QUERY).all())
