"""What bureaus let pass as rows for programs: one a rule and year, in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.controls import Control, Controls
from planning_check.report.told.numbers import number

#: ``district``: where it is told by that. ``year``: empty where it is not known. ``acts_…``, ``share_…``: empty where nobody
#: counted the acts; least and most differ where the
#: year of some is not known, or some could not be judged. ``line_…``: of the lines of the list of controls, each project's once.
NAMES = (
    "bureau", "list", "rule", "title_zh", "title_en", "act_zh", "act_en", "district", "year", "let_pass", "dismissed", "undetermined",
    "acts_least", "acts_most", "share_least_percent", "share_most_percent", "area_m2", "yuan", "line_area_m2", "line_yuan",
)  # fmt: skip


def percent(share: Decimal) -> str:
    """A share as a percentage of two places, rounded half up."""
    return number(share * 100, 2).replace(",", "")


def _record(line: Control, found: Controls) -> dict[str, Any]:
    listed = found.on_list([line])
    acts, share = line.acts or (None, None), [percent(one) for one in line.share] if line.share else (None, None)
    named = found.names.get(line.district or "")
    place = named.zh if named else line.district
    values = (
        line.bureau, line.list, line.rule_id, line.title.zh, line.title.en, line.act.zh, line.act.en, place, line.year,
        line.passed, line.dismissed, line.open, *acts, *share, line.area_m2, line.yuan, listed.area_m2, listed.yuan,
    )  # fmt: skip
    return dict(zip(NAMES, values, strict=True))


def controls_csv(found: Controls) -> Iterator[str]:
    """A row a rule and year."""
    yield BOM + csv_row(NAMES)
    for line in found.lines:
        yield csv_row(_record(line, found).values())


def controls_json(found: Controls) -> Iterator[str]:
    """The same, with the list's own totals."""
    run, whole = found.run, found.whole
    told = {
        "run": run.id, "as_of": run.as_of,
        "list": {"let_pass": whole.passed, "dismissed": whole.dismissed, "area_m2": whole.area_m2, "yuan": whole.yuan},
        "acts": [_record(line, found) for line in found.lines],
    }  # fmt: skip
    yield json.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n"
