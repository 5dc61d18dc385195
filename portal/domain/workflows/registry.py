"""Every kind of case."""

from portal.domain.workflows.engine import Kind
from portal.domain.workflows.warranty import WARRANTY

KINDS: dict[str, Kind] = {kind.name: kind for kind in (WARRANTY,)}
