"""Two readings of the law laid out for a console, and their changes as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from planning_check.errors import Text, speaking
from planning_check.report.console.layout import WIDTH, Paint, plain, table, wrap
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.numbers import number
from planning_check.report.told.readings import clause_value
from planning_check.words import CHANGES, LISTS, OUTCOMES, label

_MOST_CHANGES = 15
_MOST_NAMED = 4
_AMOUNTS = ("lines_before", "lines_after", "area_before_m2", "area_after_m2", "before_yuan", "after_yuan")
_CSV = (
    "change", "list", "rule_id", "subject", "subject_key", "subject_name", "district_name", "developer_name", "outcome_before",
    "outcome_after", "status_before", "status_after", "area_before_m2", "area_after_m2", "before_yuan", "after_yuan", "robustness_before",
    "robustness_after",
)  # fmt: skip


class _Page:
    def __init__(self, comparison: Any, lang: str, paint: Paint, full: bool) -> None:
        self.c, self.lang, self.paint, self.full = comparison, lang, paint, full
        self.lines: list[str] = []

    def say(self, zh: str, en: str) -> str:
        """The text in the language of the reader."""
        return Text(zh, en).get(self.lang)

    def head(self, zh: str, en: str) -> None:
        """A blank line and a heading."""
        self.lines += ["", self.paint(self.say(zh, en), "head")]

    def table(self, heads: str, rows: Sequence[Sequence[str]], first_number: int, *, total: bool = False) -> None:
        """A table; columns from ``first_number`` on are numbers, ``total``: the last row is the sum."""
        names = heads.split("|")
        self.lines += table(names, rows, numbers=range(first_number, len(names)), paint=self.paint, total=total)

    def rules(self) -> None:
        """Violations of every rule before and after, and by what they changed."""
        self.head("逐条规则", "Rule by rule")
        rows = [
            [r["rule_id"], label(LISTS, r["list"], self.lang), *(number(r[k]) for k in ("before", "after", *CHANGES))]
            for r in self.c.rules
            if any(r[k] for k in CHANGES)
        ]
        same = sum(not any(r[k] for k in CHANGES) for r in self.c.rules)
        if not rows:
            self.lines.append("  " + self.say("没有一条规则的结论有变", "no rule comes out differently"))
            return
        changes = "|".join(CHANGES[c].get(self.lang) for c in CHANGES)
        self.table(self.say("规则|名单|原违规|现违规|", "rule|list|violations before|after|") + changes, rows, 2)
        if same:
            self.lines.append(self.paint("  " + self.say(f"其余 {same} 条规则结论不变", f"{same} more rules come out the same"), "dim"))

    def districts(self) -> None:
        """Lines, m2 and yuan of the districts of each list before and after, where anything changed."""
        for code in dict.fromkeys(d["list"] for d in self.c.districts):
            rows = [d for d in self.c.districts if d["list"] == code]
            if all(d[f"{a}_before{u}"] == d[f"{a}_after{u}"] for d in rows for a, u in (("lines", ""), ("area", "_m2"))) and all(
                d["before_yuan"] == d["after_yuan"] for d in rows
            ):
                continue
            self.head(f"{LISTS[code].zh}，按区县", f"{LISTS[code].en}, by district")
            sums = {name: sum((d[name] for d in rows), Decimal(0)) for name in _AMOUNTS}
            with_area = bool(sums["area_before_m2"] or sums["area_after_m2"])
            shown = [self._district(d["district_name"] or self.say("区县不明", "not known"), d, with_area) for d in rows]
            shown.append(self._district(self.say("合计", "total"), sums, with_area))
            area = self.say("原 ㎡|现 ㎡|", "㎡ before|㎡ after|") if with_area else ""
            heads = (
                self.say("区县|原|现|", "district|before|after|") + area + self.say("原 元|现 元|增减 元", "yuan before|yuan after|change")
            )
            self.table(heads, shown, 1, total=True)

    def _district(self, name: str, d: dict[str, Any], with_area: bool) -> list[str]:
        counts = [number(int(d["lines_before"])), number(int(d["lines_after"]))]
        area = [number(d["area_before_m2"]), number(d["area_after_m2"])] if with_area else []
        return [name, *counts, *area, number(d["before_yuan"]), number(d["after_yuan"]), _signed(d["after_yuan"] - d["before_yuan"])]

    def changes(self) -> None:
        """The findings that changed most, new ones and gone ones first."""
        changes = sorted(self.c.changes, key=lambda c: (list(CHANGES).index(c["change"]), -_step(c), c["rule_id"], c["subject_key"]))
        if not changes:
            return
        self.head("变化最大的", "The largest changes")
        shown = changes if self.full else [c for c in changes if c["change"] in ("new", "gone", "changed")][:_MOST_CHANGES]
        rows = [
            [label(CHANGES, c["change"], self.lang), c["rule_id"], c["subject_key"], c["subject_name"] or "", c["district_name"] or "",
             label(OUTCOMES, c["outcome_before"], self.lang), label(OUTCOMES, c["outcome_after"], self.lang),
             number(c["area_before_m2"]), number(c["area_after_m2"])]
            for c in shown
        ]  # fmt: skip
        self.table(
            self.say("变化|规则|编号|名称|区县|原结论|现结论|原 ㎡|现 ㎡", "change|rule|id|name|district|before|after|㎡ before|㎡ after"),
            rows,
            7,
        )
        if len(changes) > len(shown):
            rest = len(changes) - len(shown)
            self.lines.append(
                self.paint(
                    "  "
                    + self.say(
                        f"另有 {number(rest)} 项（-o 写入 CSV，-v 全部列出）", f"{number(rest)} more (-o writes a CSV, -v lists all)"
                    ),
                    "dim",
                )
            )


def _signed(value: Decimal) -> str:
    return ("+" if value > 0 else "") + number(value)


def _step(change: dict[str, Any]) -> Decimal:
    """How far the area moved."""
    return abs((change["area_after_m2"] or Decimal(0)) - (change["area_before_m2"] or Decimal(0)))


_TITLE = Text("两种读法的比较", "Two readings of the law compared")


def comparison_lines(
    comparison: Any, what: Sequence[str], lang: str, *, title: Text = _TITLE, paint: Paint = plain, full: bool = False
) -> list[str]:  # fmt: skip
    """The lines to print; ``what``: the changes that were made, as given."""
    page = _Page(comparison, lang, paint, full)
    page.lines.append(paint(title.get(lang), "title"))
    for change in what:
        page.lines += wrap(change, WIDTH, indent="  ")
    before, after = comparison.outcomes
    shown = [
        f"{label(OUTCOMES, o, lang)} {number(before.get(o, 0))} -> {number(after.get(o, 0))}"
        for o in OUTCOMES
        if before.get(o, 0) != after.get(o, 0)
    ]
    page.lines += wrap(
        page.say("结论：", "Outcomes: ") + (page.say("，", ", ").join(shown) or page.say("没有变化", "no change")), WIDTH, indent="  "
    )
    fragile = [number(n) for n in comparison.fragile]
    page.lines += wrap(
        page.say(f"不稳的违规（换口径或查清未读入的行后可能不成立）：{fragile[0]} -> {fragile[1]}",
                 f"Fragile violations (another reading, or a row that was not read, may undo them): {fragile[0]} -> {fragile[1]}"),
        WIDTH, indent="  ",
    )  # fmt: skip
    page.rules()
    page.districts()
    page.changes()
    page.lines += ["", *wrap(page.say(
        "面积和金额按项目取最大一条，不重复相加；未知的不在合计内。比较不记入记录库。",
        "Area and money are the largest of a project's findings, never added twice; what is unknown is in no sum. "
        "A comparison is not recorded.",
    ), WIDTH, indent="")]  # fmt: skip
    return page.lines


def override_lines(overridden: Sequence[tuple[str, Any, str, Text]], lang: str) -> list[str]:
    """The values in places and times that a city gives (``told.clauses.overridden``): value, place, days, file and citation."""
    lines = [Text("本市按地方和日期另定的值：", "By place and date the city has:").get(lang)] if overridden else []
    for name, value, unit, held in overridden:
        lines += wrap(f"{name} = {clause_value(value, unit, lang)}  {held.get(lang)}", WIDTH, indent="  ", hanging="    ")
    return lines


def silence_lines(silences: Sequence[Any], lang: str, opened: int | None = None) -> list[str]:
    """What a city's own ordinances leave unsaid, and how many outcomes can no longer be judged (``opened``), where that was counted. The
    first few clauses are named; ``rules check`` names all."""
    lines = []
    for one in silences:
        clauses = Text("、", ", ").get(lang).join(label.get(lang) for label in one.clauses[:_MOST_NAMED])
        more = len(one.clauses) - _MOST_NAMED
        if more > 0:
            clauses += Text("等（planning-check rules check 列全）", f" and {more} more (planning-check rules check names all)").get(lang)
        text = Text(
            f"注意：办法 {one.ordinance_id} 对 {one.known} 项条款中的 {len(one.clauses)} 项没有写，{len(one.rules)} 条规则用到它们："
            f"{clauses}。没有规定的写 value: null 并注明出处",
            f"Note: ordinance {one.ordinance_id} is silent on {len(one.clauses)} of {one.known} clauses, which {len(one.rules)} rules "
            f"read: {clauses}. Where the law says nothing, write value: null and where it says so",
        ).get(lang)
        lines += wrap(text, WIDTH, indent="", hanging="  ")
    if silences and opened is not None:
        lines += wrap(
            Text(f"与原规则相比，{number(opened)} 个结论变为未能判定",
                 f"against the rules as they were, {number(opened)} outcomes become undetermined").get(lang),
            WIDTH, indent="  ",
        )  # fmt: skip
    return lines


def comparison_csv(comparison: Any) -> Iterator[str]:
    """Every change as a row."""
    yield BOM + csv_row(_CSV)
    for change in comparison.changes:
        yield csv_row([change[name] for name in _CSV])


def difference_lines(differences: Sequence[Any], lang: str, *, paint: Paint = plain) -> list[str]:
    """What differs between two folders of rules as written."""

    say = speaking(lang)
    kinds = {"added": say("新增", "added"), "removed": say("删去", "removed"), "changed": say("改动", "changed")}
    things = {
        "rule": say("规则", "rule"),
        "measure": say("共用数量", "measure"),
        "ordinance": say("办法", "ordinance"),
        "table": say("自己的台账", "own table"),
        "story": say("名单取数的次序", "order of the story"),
    }
    lines = [paint(say("规则文件的差别", "What differs in the files"), "title")]
    if not differences:
        return [*lines, "  " + say("没有差别（算例除外）", "nothing (worked cases apart)")]
    for one in differences:
        lines += wrap(f"{kinds[one.kind]} {things[one.what]} {one.id}{' ' + one.part if one.part else ''}", WIDTH, indent="  ")
        if one.kind == "changed":
            lines += wrap(f"- {one.before}", WIDTH, indent="      ", hanging="        ")
            lines += wrap(f"+ {one.after}", WIDTH, indent="      ", hanging="        ")
    return lines
