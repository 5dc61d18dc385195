"""What a server runs."""

from portal.settings import Settings
from portal.web.app import create_app

app = create_app(Settings.from_env())
