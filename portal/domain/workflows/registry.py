"""Every kind of case, in the order in which customers are offered them."""

from portal.domain.workflows.damage import DAMAGE
from portal.domain.workflows.engine import Kind
from portal.domain.workflows.part import PART
from portal.domain.workflows.privacy import PRIVACY
from portal.domain.workflows.quality import QUALITY
from portal.domain.workflows.question import QUESTION
from portal.domain.workflows.returns import RETURN
from portal.domain.workflows.service import SERVICE
from portal.domain.workflows.warranty import WARRANTY

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (WARRANTY, RETURN, QUESTION, QUALITY, DAMAGE, SERVICE, PART, PRIVACY)
}
