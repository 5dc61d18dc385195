"""Which version of a policy something gets that is sold now."""

from portal.domain.catalog.applying import Sold, applied, load_rules
from portal.domain.catalog.queries import current_version


class Versions:
    """Everything is asked once and kept: for many lines at a time."""

    def __init__(self) -> None:
        self._rules = load_rules()
        self._current: dict[int | None, int | None] = {}
        self._known: dict[object, int | None] = {}

    def of(self, product: Sold, outlet_code: str) -> int | None:
        """None when no policy applies, or none of it is published."""
        if product.policy_id is None and not self._rules:
            return None
        asked = (product.policy_id, product.unwarranted, product.category, product.brand, outlet_code)
        if asked not in self._known:
            policy_id = applied(product, outlet_code, self._rules).policy_id
            if policy_id not in self._current:
                self._current[policy_id] = current_version(policy_id)
            self._known[asked] = self._current[policy_id]
        return self._known[asked]
