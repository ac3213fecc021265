"""Changes to the law given on the command line: ``survey_share.share=0.02``, ``OF02.near_m=300``, ``AR02=off``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from planning_check.clauses import CLAUSES
from planning_check.errors import RulebookError, Text, UsageError
from planning_check.rulebook.loading import Rulebook
from planning_check.rulebook.measures import Limit, with_limits
from planning_check.rulebook.nodes import Item, hint, parse_yaml
from planning_check.rulebook.ordinances import Clause, Ordinance, inherited, read_value
from planning_check.rulebook.overriding import with_parameter

_SETTING = re.compile(r"(?P<owner>\w+)(?:\.(?P<name>\w+))?(?:@(?P<day>\d{4}-\d{2}-\d{2}))?=(?P<value>.*)", re.DOTALL)
_FORM = Text("写成 survey_share.share=0.02、survey_share.share@2009-01-01=0.02、OF02.near_m=300 或 AR02=off",
             "write survey_share.share=0.02, survey_share.share@2009-01-01=0.02, OF02.near_m=300 or AR02=off")  # fmt: skip


def apply_settings(book: Rulebook, settings: Sequence[str]) -> Rulebook:
    """The rulebook with every change made, in order. Raises UsageError that names the setting and what would fit."""
    for setting in settings:
        book = _apply(book, setting)
    return book


def _apply(book: Rulebook, setting: str) -> Rulebook:
    match = _SETTING.fullmatch(setting.strip())
    if match is None:
        raise _wrong(setting, Text("看不懂这项改动", "this change cannot be read"), _FORM)
    owner, name, day = match["owner"], match["name"], match["day"]
    value = parse_yaml(match["value"] or "null", name=f"--set {setting}")
    ordinances = {o.id: o for o in book.ordinances}
    rules = {r.id: r for r in book.rules}
    note = {f"{owner}.{name}" if name else owner: "--set"}
    try:
        if owner in ordinances and name:
            changed = _with_value(ordinances[owner], name, value, day)
            kept = tuple(changed if o.id == owner else _with_base(o, changed, name) for o in book.ordinances)
            return replace(book, ordinances=kept, overridden=book.overridden | note)
        limits = {m.id for m in book.measures if isinstance(m, Limit)}
        if owner == "measures" and name in limits:
            return replace(book, measures=with_limits(book.measures, {name: value.number()}), overridden=book.overridden | note)
        rule = rules.get(owner.upper())
        if rule and name in rule.parameters:
            changed_rule = with_parameter(rule, name, value)
            return replace(book, rules=tuple(changed_rule if r.id == rule.id else r for r in book.rules), overridden=book.overridden | note)
    except RulebookError as error:
        raise _wrong(setting, error.what, error.fix) from None
    if rule and name is None and value.value == "off":
        return replace(book, rules=tuple(r for r in book.rules if r.id != rule.id), off=book.off | {rule.id: "--set"})
    if rule and name:
        near = hint(name, rule.parameters) or "-"
        raise _wrong(
            setting, Text(f"{rule.id} 没有参数 {name}", f"{rule.id} has no parameter {name}"), Text(f"可用：{near}", f"known: {near}")
        )
    near = hint(owner, [*ordinances, *rules])
    raise _wrong(setting, Text(f"没有办法或规则 {owner}", f"no ordinance or rule {owner}"), Text(f"相近：{near}", f"near it: {near}"))


def _with_value(ordinance: Ordinance, name: str, value: Item, day: str | None) -> Ordinance:
    """The ordinance with another clause value, from a day on or all the time, or with another first or last day."""
    if name in ("from", "to"):
        moved = value.day()
        begins = moved if name == "from" and moved else ordinance.begins
        ends = (moved or dt.date.max) if name == "to" else ordinance.ends
        clauses = {n: replace(c, values=((begins, c.values[0][1]), *c.values[1:])) for n, c in ordinance.clauses.items()}
        return replace(ordinance, begins=begins, ends=ends, clauses=clauses)
    if name not in CLAUSES:
        near = hint(name, CLAUSES)
        raise value.fail(f"没有条款 {name}", f"no clause {name}", fix_zh=f"相近：{near}", fix_en=f"near it: {near}")
    read = read_value(CLAUSES[name], value)
    old = ordinance.clauses.get(name) or Clause(name, ((ordinance.begins, None),), "--set", 0)
    first = dt.date.fromisoformat(day) if day else ordinance.begins
    kept = tuple((begins, v) for begins, v in old.values if begins < first) if day else ()
    return replace(ordinance, clauses={**ordinance.clauses, name: replace(old, values=(*kept, (first, read)))})


def _with_base(ordinance: Ordinance, changed: Ordinance, name: str) -> Ordinance:
    """What builds on the changed ordinance has the clause from it as before."""
    if changed.id not in ordinance.based_on or name not in changed.clauses:
        return ordinance
    old, nearer = ordinance.clauses.get(name), ordinance.based_on[: ordinance.based_on.index(changed.id)]
    if old and (not old.origin or old.origin in nearer):
        return ordinance
    clause = inherited(replace(changed.clauses[name], origin=""), ordinance.begins, changed.id)
    return replace(ordinance, clauses={**ordinance.clauses, name: replace(clause, placed=old.placed if old else clause.placed)})


def _wrong(setting: str, what: Text, fix: Text | None) -> UsageError:
    return UsageError(Text(f"--set {setting}：{what.zh}", f"--set {setting}: {what.en}"), fix=fix)
