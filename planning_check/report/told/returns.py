"""What goes back to each bureau to be corrected at source, and what became of what went back last time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from planning_check.errors import Place, Text
from planning_check.record.correction import CorrectionRow, DisagreementRow
from planning_check.report.told.disagreements import disagreements
from planning_check.schema import BY_NAME
from planning_check.words import BUREAUS, bureau_of

#: Kinds of problems that ask nothing of a bureau: notes of how something was read, rows that are no record, and the city's own registers.
_NOTES = frozenset({
    "text_read_as", "other_ending", "unused_mapping", "added_up", "template_guide", "meeting_book", "template_untouched",
    "empty_register", "crs_by_choice", "total_row", "example_row", "repeated_header", "duplicate_row", "day_ahead", "choice_read",
    "land_use_read", "district_by_name", "name_matched", "made_ids", "unused_columns", "like_column", "unsupported_file",
    "document_file", "picture_file", "conflict", "conflict_settled", "rows_of_no_part", "part_without_rows", "layer_in_parts",
    "word_mapped",
})  # fmt: skip
_OWN_TABLES = ("confirmed_names", "corrections")
#: What became of it since the check before.
STATES = {
    "new": Text("新", "new"),
    "unchanged": Text("上次已退回，没有改", "returned before, not corrected"),
    "other": Text("上次已退回，改成了别的值", "returned before, changed to another value"),
    "corrected": Text(
        "上次退回的，这次没有了（已改正、已一致，或删去了这一行）", "returned before, gone: corrected, in agreement, or its row deleted"
    ),
    "absent": Text("上次退回的，这次没有报送这个文件、工作表或列", "returned before, its file, sheet or column was not delivered again"),
    "withdrawn": Text(
        "更正已从登记中撤下，来源改没改看不出", "its correction was withdrawn; whether the source corrected it cannot be told"
    ),
}


@dataclass(frozen=True)
class Return:
    """One thing to correct: the bureau ('': not known whose file it is), its cell and text, what is wrong and what to do, and what became
    of it since."""

    bureau: str
    code: str
    where: Place
    table: str
    key: str
    field: str
    raw: str
    what: Text
    fix: Text
    state: str = ""

    @property
    def own(self) -> tuple[str, ...]:
        """What makes it the same thing in the next delivery: not its row, where it has a key."""
        place = self.key or str(self.where.row or "")
        kind = "value" if self.field and self.key else self.code
        return (kind, self.where.file, self.where.sheet or "", self.table, place, self.field)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be corrected."""
        return self.state not in ("corrected", "absent", "withdrawn")


def returns(
    problems: Iterable[Any], differing: Iterable[DisagreementRow], before: Sequence[Return] | None = None,
    delivered: Collection[tuple[str, str, str]] = (), registered: Iterable[CorrectionRow] = (),
) -> tuple[Return, ...]:  # fmt: skip
    """What goes back, by bureau, file and row; then what went back before and is no more. ``before``: what went back in the check before,
    none where there is none; ``delivered``: file, sheet and field of every column read now; ``registered``: the corrections as they are
    now."""
    now = [*(_of_problem(p) for p in problems if _is_asked(p)), *(one for row in disagreements(differing) for one in _of_values(row))]
    if before is not None:
        known: dict[tuple[str, ...], list[Return]] = {}
        for one in before:
            known.setdefault(one.own, []).append(one)
        now = [replace(one, state=_state(one, known.get(one.own, []))) for one in now]
        gone = [one for left in known.values() for one in left]
        now += [replace(one, state=state) for one, state in zip(gone, _gone(gone, before, delivered, registered), strict=True)]
    order = [*BUREAUS, ""]
    return tuple(sorted(now, key=lambda one: (order.index(one.bureau), not one.is_open, one.where.file, one.where.sheet or "")))


def _state(one: Return, before: list[Return]) -> str:
    """Against what was returned before in the same place, which is taken from the list: the same text first."""
    if not before:
        return "new"
    same = next((n for n, other in enumerate(before) if other.raw == one.raw), None)
    before.pop(same or 0)
    return "other" if same is None else "unchanged"


def _gone(
    gone: Sequence[Return], before: Sequence[Return], delivered: Collection[tuple[str, str, str]], registered: Iterable[CorrectionRow]
) -> Iterable[str]:
    """What became of what is returned no more. What differed from a place that was not delivered again is not corrected."""
    columns, sheets = set(delivered), {(file, sheet) for file, sheet, _ in delivered}
    states = {(c.table_name, c.record_key, c.field): c.state for c in registered}

    def is_there(one: Return) -> bool:
        place = (one.where.file, one.where.sheet or "")
        return (*place, one.field) in columns if one.field else place in sheets

    lacking = {(one.table, one.key, one.field) for one in before if one.code == "conflict" and not is_there(one)}
    for one in gone:
        own = (one.table, one.key, one.field)
        if not is_there(one) or (one.code == "conflict" and own in lacking):
            yield "absent"
        elif one.code == "correction_applied":
            yield {"at_source": "corrected", "stale": "other"}.get(states.get(own, ""), "withdrawn")
        else:
            yield "corrected"


def _is_asked(problem: Any) -> bool:
    told_by_city = problem.table_name in _OWN_TABLES
    return problem.code not in _NOTES and not told_by_city and (problem.code == "correction_applied" or "correction" not in problem.code)


def _of_problem(p: Any) -> Return:
    owner = BY_NAME[p.table_name].fields[0].owner if p.table_name else ""
    key = p.key.split(" > ")[-2] if p.code == "correction_applied" and p.key else p.key
    return Return(
        bureau_of(p.file) or owner, p.code, Place(p.file, p.sheet or None, p.row, p.letter), p.table_name or "", key or "", p.field or "",
        p.raw or "", Text(p.what_zh, p.what_en), Text(p.fix_zh, p.fix_en),
    )  # fmt: skip


def _of_values(one: Any) -> Iterable[Return]:
    """A disagreement goes back to every bureau that told a value."""
    for told in one.told:
        others = [other for other in one.told if other is not told]
        zh = "；".join(f"{o.where.get('zh')}“{o.raw}”" for o in others)
        en = "; ".join(f"{o.where.get('en')} '{o.raw}'" for o in others)
        yield Return(
            told.bureau or one.owner, "conflict", told.where, one.table, one.key, one.field, told.raw,
            Text(f"“{one.field_label.zh}”报“{told.raw}”，别处不同：{zh}", f"'{one.field_label.en}' is '{told.raw}' here, elsewhere: {en}"),
            Text(f"与{BUREAUS[one.owner].zh}部门核定一个值，改正其余各处",
                 f"settle one value with {BUREAUS[one.owner].en} and correct the others"),
        )  # fmt: skip
