"""The law over time laid out for a console, and as rows for programs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from planning_check.clauses import CLAUSES
from planning_check.errors import Text, speaking
from planning_check.report.console.layout import WIDTH, Paint, plain, wrap
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.facts import fact_label
from planning_check.report.told.governing import Governing, Version
from planning_check.report.told.law_history import History, Stretch
from planning_check.report.told.readings import clause_value
from planning_check.report.told.weighing import Choice

_NOBODY = {
    "legacy": Text("没有收录的办法，此前批准的不溯及既往", "no law on file before; it does not apply backwards"),
    "gap": Text("空档：没有一部办法覆盖这些日期，不能判定", "a gap: no law on file covers these days, and nothing can be judged"),
    "none": Text("当地没有收录办法", "no law on file for the place"),
    "conflict": Text("冲突：同地同日有不止一部办法，不能判定", "a conflict: more than one law covers the place and these days"),
}
#: What it comes to where none governs.
_COMES_TO = {
    **_NOBODY,
    "legacy": Text("早于收录的各部办法，办法不溯及既往", "older than any law on file for the place, which does not apply backwards"),
    "anchor_unclear": Text("适用哪一部不能确定，不能判定", "which of them governs cannot be settled, and nothing can be judged"),
}
_COLUMNS = (
    "clause", "place", "from", "to", "state", "value", "ordinance", "jurisdiction", "anchor", "verified", "source_zh", "source_en",
    "why_zh", "why_en",
)  # fmt: skip


def history_page(found: History, lang: str, *, paint: Paint = plain, width: int = WIDTH) -> list[str]:
    """The values of a clause in the order of their days, each with its source; of a place, the one that governs marked with an asterisk."""
    say, kind = speaking(lang), CLAUSES[found.clause]
    where = say(f"，{found.place}", f", {found.place}") if found.place else ""
    lines = [paint(line, "title") for line in wrap(f"law.{found.clause} {kind.label.get(lang)}{where}", width)]
    labels = dict.fromkeys(fact_label("project", str(s.version.record["anchor"])) for s in found.stretches if s.version)
    zh, en = "、".join(one.zh for one in labels), ", ".join(one.en for one in labels)
    told = say(f"* 为适用于当地的；日期指项目的{zh}，办公用房和社区指检查日",
               f"* governs the place; the days are a project's '{en}', of offices and communities that of the check")  # fmt: skip
    if not found.place:
        told = say("--district 990103 看当地适用哪一个", "--district 990103 shows which of them governs there")
    lines += [paint(line, "dim") for line in wrap(told, width, indent="  ")] if labels else []
    for one in found.stretches:
        lines += _stretch_lines(one, found.clause, lang, paint, width)
    if not found.stretches:
        lines += wrap(say("收录的办法都没有写到", "no ordinance on file says anything of it"), width, indent="  ")
    if found.silent and found.stretches:
        named = say("、", ", ").join(found.silent)
        lines += ["", *wrap(say(f"没有写到它的办法：{named}", f"ordinances that say nothing of it: {named}"), width)]
    return lines


def _stretch_lines(one: Stretch, clause: str, lang: str, paint: Paint, width: int) -> Iterator[str]:
    say, days = speaking(lang), days_text(one.first, one.last).get(lang)
    if one.version is None:
        conflict = say(f"：{one.why.zh}", f": {one.why.en}") if one.state == "conflict" else ""
        yield from (
            paint(line, "alarm") for line in wrap(f"{days}  {_NOBODY[one.state].get(lang)}{conflict}", width, indent="  ", hanging="    ")
        )
        return
    mark = {"governed": "* ", "yields": "- "}.get(one.state, "  ")
    place = "" if one.state else f"  {one.version.place or say('各地', 'everywhere')}"
    value = clause_value(one.value, CLAUSES[clause].unit, lang)
    yield from wrap(f"{mark}{days}  {value}{place}", width, hanging="    ")
    verified = say("已核实", "verified") if one.verified else say("未核实", "not verified")
    title = Text(one.version.record["title"]["zh"], one.version.record["title"]["en"]).get(lang)
    told = f"{title}{say('（', ' (')}{one.version.id}{say('，', ', ')}{verified}{say('）', ')')}{say('：', ': ')}{one.source.get(lang)}"
    yield from (paint(line, "dim") for line in wrap(told, width, indent="      ", hanging="        "))
    if one.why.en:
        yield from wrap(one.why.get(lang), width, indent="      ")


def days_text(first: dt.date, last: dt.date) -> Text:
    """A stretch of days: 2006-04-09 起, from 2006-04-09."""
    if first == dt.date.min:
        return Text("一直", "always") if last == dt.date.max else Text(f"至 {last}", f"to {last}")
    return Text(f"{first} 起", f"from {first}") if last == dt.date.max else Text(f"{first} 至 {last}", f"{first} to {last}")


def law_page(found: Governing, day: dt.date, lang: str, *, paint: Paint = plain, width: int = WIDTH, full: bool = False) -> list[str]:
    """Which law governs a place on a day, why the others do not, and what it says; ``full``: also the clauses that it leaves open."""
    say = speaking(lang)
    lines = [
        paint(line, "title")
        for line in wrap(say(f"{found.place}，{day}：适用哪部办法", f"Which law governs {found.place} on {day}"), width)
    ]
    lines += weighed_lines(found, lang, paint, width)
    for version in found.having("governs"):
        lines.append("")
        for name in version.record["clauses"]:
            value = version.value(name)
            if value is not None or full:
                shown = clause_value(value, CLAUSES[name].unit, lang)
                lines += wrap(f"law.{name} {CLAUSES[name].label.get(lang)}{say('：', ': ')}{shown}", width, indent="  ", hanging="    ")
                lines += [paint(line, "dim") for line in wrap(version.source(name).get(lang), width, indent="      ")]
    return lines


def weighed_lines(found: Governing, lang: str, paint: Paint = plain, width: int = WIDTH) -> Iterator[str]:
    """The versions that were weighed: what became of each, and why; the one that governs first."""
    for one in found.in_order():
        yield from wrap(one.told.get(lang), width, indent="  * " if one.verdict == "governs" else "  - ", hanging="    ")
    if not found.having("governs") and found.state in _COMES_TO:
        yield from (paint(line, "alarm") for line in wrap(_COMES_TO[found.state].get(lang), width, indent="  ! "))


def choice_lines(choice: Choice, lang: str, paint: Paint = plain, width: int = WIDTH) -> Iterator[str]:
    """Why a finding was judged by this version of the law, or by none; and in what those differ that it may be."""
    say = speaking(lang)
    told = []
    if choice.governing is None:
        told.append(say("项目的日期没有记下，报送或规则已不在原处或已改动，不能重现",
                        "The days of the project are not on record, and the delivery or the rules have moved or changed"))  # fmt: skip
    else:
        yield from weighed_lines(choice.governing, lang, paint, width)
    if choice.is_contract:
        told.append(say("义务来自出让合同或规划条件，办法不溯及既往也一样",
                        "The duty is that of its land contract or planning conditions, whatever the law's days"))  # fmt: skip
    if choice.contract:
        now = choice.contract.named
        told.append(say(f"合同没有写的，从检查日当地施行的：{now.zh}",
                        f"What these leave open is taken from what is in force there on the day of the check: {now.en}"))  # fmt: skip
    for name, values in choice.differ:
        kind = CLAUSES[name]
        said = [f"{v.id} {clause_value(value, kind.unit, lang)}" for v, value in zip(choice.between, values, strict=True)]
        told.append(say(f"差别在{kind.label.zh}：", f"They differ in {kind.label.en}: ") + say("；", "; ").join(said))
    if len(choice.between) > 1 and not choice.differ:
        told.append(say("它们在本条规则用到的条款上没有差别", "They do not differ in what this rule reads"))
    for text in told:
        yield from wrap(text, width, indent="  ")


def _record(found: History, one: Stretch) -> dict[str, Any]:
    version: Version | None = one.version
    values = (
        found.clause, found.place or (version.place if version else ""), "" if one.first == dt.date.min else one.first.isoformat(),
        "" if one.last == dt.date.max else one.last.isoformat(), one.state or "stated", one.value, version.id if version else "",
        version.record["jurisdiction"] if version else "", version.record["anchor"] if version else "", one.verified if version else None,
        one.source.zh, one.source.en, one.why.zh, one.why.en,
    )  # fmt: skip
    return dict(zip(_COLUMNS, values, strict=True))


def history_csv(found: History) -> Iterator[str]:
    """A row a stretch of days; without first or last day where there is none."""
    yield BOM + csv_row(_COLUMNS)
    for one in found.stretches:
        record = _record(found, one)
        value = record["value"] if isinstance(record["value"], str | None) else json.dumps(record["value"], ensure_ascii=False)
        yield csv_row(["" if cell is None else cell for cell in {**record, "value": value}.values()])


def history_json(found: History) -> Iterator[str]:
    """The same as JSON."""
    told = {"clause": found.clause, "place": found.place, "silent": found.silent, "stretches": [_record(found, s) for s in found.stretches]}
    yield json.dumps(told, ensure_ascii=False, indent=2) + "\n"
