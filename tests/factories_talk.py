"""A ready reply and a letter that waits for staff, for tests."""

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.mailbox import actions as letters
from portal.domain.mailbox import replies
from portal.domain.mailbox.facts import Arrived
from portal.domain.mailbox.models import InboundLetter, QuickReply
from portal.kernel import clock


def reply(owner: Actor) -> QuickReply:
    made = replies.save(
        owner, None, None, shared=False, word="terima", title="Sudah diterima",
        text_id="Halo {nama}.", text_en="Hello {nama}.",
    )  # fmt: skip
    db.session.commit()
    return made


def held() -> InboundLetter:
    told = Arrived("satu@lain.id", "orang@lain.id", ("halo@toko.id",), "Kipas saya", "Kipas saya mati.", 400)
    made = letters.file(told, letters.place(told, "balas.toko.id", clock.now()), clock.now())
    db.session.commit()
    return made
