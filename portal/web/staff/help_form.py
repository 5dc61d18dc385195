"""The forms by which staff write help texts: what an article, a tree and a step consist of."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from portal.adapters import drawings, markdown
from portal.db import db
from portal.domain.catalog import queries as catalog
from portal.domain.catalog.models import Product
from portal.domain.guidance.models import Article, Tree, TreeVersion
from portal.domain.guidance.rules import ANSWERS_LIMIT, ENDS, TEXT_LIMIT, About, ArticleKind, Step, say
from portal.domain.guidance.trees import NEW
from portal.kernel.text import _
from portal.web import words
from portal.web.catalog_words import SECTORS
from portal.web.fields import AtMost, DayField, Form, Required
from portal.web.help_words import ABOUT, KINDS
from portal.web.staff.saving import version_field

SUGGESTED = 400  # products in the list of what a text can be about


def known_drawings(_form: Form, field: Any) -> None:
    """Refuses a drawing that does not exist: it would be left out of the page."""
    for name in markdown.drawings(field.data or ""):
        if name not in drawings.SHOWS["id"]:
            raise ValidationError(
                words.gettext("There is no drawing named %(name)s. Choose one from the list.", name=name)
            )


class ReachForm(Form):
    """What a text is about: everything, or the sector, category or product named by `value`."""

    version = version_field()
    title_id = StringField(_("Title in Indonesian"), [Required(), AtMost(120)])
    title_en = StringField(_("Title in English"), [AtMost(120)])
    about = SelectField(_("What is it about?"), choices={})
    value = StringField(_("Which one?"), [AtMost(80)])

    def __init__(self, *arguments: Any, **values: Any):
        super().__init__(*arguments, **values)
        self.about.choices = {key: words.translate(said) for key, said in ABOUT.items()}

    @property
    def suggestions(self) -> list[tuple[str, str]]:
        """(value, what it is called) of all that can be named."""
        products = db.session.execute(
            select(Product.sku, Product.name, Product.category)
            .where(Product.draft.is_(False))
            .order_by(Product.name)
            .limit(SUGGESTED)
        ).all()
        return [
            *((sector, words.translate(said)) for sector, said in SECTORS.items()),
            *((name, "") for name in sorted({row.category for row in products})),
            *((row.sku, row.name) for row in products),
        ]


class ArticleForm(ReachForm):
    kind = RadioField(_("What kind of text?"), [Required()], choices=[])
    body_id = TextAreaField(_("Text in Indonesian"), [AtMost(40_000), known_drawings])
    body_en = TextAreaField(_("Text in English"), [AtMost(40_000), known_drawings])
    starts_on = DayField(_("Shown from"))
    ends_on = DayField(_("Shown until"))

    def __init__(self, *arguments: Any, **values: Any):
        super().__init__(*arguments, **values)
        self.kind.choices = [(kind, words.translate(KINDS[kind])) for kind in ArticleKind]

    @property
    def fields(self) -> dict[str, Any]:
        """As `actions.save_article` takes them; days become moments of the shop's first outlet."""
        typed = {name: value for name, value in self.data.items() if name not in ("version", *DAYS)}
        zone = _zone()
        last = self.ends_on.data
        return {
            **typed,
            "starts_at": _midnight(self.starts_on.data, zone),
            "ends_at": _midnight(last + timedelta(days=1) if last else None, zone),
        }


class TreeForm(ReachForm):
    pass


class StepForm(Form):
    """One step: what is said, and up to ANSWERS_LIMIT answers; one without words is not there."""

    version = version_field()
    said_id = TextAreaField(
        _("What the customer is asked or told, in Indonesian"), [Required(), AtMost(TEXT_LIMIT)]
    )
    said_en = TextAreaField(_("The same in English"), [AtMost(TEXT_LIMIT)])
    end = SelectField(_("What follows?"), choices={}, default="")


DAYS = ("starts_on", "ends_on")


def article_form(article: Article | None, **values: Any) -> ArticleForm:
    if article is None:
        return ArticleForm(**values)
    zone = _zone()
    starts, ends = article.starts_at, article.ends_at
    return ArticleForm(
        obj=article, value=_value(article),
        starts_on=starts.astimezone(zone).date() if starts else None,
        ends_on=(ends - timedelta(seconds=1)).astimezone(zone).date() if ends else None, **values,
    )  # fmt: skip


def tree_form(tree: Tree | None, edition: TreeVersion | None, **values: Any) -> TreeForm:
    if tree is None or edition is None:
        return TreeForm(**values)
    return TreeForm(obj=edition, about=tree.about, value=_value(tree), **values)


def step_form(steps: dict[str, Step], step: Step | None, **values: Any) -> Any:
    """The form of a step, with its answers as `answer0_id`, `answer0_en`, `answer0_to` and so on."""
    lang = words.language()
    places = {number: f"{number}. {say(other, lang)[:60]}" for number, other in steps.items()}
    ends: dict[str, str] = {end: words.translate(said) for end, said in ENDS.items()}
    to = {"": "–", NEW: words.gettext("A new step"), **ends, **places}
    fields: dict[str, Any] = {}
    for n in range(ANSWERS_LIMIT):
        fields[f"answer{n}_id"] = StringField(words.gettext("Answer %(number)s", number=n + 1), [AtMost(120)])
        fields[f"answer{n}_en"] = StringField(words.gettext("In English"), [AtMost(120)])
        fields[f"answer{n}_to"] = SelectField(words.gettext("Leads to"), choices=to, default="")
    kind: Any = type("FullStepForm", (StepForm,), fields)
    if step is not None:
        values |= {"said_id": step.id, "said_en": step.en, "end": step.end}
        for n, answer in enumerate(step.answers):
            values |= {f"answer{n}_id": answer.id, f"answer{n}_en": answer.en, f"answer{n}_to": answer.to}
    form = kind(**values)
    form.end.choices = {"": words.gettext("The customer answers"), **ends}
    return form


def answers(form: Any) -> list[tuple[str, str, str]]:
    """(Indonesian, English, where it leads) of each answer that has words or leads somewhere."""
    typed = [
        tuple(form[f"answer{n}_{part}"].data or "" for part in ("id", "en", "to"))
        for n in range(ANSWERS_LIMIT)
    ]
    return [(id, en, to) for id, en, to in typed if id or en or to]


def _value(text: Article | Tree) -> str:
    return text.product.sku if text.about == About.PRODUCT and text.product else text.value


def _zone() -> ZoneInfo:
    return ZoneInfo(next((outlet.timezone for outlet in catalog.outlets()), "Asia/Jakarta"))


def _midnight(day: Any, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(), zone).astimezone(UTC) if day else None
