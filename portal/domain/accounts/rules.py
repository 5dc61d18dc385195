"""Who may do what: one enum, one table; and the numbers that guard signing in."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto


class Role(StrEnum):
    CUSTOMER = auto()
    AGENT = auto()
    TECHNICIAN = auto()
    MANAGER = auto()
    ADMIN = auto()
    SYSTEM = auto()


STAFF_ROLES = (Role.AGENT, Role.TECHNICIAN, Role.MANAGER, Role.ADMIN)


class Permission(StrEnum):
    OWN = auto()  # own purchases, units, documents, account
    PHOTO_VIEW = auto()  # photos of what one may see
    UNIT_REGISTER = auto()
    CLAIM_FILE = auto()
    CASE_ANSWER = auto()
    CASE_APPEAL = auto()
    CASE_WITHDRAW = auto()
    STAFF_AREA = auto()
    CASE_VIEW = auto()
    CASE_TRIAGE = auto()
    CASE_INSPECT = auto()
    CASE_DECIDE = auto()
    CASE_NOTE = auto()
    REGISTRATION_DECIDE = auto()
    UNIT_EDIT = auto()
    UNIT_VOID = auto()
    WORK_MOVE = auto()
    ESTIMATE_SEND = auto()
    ESTIMATE_ANSWER = auto()  # by the customer, or for them at the counter
    SHIPMENT_RECORD = auto()
    PURCHASE_VIEW = auto()
    PURCHASE_RECORD = auto()  # at the counter, or by a till's token
    SALES_IMPORT = auto()
    TILL_CONNECT = auto()  # tokens for machines and tills that send webhooks
    CUSTOMER_VIEW = auto()
    CUSTOMER_MATCH = auto()  # say whose a doubtful receipt is; make two records one
    LINK_REISSUE = auto()
    COUNTER_LINK = auto()
    CATALOG_VIEW = auto()
    CATALOG_EDIT = auto()
    STOCK_KEEP = auto()  # count, order, receive and move spare parts
    STAFF_EDIT = auto()
    DESK_EDIT = auto()  # shared views, assignment rules, quick replies, targets, holidays
    HELP_EDIT = auto()  # articles, notices, troubleshooting
    COSTS_VIEW = auto()  # what work cost the shop, and what suppliers pay back
    SHOP_EDIT = auto()  # name, colour, logo and the texts on receipts
    FLOW = auto()  # moves that only follow from others


_CUSTOMER = {
    Permission.OWN, Permission.UNIT_REGISTER, Permission.CLAIM_FILE, Permission.CASE_ANSWER,
    Permission.CASE_APPEAL, Permission.CASE_WITHDRAW, Permission.PHOTO_VIEW,
    Permission.ESTIMATE_ANSWER,
}  # fmt: skip
_TECHNICIAN = {
    Permission.STAFF_AREA, Permission.CASE_VIEW, Permission.CASE_INSPECT, Permission.CASE_NOTE,
    Permission.WORK_MOVE, Permission.SHIPMENT_RECORD, Permission.CATALOG_VIEW, Permission.PHOTO_VIEW,
    Permission.STOCK_KEEP,
    Permission.ESTIMATE_SEND,
}  # fmt: skip
_AGENT = {
    Permission.STAFF_AREA, Permission.CASE_VIEW, Permission.CASE_TRIAGE, Permission.CASE_DECIDE,
    Permission.CASE_NOTE, Permission.REGISTRATION_DECIDE, Permission.UNIT_EDIT, Permission.SHIPMENT_RECORD,
    Permission.PURCHASE_VIEW, Permission.PURCHASE_RECORD, Permission.CUSTOMER_VIEW,
    Permission.CUSTOMER_MATCH, Permission.LINK_REISSUE, Permission.COUNTER_LINK, Permission.CATALOG_VIEW,
    Permission.PHOTO_VIEW, Permission.HELP_EDIT, Permission.ESTIMATE_SEND, Permission.ESTIMATE_ANSWER,
    Permission.STOCK_KEEP,
}  # fmt: skip
_MANAGER = _AGENT | _TECHNICIAN | {
    Permission.UNIT_VOID, Permission.CATALOG_EDIT, Permission.SHOP_EDIT, Permission.SALES_IMPORT,
    Permission.DESK_EDIT, Permission.COSTS_VIEW,
}  # fmt: skip
_ADMIN = _MANAGER | {Permission.STAFF_EDIT, Permission.TILL_CONNECT}

# Who came by the link in a message can answer and appeal, and nothing that is about more than that case.
BY_CASE_LINK = frozenset(
    {
        Permission.OWN,
        Permission.PHOTO_VIEW,
        Permission.CASE_ANSWER,
        Permission.CASE_APPEAL,
        Permission.ESTIMATE_ANSWER,
    }
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.CUSTOMER: frozenset(_CUSTOMER),
    Role.TECHNICIAN: frozenset(_TECHNICIAN),
    Role.AGENT: frozenset(_AGENT),
    Role.MANAGER: frozenset(_MANAGER),
    Role.ADMIN: frozenset(_ADMIN),
    Role.SYSTEM: frozenset({Permission.FLOW}),
}


@dataclass(frozen=True)
class Reach:
    """What a session may see that was opened by paper alone: receipts, items, or cases by their links."""

    purchases: tuple[int, ...] = ()
    units: tuple[int, ...] = ()
    cases: tuple[int, ...] = ()

    def __or__(self, other: "Reach") -> "Reach":
        return Reach(
            tuple({*self.purchases, *other.purchases}),
            tuple({*self.units, *other.units}),
            tuple({*self.cases, *other.cases}),
        )

    @property
    def only_cases(self) -> bool:
        """Whether it was opened by links in messages alone."""
        return bool(self.cases) and not self.purchases and not self.units


@dataclass(frozen=True)
class Actor:
    """The person (or the system) on whose behalf something is done. `reach` None means the whole account.

    A machine is the system with `scopes`: what its token lets it do, and nothing else.
    """

    role: Role
    id: int | None = None
    name: str = ""
    language: str = "id"
    reach: Reach | None = None
    session_id: int | None = None
    scopes: frozenset[Permission] | None = None

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF_ROLES

    @property
    def is_customer(self) -> bool:
        return self.role is Role.CUSTOMER

    @property
    def by_case_link(self) -> bool:
        return self.reach is not None and self.reach.only_cases

    @property
    def can(self) -> frozenset[Permission]:
        if self.by_case_link:
            return BY_CASE_LINK
        return GRANTS[self.role] if self.scopes is None else self.scopes

    def may(self, permission: Permission) -> bool:
        return permission in self.can


SYSTEM = Actor(Role.SYSTEM)

# What a machine's token may be made for.
SCOPES = {"purchases:write": Permission.PURCHASE_RECORD, "purchases:read": Permission.PURCHASE_VIEW}
TOKEN_SEEN_EVERY = timedelta(minutes=1)

CODE_LIFE = timedelta(minutes=10)
LINK_LIFE = timedelta(hours=24)
CODE_TRIES = 5
WRONG_RECEIPT_TRIES = 10
PASSWORD_LENGTH = 12

CUSTOMER_SESSION = timedelta(days=30)
STAFF_SESSION = timedelta(hours=12)
STAFF_IDLE = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=5)

TRIES = "10 per 15 minutes"
CODES = "5 per 15 minutes"
CODES_AN_ADDRESS = "20 per hour"
MISSES_AN_ADDRESS = "30 per minute"
