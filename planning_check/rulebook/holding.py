"""Whether worked cases hold what they are for: every outcome, both sides of every threshold, every day; and clauses that nobody reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from planning_check.clauses import CLAUSES
from planning_check.errors import Place, Text
from planning_check.rulebook.breaking import Broken, noticed, nudged, shifted, swapped
from planning_check.rulebook.cases import Case, read_cases
from planning_check.rulebook.compile_measures import Compiled, compile_measures
from planning_check.rulebook.loading import Rulebook
from planning_check.rulebook.ordinance_cases import inherited_cases
from planning_check.rulebook.ordinances import FOREVER, Ordinance, Placed
from planning_check.rulebook.remarks import Looked, Remark
from planning_check.rulebook.rules import Rule
from planning_check.rulebook.texts import rule_record
from planning_check.words import OUTCOMES

_DAY = dt.timedelta(days=1)
_UNREAD = Text("没有规则读的条款", "clauses that no rule reads")
_OUTCOMES = Text("没有算例的结论", "outcomes without a worked case")
_THRESHOLDS = Text("算例没有守住的界线", "thresholds that no worked case holds")
_DAYS = Text("没有算例的日期", "days of an ordinance without a worked case")
_SIDES = {
    "swapped": Text("没有恰在界线上的算例", "no case lies on it"),
    "above": Text("上侧 {step} 以内没有算例", "no case lies within {step} above it"),
    "below": Text("下侧 {step} 以内没有算例", "no case lies within {step} below it"),
    "parameter": Text("改动一点没有算例看得出", "no case notices if it is moved a little"),
}


def look_at_cases(book: Rulebook, rules: Sequence[Rule], ordinances: Sequence[Ordinance]) -> list[Looked]:
    """What the worked cases of these rules and ordinances do not hold, and the clauses of these ordinances that no rule reads."""
    measures = compile_measures(book.measures)
    cases = {rule.id: read_cases(rule) for rule in rules}
    count, laws = sum(map(len, cases.values())), Text(f"办法 {len(ordinances)} 部", f"ordinances: {len(ordinances)}")
    judged = Text(f"规则 {len(rules)} 条，算例 {count} 个", f"rules: {len(rules)}, cases: {count}")
    return [
        Looked(_UNREAD, list(unread_clauses(book, ordinances)), laws),
        Looked(_OUTCOMES, [remark for rule in rules for remark in _without_case(rule, cases[rule.id])], judged),
        Looked(_THRESHOLDS, [remark for rule in rules for remark in _not_held(rule, cases[rule.id], measures, book)], judged),
        Looked(_DAYS, [remark for ordinance in ordinances for remark in (*_without_day(ordinance), *_without_placed_day(ordinance))], laws),
    ]


def unread_clauses(book: Rulebook, ordinances: Iterable[Ordinance]) -> Iterator[Remark]:
    """Each clause that an ordinance itself gives a value to, though no rule reads it: whatever it says changes nothing."""
    read = {name for rule in book.rules for name in rule_record(rule, book.measures, book.widths)["clauses"]}
    for ordinance in ordinances:
        for name, clause in ordinance.clauses.items():
            if name not in read and any(value is not None for _, value in clause.values):
                label = CLAUSES[name].label
                yield Remark(
                    Place(ordinance.file, line=clause.line),
                    Text(f"条款 {name}（{label.zh}）没有一条规则读，写什么都不影响结论",
                         f"no rule reads clause {name} ({label.en}): whatever it says changes nothing"),
                    Text("写一条读 law." + name + " 的规则，或删去这一条", f"write a rule that reads law.{name}, or take the clause out"),
                )  # fmt: skip


def outcomes_demanded(rule: Rule, reads_law: bool) -> set[str]:
    """The outcomes that a rule's cases have to show."""
    demanded = {"pass", "undetermined"}
    if not rule.judges_law:  # which law governs is settled or undetermined, never a violation
        demanded.add("violation")
    if rule.applies_when or reads_law:
        demanded.add("not_applicable")
    if rule.due_when:
        demanded.add("not_due")
    if rule.exempt_when:
        demanded.add("exempt")
    return demanded


def outcomes_lacking(rule: Rule, cases: Sequence[Case]) -> set[str]:
    """The outcomes that a rule can come to, and that none of its cases expects."""
    reads_law = "law." in rule.path.read_text("utf-8").split("cases:")[0]
    return outcomes_demanded(rule, reads_law) - {case.expect["outcome"].value for case in cases if "outcome" in case.expect}


def _without_case(rule: Rule, cases: Sequence[Case]) -> Iterator[Remark]:
    lacking = outcomes_lacking(rule, cases)
    if lacking:
        named = [(code, OUTCOMES[code]) for code in OUTCOMES if code in lacking]
        zh, en = "、".join(f"{code}（{word.zh}）" for code, word in named), ", ".join(code for code, _ in named)
        yield Remark(
            Place(rule.item.file, line=cases[0].item.line if cases else rule.item.line),
            Text(f"{rule.id} 没有结论为 {zh} 的算例", f"{rule.id} has no worked case that comes out {en}"),
            Text("各写一个算例；缺一项事实的写 expect: {outcome: undetermined, missing: [事实]}",
                 "write a case for each; for undetermined give all but one fact and expect: {outcome: undetermined, missing: [FACT]}"),
        )  # fmt: skip


