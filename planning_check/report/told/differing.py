"""What differs between two runs, in words: what each change is, why, whether that is proved, and from which cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from planning_check.cases import FIELDS, STATES
from planning_check.errors import Place, Text
from planning_check.record.causes import FACTORS, KINDS, Judged
from planning_check.record.changes import CellChange, Change, CorrectionChange, Differing, Short, Standing, TextChange, Things
from planning_check.record.evidence import Cell
from planning_check.report.told.numbers import counted, number
from planning_check.schema import BY_NAME
from planning_check.words import OUTCOMES, label

SIDES = {"before": Text("较早的检查", "the older check"), "after": Text("较新的检查", "the newer check")}
DECISION, WAIVER = Text("会议决定", "decision of the meeting"), Text("豁免", "waiver")
#: How what is lost is named where it lies elsewhere now.
_OPTIONS = {"data": "--inputs", "rules": "--rules"}
_NOTHING = Text("（空）", "(blank)")
_WHAT = {"rule": Text("规则", "rule"), "ordinance": Text("办法", "ordinance"), "file": Text("规则文件", "file of rules")}
_MOST_FILES = 4
_MOST_LETTERS = 120
_FILES = {"changed": Text("改变", "changed"), "new": Text("新来", "new"), "gone": Text("不再交来", "no longer delivered")}


def judged_text(one: Judged) -> Text:
    """An outcome in words, with what it comes to."""
    if one.outcome is None:
        return Text("没有这个对象，或没有用这条规则", "no such subject, or the rule did not judge")
    area = f" {number(one.area_m2)} ㎡" if one.area_m2 is not None else ""
    money = number(one.yuan) if one.yuan is not None else ""
    said, status = OUTCOMES[one.outcome], one.label
    return Text(
        f"{said.zh}{f'（{status.zh}）' if status else ''}{area}{f' {money} 元' if money else ''}",
        f"{said.en}{f' ({status.en})' if status else ''}{area}{f' {money} yuan' if money else ''}",
    )


def things_lines(things: Things) -> Iterator[Text]:
    """What differs between the two, a line each: files, corrections, mapping, rules, days, versions."""
    if things.files:
        counts = Counter(things.files.values())
        names = list(things.files)
        more = len(names) - _MOST_FILES
        told = Text("，".join(f"{word.zh} {counts[code]} 个" for code, word in _FILES.items() if counts[code]),
                    ", ".join(f"{word.en} {counts[code]}" for code, word in _FILES.items() if counts[code]))  # fmt: skip
        shown = "、".join(names[:_MOST_FILES]), ", ".join(names[:_MOST_FILES])
        yield Text(
            f"{FACTORS['data'].zh}：文件{told.zh}（{shown[0]}{f' 等，另 {more} 个' if more > 0 else ''}）",
            f"{FACTORS['data'].en}: files {told.en} ({shown[1]}{f' and {more} more' if more > 0 else ''})",
        )
    if "correction" in things.factors:
        new = sum(change.is_new for change in things.corrections)
        gone = len(things.corrections) - new
        yield Text(f"{FACTORS['correction'].zh}：新增 {new} 条，删去 {gone} 条", f"{FACTORS['correction'].en}: {new} new, {gone} taken out")
    if "reading" in things.factors:
        yield FACTORS["reading"]
    if "rules" in things.factors:
        own = Counter((t.what, t.id) for t in things.texts if t.what != "file")
        files = [text_line(t) for t in things.texts if t.what == "file"]
        named = Text("、".join(f"{_WHAT[what].zh} {key}" for what, key in own), ", ".join(f"{_WHAT[what].en} {key}" for what, key in own))
        told = Text("；".join(t.zh for t in files[:_MOST_FILES]), "; ".join(t.en for t in files[:_MOST_FILES]))
        parts = Text("；".join(p for p in (named.zh, told.zh) if p), "; ".join(p for p in (named.en, told.en) if p))
        yield Text(f"{FACTORS['rules'].zh}：{parts.zh}", f"{FACTORS['rules'].en}: {parts.en}")
    if "time" in things.factors:
        days = " → ".join(things.days)
        yield Text(f"{FACTORS['time'].zh}：截至 {days}", f"{FACTORS['time'].en}: as of {days}")
    if "program" in things.factors:
        told_by = " → ".join(things.programs)
        yield Text(f"{FACTORS['program'].zh}：{told_by}", f"{FACTORS['program'].en}: {told_by}")


def cause_line(change: Change) -> Text:
    """Why, in one sentence, and whether that is proved."""
    cause = change.cause
    if cause is None:
        said = [word for word, there in ((DECISION, change.standing), (WAIVER, change.waived)) if there]
        return Text(f"原因：{'、'.join(w.zh for w in said)}", f"cause: {', '.join(w.en for w in said)}")
    ways = [_joined(way, Text("和", " and ")) for way in cause.ways]
    if not ways:
        return Text(
            "原因不能证明：用同样的文件和规则重新判定，得出的与记录的不同（planning-check verify 说是哪里）",
            "the cause cannot be proved: judged again from the same files and rules it does not come out as recorded "
            "(planning-check verify says where)",
        )
    if not cause.proved:
        names = _joined(cause.ways[0], Text("、", ", "))
        needed = _joined(cause.needed, Text("、", ", "))
        also = Text(f"，其中没有{needed.zh}就不会这样", f"; without {needed.en} it would not be so") if cause.needed else Text("", "")
        return Text(f"原因没有证明，可能是：{names.zh}{also.zh}", f"the cause is not proved; it may be: {names.en}{also.en}")
    if len(ways) > 1:
        several = Text("；".join(way.zh for way in ways), "; ".join(way.en for way in ways))
        return Text(f"原因（各自都足以造成）：{several.zh}", f"causes, each of which alone would do: {several.en}")
    if len(cause.ways[0]) > 1:
        return Text(f"原因：{ways[0].zh}，缺一不可", f"cause: {ways[0].en}, needs all of them")
    return Text(f"原因：{ways[0].zh}", f"cause: {ways[0].en}")


def _joined(codes: Sequence[str], by: Text) -> Text:
    return Text(by.zh.join(FACTORS[code].zh for code in codes), by.en.join(FACTORS[code].en for code in codes))


def alone_line(change: Change) -> Text | None:
    """What each thing alone would have come to, where it takes several."""
    cause = change.cause
    if cause is None or not cause.alone or (len(cause.ways) == 1 and len(cause.ways[0]) == 1):
        return None
    told = [(FACTORS[code], judged_text(outcome)) for code, outcome in cause.alone.items()]
    return Text(
        "只有一样改变时：" + "；".join(f"{name.zh} → {outcome.zh}" for name, outcome in told),
        "with one of them alone: " + "; ".join(f"{name.en} → {outcome.en}" for name, outcome in told),
    )


def cell_line(change: CellChange) -> Text:
    """Where a cell stands, and what it said and says."""
    cell = change.after or change.before
    assert cell is not None
    where = Place(cell.file, cell.sheet or None, cell.row, cell.letter if change.field else None)
    if not change.field:
        table = BY_NAME[change.table].label
        what = Text("新增的行", "a new row") if change.after else Text("不再有的行", "a row that is there no more")
        return Text(
            f"{where.get('zh')}：{what.zh}（{table.zh} {change.record_key}）",
            f"{where.get('en')}: {what.en} ({table.en} {change.record_key})",
        )
    named = BY_NAME[change.table].field(change.field).label
    old, new = _raw(change.before), _raw(change.after)
    return Text(f"{where.get('zh')} {named.zh}：{old.zh} → {new.zh}", f"{where.get('en')} {named.en}: {old.en} → {new.en}")


def _raw(cell: Cell | None) -> Text:
    return Text(cell.raw, cell.raw) if cell else _NOTHING


def text_line(change: TextChange) -> Text:
    """What a part of a rule or ordinance said and says; of a file its digests."""
    what = _WHAT[change.what]
    old, new = (f"{text[:_MOST_LETTERS]}{'..' if len(text) > _MOST_LETTERS else ''}" for text in (change.before, change.after))
    if change.what != "file" and not change.part:
        state = Text("新增", "new") if change.after else Text("不再有或已停用", "gone or switched off")
        return Text(f"{what.zh} {change.id}：{state.zh}", f"{what.en} {change.id}: {state.en}")
    part = f" {change.part}" if change.part else ""
    return Text(f"{what.zh} {change.id}{part}：{old or _NOTHING.zh} → {new or _NOTHING.zh}",
                f"{what.en} {change.id}{part}: {old or _NOTHING.en} → {new or _NOTHING.en}")  # fmt: skip


def correction_line(change: CorrectionChange) -> Text:
    """A row of the register that only one run has."""
    row = change.row
    state = Text("登记了", "entered") if change.is_new else Text("删去了", "taken out")
    where = " > ".join(part for part in (row.file, row.sheet, row.record_key, row.field_told) if part)
    return Text(
        f"{state.zh}：{where}：“{row.old_value}”更正为“{row.new_value}”（{row.corrected_by} {row.corrected_on}：{row.reason}）",
        f"{state.en}: {where}: '{row.old_value}' corrected to '{row.new_value}' ({row.corrected_by} {row.corrected_on}: {row.reason})",
    )


def standing_line(standing: Standing) -> Text:
    """What was decided between the two."""
    number_of = standing.said.get("resolution_no")
    conclusion = FIELDS["conclusion"].choices.get(str(standing.said.get("conclusion")))
    more = Text("".join(f"，{one}" for one in (conclusion.zh if conclusion else "", number_of or "") if one),
                "".join(f", {one}" for one in (conclusion.en if conclusion else "", number_of or "") if one))  # fmt: skip
    return Text(
        f"案件：{STATES[standing.before].zh} → {STATES[standing.after].zh}（日志第 {standing.seq} 条{more.zh}）",
        f"case: {STATES[standing.before].en} → {STATES[standing.after].en} (entry {standing.seq} of the log{more.en})",
    )


def waiver_line(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Text:
    """The waiver that stood and the one that stands, with where they are written."""
    old, new = (
        f"{one['from']}/{one['to']} {one['approved_by']}/{one['second_approved_by']} ({one['where']})" if one else ""
        for one in (before, after)
    )
    none = Text("没有", "none in force")
    return Text(f"豁免：{old or none.zh} → {new or none.zh}", f"waiver: {old or none.en} → {new or none.en}")


def evidence_lines(change: Change) -> Iterator[Text]:
    """What of data, corrections, rules and decisions lies behind a change."""
    yield from map(cell_line, change.cells)
    yield from map(correction_line, change.corrections)
    yield from map(text_line, change.texts)
    if change.is_bare:
        yield Text("有一边的单元格没有记录，也不能从报送再取得，说不出是哪一格",
                   "the cells of one side are not on record and cannot be read again: which one it is cannot be told")  # fmt: skip
    elif change.cause and not change.cells and any("data" in way for way in change.cause.ways):
        yield Text("本对象自己的单元格没有不同：原因在报送的其他行或图形里",
                   "no cell of the subject's own differs: it lies in other rows of the delivery, or in a shape")  # fmt: skip
    if change.standing:
        yield standing_line(change.standing)
    if change.waived:
        yield waiver_line(*change.waived)


def by_kind(changes: Iterable[Change]) -> dict[str, list[Change]]:
    """The changes by what they are, in the order in which they are shown."""
    found = list(changes)
    return {kind: some for kind in KINDS if (some := [change for change in found if change.kind == kind])}


def by_cause(changes: Iterable[Change]) -> list[tuple[Text, int]]:
    """How many changes go back to which cause."""
    counts = Counter(cause_line(change) for change in changes)
    return sorted(counts.items(), key=lambda one: (-one[1], one[0].en))


def lost_lines(found: Differing) -> Iterator[Text]:
    """What could not be judged again, and why; last how what was moved is named."""
    for factor, side, why in found.lost:
        yield Text(f"{SIDES[side].zh}的{FACTORS[factor].zh}已不能再判：{why.zh}", f"{FACTORS[factor].en} of {SIDES[side].en}: {why.en}")
    named = sorted((getattr(found, side).id, _OPTIONS[factor]) for factor, side, _ in found.lost if factor in _OPTIONS)
    if named:
        zh, en = (" ".join(f"{option} {run}={what}" for run, option in named) for what in ("文件夹", "FOLDER"))
        yield Text(f"挪了地方的，指明现在的位置：{zh}", f"what was moved is named by {en}")


def counts_line(found: Differing) -> Text:
    """How many changes of each kind."""
    kinds = by_kind(found.changes)
    if not kinds:
        return Text("没有一项结论有变", "no outcome is another than it was")
    return Text("，".join(f"{label(KINDS, kind, 'zh')} {len(some)}" for kind, some in kinds.items()),
                ", ".join(f"{label(KINDS, kind, 'en')} {len(some)}" for kind, some in kinds.items()))  # fmt: skip


def judged_line(found: Differing) -> Text:
    """How the causes were proved."""
    if not found.judged:
        return Text(
            "没有重新判定：原因只在仅一样东西不同时才能断定", "nothing was judged again: a cause is sure only where one thing alone differs"
        )
    return Text(f"原因由重新判定 {found.judged} 次、每次只改变一部分证明；没有记入",
                f"Causes are proved by judging again {counted(found.judged, 'time')}, each time with some of it changed; "
                "nothing was recorded")  # fmt: skip


def short_line(short: Short) -> Text:
    """The same in a line for the first screen: how many, and which things differ."""
    if not short.counts:
        told = Text("违规没有变化", "the violations are the same")
    else:
        told = Text("，".join(f"{KINDS[kind].zh} {count}" for kind, count in short.counts),
                    ", ".join(f"{KINDS[kind].en} {count}" for kind, count in short.counts))  # fmt: skip
    things = _joined(short.factors, Text("、", ", ")) if short.factors else Text("没有", "nothing")
    why = Text("；planning-check diff 说明每项的原因", "; planning-check diff tells the cause of each") if short.counts else Text("", "")
    return Text(f"{told.zh}；不同的：{things.zh}{why.zh}", f"{told.en}; what differs: {things.en}{why.en}")
