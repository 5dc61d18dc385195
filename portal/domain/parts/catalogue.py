"""Keeping the catalogue of spare parts: what they are, what they fit, where they should lie."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, update

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.catalog.models import Product
from portal.domain.files import actions as files
from portal.domain.parts import stock
from portal.domain.parts.models import Part, PartFit, PartLevel, PartWord
from portal.domain.parts.rules import plain, words_of
from portal.kernel.codes import new_code
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _

MOST_FITS = 200


def save(part: Part | None, version: int, *, written: str, **fields: Any) -> Part:
    """Make or change a part. `written` has a line for each product (its code) or model (`brand: model`).

    Raises Refused, Stale.
    """
    if part is not None and version != part.version:
        raise Stale
    same = select(Part.id).where(Part.number == fields["number"], Part.id != (part.id if part else None))
    if db.session.scalar(same):
        raise Refused(_("Another part has this number already."), "number")
    known = read_fits(written)
    if not known and not fields["universal"]:
        raise Refused(_("Write what it fits, or that it fits everything."), "written")
    if part is None:
        part = Part(code=new_code(), **fields)
        db.session.add(part)
    for column, value in fields.items():
        setattr(part, column, value)
    part.fits = known
    db.session.flush()
    index(part)
    return part


def read_fits(written: str) -> list[PartFit]:
    """What a part fits, from one line each. Raises Refused for a line that means nothing."""
    lines = list(dict.fromkeys(line.strip() for line in written.splitlines() if line.strip()))
    if len(lines) > MOST_FITS:
        raise Refused(_("At most %(count)s lines. Divide it into two parts.", count=MOST_FITS), "written")
    named = db.session.execute(select(Product.sku, Product.id).where(Product.sku.in_(lines)))
    products = {row.sku: row.id for row in named}
    found = []
    for line in lines:
        if line in products:
            found.append(PartFit(product_id=products[line]))
            continue
        brand, colon, model = (text.strip() for text in line.partition(":"))
        if not colon or not plain(model):
            raise Refused(
                _("“%(line)s” is no product code. Write a model as “brand: model”.", line=line[:80]),
                "written",
            )
        found.append(PartFit(brand=brand[:80], model=model[:80], plain_model=plain(model)[:80]))
    return found


def written_fits(part: Part) -> str:
    """The lines that `read_fits` reads."""
    return "\n".join(
        fit.product.sku if fit.product else f"{fit.brand}: {fit.model}".strip() for fit in part.fits
    )


def index(part: Part) -> None:
    """What the part is found by, after something of it changed."""
    texts = [part.name_id, part.name_en, part.number, part.brand, part.code]
    products = select(Product.name, Product.brand, Product.model, Product.sku).where(
        Product.id.in_([fit.product_id for fit in part.fits if fit.product_id])
    )
    for row in db.session.execute(products):
        texts.extend(row)
    texts += [text for fit in part.fits if not fit.product_id for text in (fit.brand, fit.model)]
    db.session.execute(delete(PartWord).where(PartWord.part_id == part.id))
    db.session.add_all(PartWord(word=word, part_id=part.id) for word in words_of(*texts))
    db.session.flush()


def hang_picture(actor: Actor, part: Part, codes: Sequence[str]) -> None:
    """The newest of these photos of this person becomes the part's picture; none changes nothing."""
    kept = files.keep(actor, codes[-1:])
    if kept:
        part.picture = kept[0]
        db.session.flush()


def place(part_id: int, outlet_id: int, minimum: int, shelf: str) -> None:
    """How many should lie at an outlet, and where there."""
    if not 0 <= minimum <= 10**6:
        raise Refused(_("Write a number from %(least)s to %(most)s.", least=0, most=10**6), "minimum")
    stock.open_level(part_id, outlet_id)
    db.session.execute(
        update(PartLevel)
        .where(PartLevel.part_id == part_id, PartLevel.outlet_id == outlet_id)
        .values(minimum=minimum, shelf=shelf.strip()[:40])
    )
