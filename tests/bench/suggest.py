"""How well the kind of case and the category are guessed from Indonesian reviews; `python -m tests.bench.suggest`
writes the parameters of `portal.domain.guidance.suggesting` anew.

Reviews carry a category, but no kind of case. The kind is learned from weak labels: WEAK names one kind by its
words, and a review that two kinds claim is left out; from reviews that one reader labelled by hand, three times
over (reviews.csv; shipped); and from sentences of our own. It is judged on labels by hand, never on weak ones, which
would only repeat the rule. Folds go by the digest of a text, so the same text never stands on both sides.

Two figures are told. The first judges the model that is shipped, on its held-out fifth; it flatters, because its
settings were chosen in sight of these reviews. The nested ones are the honest ones: see tests.bench.nested.
"""

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Callable
from hashlib import md5
from pathlib import Path

from portal.domain.guidance import suggesting
from portal.domain.guidance.learning import Model, dump, learn
from tests.bench import limits, nested

HERE = Path(__file__).parent
FOLDER = HERE.parents[2] / "shared" / "data" / "text" / "prdect_dev_half.csv"
LEARNED_BY_HAND = 3  # times
WEAK = {
    "damage": r"penyok\w*|pecah\w*|hancur\w*|remuk|tumpah|sobek|robek|kurir\w*|ekspedisi|packing\w*|bubble"
    r"|kurang (?:satu|[123])|(?:cuma|hanya) (?:satu|[12])|(?:tidak|ga|gak) (?:sampai|nyampe|diterima|lengkap)"
    r"|belum (?:sampai|datang)|hilang",
    "warranty": r"rusak|mati|garansi|(?:tidak|ga|gak) (?:berfungsi|nyala|bisa (?:dipakai|dipake|nyala|hidup))"
    r"|err?or|cacat|konslet|macet|copot|servis",
    "return": r"(?:tidak|tdk|ga|gak) sesuai|salah (?:kirim|warna|ukuran)|beda|kekecilan|kebesaran|ukuran|warna|size"
    r"|tukar|retur|refund|palsu|kw|tipis|jelek|kualitas|bahan\w*|gambar",
    "quality": r"basi|rasa\w*|kadaluarsa|expired?|exp|jamur\w*|busuk|asem|asam|tengik|apek|melempem",
    "question": r"respon\w*|pelayanan|lama|lambat|chat|cs|admin|telat|proses\w*|komunikatif",
}
_WEAK = {kind: re.compile(rf"\b(?:{words})\b") for kind, words in WEAK.items()}
# What a shop would write into a plain filter.
PLAIN = {
    "warranty": ("rusak", "mati", "garansi"), "damage": ("pecah", "penyok", "paket", "kurir"),
    "return": ("tukar", "retur", "ukuran", "warna", "tidak sesuai"), "quality": ("basi", "rasa"),
}  # fmt: skip
CATEGORY_WORDS = {
    "Phones and Tablets": ("hp", "handphone"), "Computers and Laptops": ("laptop", "mouse", "ram"),
    "Books": ("buku",), "Food and Drink": ("rasa", "enak", "kopi"), "Camera": ("kamera", "tripod"),
    "Gaming": ("stik", "game"), "Animal Care": ("kucing", "anjing"), "Toys and Hobbies": ("mainan",),
    "Movies and Music": ("suara", "mic"), "Automotive": ("mobil", "motor"), "Beauty": ("lipstik", "bedak"),
    "Women's Fashion": ("baju", "daster"), "Men's Fashion": ("celana", "sepatu"), "Health": ("masker",),
    "Kids and Baby Fashion": ("anak",), "Mother and Baby": ("bayi", "gendongan"), "Kitchen": ("pisau", "panci"),
}  # fmt: skip
SECTORS = {
    "electronics": ("Computers and Laptops", "Phones and Tablets", "Electronics", "Gaming", "Camera"),
    "fashion": ("Men's Fashion", "Women's Fashion", "Kids and Baby Fashion", "Muslim Fashion"),
    "food": ("Food and Drink",), "furniture": ("Household", "Carpentry"),
}  # fmt: skip
SECTOR = {category: sector for sector, categories in SECTORS.items() for category in categories}
Review = tuple[str, str, int]  # text, category, stars


def fold_of(text: str) -> int:
    """By the whole text without its spaces, in which copies of a review differ."""
    plain = " ".join(text.lower().split())
    return int(md5(plain.encode(), usedforsecurity=False).hexdigest(), 16) % nested.FOLDS


def held_out(text: str) -> bool:
    return fold_of(text) == 0


def weak_kind(text: str) -> str:
    """The kind whose words stand in a text most; "" when two are even, or none does."""
    found = Counter({kind: len(set(words.findall(text.lower()))) for kind, words in _WEAK.items()})
    (first, most), (_second, next_most) = found.most_common(2)
    return first if most > next_most else ""


def plain_rule(text: str, words: dict[str, tuple[str, ...]], otherwise: str) -> str:
    return next(
        (label for label, named in words.items() if any(word in text.lower() for word in named)), otherwise
    )


def reviews() -> list[Review]:
    with FOLDER.open(encoding="utf-8", newline="") as file:
        return [
            (row["Customer Review"], row["Category"], int(float(row["Customer Rating"])))
            for row in csv.DictReader(file)
        ]