def thresholds_not_held(rule: Rule, cases: Sequence[Case], measures: Compiled, book: Rulebook) -> list[Broken]:
    """What was broken at a threshold of the rule without any of its cases noticing."""
    broken = [*swapped(rule), *shifted(rule, measures), *nudged(rule)]
    return [one for one, was_noticed in zip(broken, noticed(cases, [one.rule for one in broken], book), strict=True) if not was_noticed]


def _not_held(rule: Rule, cases: Sequence[Case], measures: Compiled, book: Rulebook) -> Iterator[Remark]:
    found = sorted(thresholds_not_held(rule, cases, measures, book), key=lambda one: (one.item.line, one.place, one.of))
    for (line, place, of), group in groupby(found, key=lambda one: (one.item.line, one.place, one.of)):
        ways = list(group)
        zh = "；".join(_SIDES[one.how].zh.format(step=one.step.zh) for one in ways)
        en = "; ".join(_SIDES[one.how].en.format(step=one.step.en) for one in ways)
        if {one.how for one in ways} >= {"swapped", "above", "below"}:
            zh, en = "没有一个算例涉及它", "no worked case comes near it"
        yield Remark(
            Place(ways[0].item.file, line=line),
            Text(f"{rule.id} {place}：{of}：{zh}", f"{rule.id} {place}: {of}: {en}"),
            Text("写恰在界线上和最近两侧的算例（差 0.01，或差一天）", "write cases on the threshold and next to it on both sides (0.01 or a day apart)"),
        )  # fmt: skip


def days_lacking(ordinance: Ordinance) -> list[dt.date]:
    """The days on which an ordinance, or a value of its clauses, begins or ends to hold, and the days before them, that no case of it, or
    that it inherits, has as its anchor."""
    cases = [*read_cases(ordinance), *inherited_cases(ordinance)]
    anchored = {case.given[ordinance.anchor].value for case in cases if ordinance.anchor in case.given}
    dated = {day for clause in ordinance.clauses.values() for day, _ in clause.values if ordinance.begins < day <= ordinance.ends}
    begin = {ordinance.begins, *dated} | ({ordinance.ends + _DAY} if ordinance.ends < FOREVER else set())
    return sorted({one for day in begin for one in (day - _DAY, day)} - anchored)


def _without_day(ordinance: Ordinance) -> Iterator[Remark]:
    lacking = days_lacking(ordinance)
    if lacking:
        days = ", ".join(day.isoformat() for day in lacking)
        yield Remark(
            Place(ordinance.file, line=ordinance.line),
            Text(f"办法 {ordinance.id} 没有 {ordinance.anchor} 为这些日期的算例：{days}",
                 f"ordinance {ordinance.id} has no worked case with {ordinance.anchor} on {days}"),
            Text("起止和各值的首日，当天和前一天各写一个算例", "write a case on each day that something begins or ends, and on the day before"),
        )  # fmt: skip


def placed_days_lacking(ordinance: Ordinance) -> list[tuple[str, Placed, list[dt.date]]]:
    """Each value that a clause of its own has in a place and time, with the days on which that begins or ends to hold, and the days before
    them, that no case in that place has as its anchor."""
    cases = [case for case in read_cases(ordinance) if ordinance.anchor in case.given and "district_code" in case.given]
    found = []
    for name, clause in ordinance.clauses.items():
        for one in clause.placed:
            begin = {max(one.begins, ordinance.begins)} | ({one.ends + _DAY} if one.ends < ordinance.ends else set())
            there = {c.given[ordinance.anchor].value for c in cases if str(c.given["district_code"].value).startswith(one.jurisdiction)}
            if lacking := sorted({day for first in begin for day in (first - _DAY, first)} - there):
                found.append((name, one, lacking))
    return found


def _without_placed_day(ordinance: Ordinance) -> Iterator[Remark]:
    for name, one, lacking in placed_days_lacking(ordinance):
        file, _, line = one.where.rpartition(":")
        days, what = ", ".join(day.isoformat() for day in lacking), f"{ordinance.id}.{name}"
        yield Remark(
            Place(file, line=int(line)),
            Text(f"{what} 在 {one.jurisdiction or '全部地方'} 的值没有 {ordinance.anchor} 为这些日期的算例：{days}",
                 f"the value of {what} in {one.jurisdiction or 'every place'} has no worked case with {ordinance.anchor} on {days}"),
            Text("在办法的 cases 里各写一个那里的算例", "write a case there for each among the cases of the ordinance"),
        )  # fmt: skip
