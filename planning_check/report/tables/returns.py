"""What sources tell differently, and what goes back to each bureau, as rows for programs; both languages in each."""

from __future__ import annotations

from collections.abc import Iterator

from planning_check.errors import Text
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.disagreements import Disagreement, Told, disagreements
from planning_check.report.told.pack import Pack
from planning_check.report.told.returns import STATES

_DIFFERING = ("table", "key", "field", "field_zh", "field_en", "owner", "told_zh", "told_en", "used", "why_zh", "why_en", "difference")
_RETURNED = (
    "bureau", "state", "state_zh", "state_en", "file", "sheet", "row", "letter", "table", "key", "field", "raw", "code", "what_zh",
    "what_en", "fix_zh", "fix_en",
)  # fmt: skip


def disagreements_csv(pack: Pack) -> Iterator[str]:
    """A row a record and field, with what every source tells."""
    yield BOM + csv_row(_DIFFERING)
    for one in disagreements(pack.disagreements):
        label = one.field_label
        both = [side_by_side(one, lang) for lang in ("zh", "en")]
        yield csv_row(
            [one.table, one.key, one.field, label.zh, label.en, one.owner, *both, one.used, one.why.zh, one.why.en, one.difference]
        )


def side_by_side(one: Disagreement, lang: str) -> str:
    """Every value of a disagreement with its place and bureau."""
    return Text("；", "; ").get(lang).join(_said(told, lang) for told in one.told)


def _said(told: Told, lang: str) -> str:
    bureau = f" ({told.bureau})" if told.bureau else ""
    return f"{told.where.get(lang)}{bureau} " + Text(f"“{told.raw}”", f'"{told.raw}"').get(lang)


def returns_csv(pack: Pack) -> Iterator[str]:
    """A row a thing to correct, by bureau; then what was returned before and is no more."""
    yield BOM + csv_row(_RETURNED)
    for one in pack.returns:
        state = STATES.get(one.state)
        place = (one.where.file, one.where.sheet, one.where.row, one.where.column)
        said = (one.what.zh, one.what.en, one.fix.zh, one.fix.en)
        of_state = (one.state, state.zh if state else "", state.en if state else "")
        yield csv_row([one.bureau, *of_state, *place, one.table, one.key, one.field, one.raw, one.code, *said])