def judged() -> list[dict[str, str]]:
    """The reviews that were labelled by hand; part is "learn" or "held"."""
    with (HERE / "reviews.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def weak_labels(rows: list[Review], known: set[str]) -> list[tuple[str, str]]:
    """(text, kind) of the complaints that nobody labelled by hand."""
    return [
        (text, kind) for text, _category, stars in rows
        if stars <= 3 and " ".join(text.split()) not in known and (kind := weak_kind(text))
    ]  # fmt: skip


def own_sentences() -> list[tuple[str, str]]:
    own = tomllib.loads((HERE / "kind_sentences.toml").read_text(encoding="utf-8"))
    return [(text, kind) for kind, texts in own.items() for text in texts]


def learn_kinds(rows: list[Review]) -> Model:
    by_hand = [(row["text"], row["kind"]) for row in judged() if row["part"] == "learn"]
    weak = weak_labels([row for row in rows if not held_out(row[0])], {text for text, _kind in by_hand})
    return learn([*weak, *(by_hand + own_sentences()) * LEARNED_BY_HAND], least=4)


def learn_sectors(rows: list[Review]) -> Model:
    return learn(
        [(text, SECTOR.get(category, "other")) for text, category, _ in rows if not held_out(text)],
        least=3, pieces=False,
    )  # fmt: skip


def _right(rows: list[tuple[str, str]], guess: Callable[[str], str]) -> float:
    return 100 * sum(guess(text) == label for text, label in rows) / len(rows)


def _report(
    what: str, rows: list[tuple[str, str]], model: Model, rule: Callable[[str], str], most: str
) -> None:
    print(f"{what}: {len(rows)} reviews, right of a hundred")
    print(f"  {'the most frequent one, ' + most:42}{_right(rows, lambda _text: most):9.1f}")
    ruled = _right(rows, rule)
    print(f"  {'plain keyword rule':42}{ruled:9.1f}")
    limits.check(f"{what}, learned", _right(rows, lambda text: model.guess(text)[0]), ruled, least=True)


def _said(rows: list[tuple[str, str]], guess: Callable[[str], str]) -> None:
    """Of what is shown at all: how much is right."""
    told = [(guess(text), label) for text, label in rows]
    shown = [(said, label) for said, label in told if said]
    if shown:
        right = 100 * sum(said == label for said, label in shown) / len(shown)
        print(
            f"  {'shown to people: right of a hundred':42}{right:9.1f}   ({len(shown)} of {len(rows)} are shown)"
        )
    for label, number in sorted(Counter(said for said, _label in shown).items()):
        good = sum(said == known for said, known in shown if said == label)
        print(f"    {label:40}{100 * good / number:9.1f}   ({number})")


def _by_fold(rows: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    return [[row for row in rows if fold_of(row[0]) == fold] for fold in range(nested.FOLDS)]


def _nested(rows: list[Review]) -> None:
    """The kind, told of reviews by which nothing was chosen, with the two baselines."""
    by_hand = [(row["text"], row["kind"]) for row in judged()]
    most = Counter(kind for _text, kind in by_hand).most_common(1)[0][0]
    print(f"kind, folds within folds: {len(by_hand)} reviews, right of a hundred")
    print(f"  {'the most frequent one, ' + most:42}{_right(by_hand, lambda _text: most):9.1f}")
    ruled = _right(by_hand, lambda text: plain_rule(text, PLAIN, "question"))
    print(f"  {'plain keyword rule':42}{ruled:9.1f}")
    weak = weak_labels(rows, {text for text, _kind in by_hand})
    folds, own = _by_fold(by_hand), own_sentences()
    nested.measure("learned from labels by hand", nested.Data(folds, _by_fold([]), own), ruled)
    if weak:
        nested.measure("learned, with weak labels", nested.Data(folds, _by_fold(weak), own), ruled)


def measure() -> None:
    held = [(row["text"], row["kind"]) for row in judged() if row["part"] == "held"]
    if not FOLDER.exists():
        print(f"{FOLDER.name} is not here: category and learning are skipped; the shipped rows alone:")
        most = Counter(kind for _text, kind in held).most_common(1)[0][0]
        _report("kind", held, suggesting._model("kinds"), lambda t: plain_rule(t, PLAIN, "question"), most)
        _said(held, suggesting.kind_of)
        _nested([])
        return
    rows = reviews()
    learned = [row for row in rows if not held_out(row[0])]
    most = Counter(
        kind for text, _c, stars in learned if stars <= 3 and (kind := weak_kind(text))
    ).most_common(1)[0][0]
    _report("kind", held, learn_kinds(rows), lambda text: plain_rule(text, PLAIN, "question"), most)
    _said(held, suggesting.kind_of)
    _nested(rows)
    told = [(text, category) for text, category, _stars in rows if held_out(text)]
    common = Counter(category for _text, category, _stars in learned).most_common(1)[0][0]
    model = learn([(text, category) for text, category, _stars in learned])
    _report("category", told, model, lambda text: plain_rule(text, CATEGORY_WORDS, common), common)
    _said([(text, SECTOR.get(category, "other")) for text, category in told], suggesting.sector_of)


def write() -> None:
    """Learn anew from the folder, and keep what was learned."""
    rows = reviews()
    for name, model in (("kinds", learn_kinds(rows)), ("sectors", learn_sectors(rows))):
        path = suggesting.DATA / f"{name}.json"
        path.write_text(dump(model), encoding="utf-8")
        print(f"{path.name}: {len(model.counts)} features, {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    write()
