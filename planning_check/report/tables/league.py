"""The cities of a province as rows for programs: a row a city, in both languages; one that was not checked has no figures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.cities import OneCity
from planning_check.report.told.league import FIGURES, CityLine, League

#: ``place``: by the order asked for, empty for a city that was not checked and for what belongs to none. Shares are fractions, rounded to
#: 0.000001, empty where nothing is due; areas in m2, money in yuan, empty where no line has any.
NAMES = ("place", "label", "city_zh", "city_en", "state", "why_zh", "why_en", *(figure.name for figure in FIGURES))
_FINE = Decimal("0.000001")


def _figures(line: CityLine) -> list[Any]:
    values = [figure.of(line) for figure in FIGURES]
    return [
        Decimal(value).quantize(_FINE, ROUND_HALF_UP) if figure.kind == "share" and value is not None else value
        for figure, value in zip(FIGURES, values, strict=True)
    ]


def _checked(place: int | None, line: CityLine) -> dict[str, Any]:
    state = "checked" if line.label else "not_known"
    return dict(zip(NAMES, (place, line.label, line.name.zh, line.name.en, state, None, None, *_figures(line)), strict=True))


def _failed(one: OneCity) -> dict[str, Any]:
    why = (one.why.zh, one.why.en) if one.why else (None, None)
    return dict(zip(NAMES, (None, one.label, one.name.zh, one.name.en, "failed", *why, *[None] * len(FIGURES)), strict=True))


def _records(found: League) -> list[dict[str, Any]]:
    ranked = [_checked(place if line.label else None, line) for place, line in enumerate(found.lines, 1)]
    return [*ranked, *map(_failed, found.failed)]


def league_csv(found: League) -> Iterator[str]:
    """A row a city."""
    yield BOM + csv_row(NAMES)
    for record in _records(found):
        yield csv_row(record.values())


def league_json(found: League) -> Iterator[str]:
    """The same, with the sums of the run."""
    total = dict(zip((figure.name for figure in FIGURES), _figures(found.total), strict=True))
    told = {"run": found.run.id, "as_of": found.run.as_of, "sort": found.sort, "cities": _records(found), "total": total}
    yield json.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n"
