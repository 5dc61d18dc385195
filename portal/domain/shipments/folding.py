"""What a parcel's events add up to, in whatever order they came and however often."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from portal.domain.shipments.couriers import Eta, Report, Sighting
from portal.domain.shipments.rules import SLACK, Status


@dataclass(frozen=True)
class Heard:
    """One event that was understood: `at` and `id` are the courier's own, `format` its kind."""

    at: datetime
    id: str
    received_at: datetime
    format: str
    report: Report


@dataclass(frozen=True)
class Point:
    """A movement as it is kept. `early` was told before it happened: by the courier's clock."""

    sighting: Sighting
    format: str
    early: bool


@dataclass(frozen=True)
class Story:
    """All that a courier has told of a parcel; movements by their marks."""

    points: Mapping[str, Point]
    waybill: str
    eta: Eta | None
    received_by: str
    proof: tuple[tuple[str, str], ...]


def fold(events: Sequence[Heard], words: Mapping[tuple[str, str], Status | None]) -> Story:
    """The same for any order of the events. `words` are what people said that (format, word) means."""
    points: dict[str, Point] = {}
    for event in events:
        for sighting in event.report.sightings:
            mark = _mark(sighting)
            point = _point(sighting, event, words)
            known = points.get(mark)
            if known is None or point.sighting.at < known.sighting.at:
                points[mark] = point
    newest = sorted(events, key=lambda event: (event.at, event.id), reverse=True)
    return Story(
        points,
        next((event.report.waybill for event in newest if event.report.waybill), ""),
        next((event.report.eta for event in newest if event.report.eta), None),
        next((event.report.received_by for event in newest if event.report.received_by), ""),
        next((event.report.proof for event in newest if event.report.proof), ()),
    )


def _point(sighting: Sighting, event: Heard, words: Mapping[tuple[str, str], Status | None]) -> Point:
    early = sighting.at > event.received_at + SLACK
    if early:
        sighting = replace(sighting, at=event.received_at)
    key = (event.format, sighting.word)
    if sighting.status is None and key in words:
        sighting = replace(sighting, status=words[key], word="")
    elif sighting.status is not None:
        sighting = replace(sighting, word="")
    return Point(sighting, event.format, early)


def _mark(sighting: Sighting) -> str:
    told = f"{sighting.at.isoformat()}|{sighting.word}|{sighting.said}|{sighting.place}"
    return sha256(told.encode()).hexdigest()[:40]
