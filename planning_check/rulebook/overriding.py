"""``overrides.yaml`` of a city's folder: single clauses and parameters, everywhere or by place and date, and what is switched off.

``clauses: {survey_share.share: [{jurisdiction: "990103", from: 2010-01-01, value: 0.008, cite: …}]}``;
``parameters: {OF02.near_m: 300}``, or a list as of a clause; ``off: {AR02: reason}``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from planning_check.clauses import CLAUSES
from planning_check.facts.dictionary import SUBJECTS
from planning_check.rulebook.measures import AnyMeasure, Limit, with_limits
from planning_check.rulebook.nodes import Item, read_yaml
from planning_check.rulebook.ordinances import FOREVER, Ordinance, Placed, read_prefix, read_value, yes_no
from planning_check.rulebook.rules import Rule

FILE = "overrides.yaml"
#: Parameters that more than their rule counts by: the calendar of what falls due is one for the whole city.
_ONE_VALUE = ("US04.record_days",)


@dataclass
class Overrides:
    """What the folders override. ``off``: id -> reason; ``where``: what is overridden -> file:line."""

    files: list[Item]
    off: dict[str, str] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    _seen: dict[tuple[str, str, dt.date], Placed] = field(default_factory=dict)

    @classmethod
    def of(cls, folders: Sequence[Path]) -> Overrides:
        """Those of the folders, in their order. Raises RulebookError (file:line) for an unknown key."""
        there = [(folder / FILE, f"{folder.name}/{FILE}") for folder in folders if (folder / FILE).exists()]
        files = [read_yaml(path, name=name) for path, name in there]
        for item in files:
            item.mapping(("clauses", "parameters", "off"))
        return cls(files)

    def check_clauses(self, ordinances: Iterable[Ordinance]) -> None:
        """Raises RulebookError (file:line) for a clause of an ordinance that is not there."""
        names = tuple(f"{one.id}.{clause}" for one in ordinances for clause in CLAUSES)
        for item in self.files:
            if told := item.get("clauses"):
                told.mapping(names)

    def placed(self, ordinance: Ordinance) -> dict[str, tuple[Placed, ...]]:
        """The values of an ordinance's clauses in places and times. Raises RulebookError (file:line) for one that can never hold."""
        found: dict[str, tuple[Placed, ...]] = {}
        for item in self.files:
            for key, entries in (told.mapping() if (told := item.get("clauses")) else {}).items():
                id_, _, name = key.partition(".")
                if id_ == ordinance.id and name in CLAUSES:
                    if name not in ordinance.clauses:
                        raise entries.fail(
                            f"办法 {id_} 没有写 {name}，不能只改某地", f"ordinance {id_} does not state {name}",
                            fix_zh="先在办法里写明这一条（没有规定的写 value: null）",
                            fix_en="state it in the ordinance first (value: null where the law says nothing)",
                        )  # fmt: skip
                    read = self._entries(key, entries, partial(read_value, CLAUSES[name]))
                    for one, entry in zip(read, entries.items(), strict=True):
                        _must_hold(ordinance, one, entry)
                    found[name] = (*found.get(name, ()), *read)
        return found

    def apply(self, rules: list[Rule], measures: list[AnyMeasure], ordinances: Sequence[str]) -> tuple[list[Rule], list[AnyMeasure]]:
        """The rules and measures with their parameters overridden; ``off`` and ``where`` are filled in."""
        known = {r.id: r for r in rules}
        for item in self.files:
            if told := item.get("off"):
                self.off |= {id_: reason.text() for id_, reason in told.mapping((*known, *ordinances)).items()}
        for item in self.files:
            if told := item.get("parameters"):
                names = tuple(f"{r.id}.{p}" for r in rules for p in r.parameters)
                names += tuple(f"measures.{m.id}" for m in measures if isinstance(m, Limit))
                for key, value in told.mapping(names).items():
                    rule_id, _, parameter = key.partition(".")
                    if rule_id == "measures":
                        measures = list(with_limits(measures, {parameter: value.number()}))
                        self.where[key] = f"{value.file}:{value.line}"
                    elif isinstance(value.value, list):
                        known[rule_id] = self._with_places(known[rule_id], parameter, key, value)
                    else:
                        known[rule_id] = with_parameter(known[rule_id], parameter, value)
                        self.where[key] = f"{value.file}:{value.line}"
        return list(known.values()), measures

    def _with_places(self, rule: Rule, name: str, key: str, item: Item) -> Rule:
        """The rule with other values of one parameter in places and times."""
        if key in _ONE_VALUE:
            raise item.fail(
                f"{key} 还用于期限表（planning-check due），全市只能有一个值",
                f"the calendar of planning-check due counts by {key}: it has one value for the whole city",
                fix_zh=f"写 {key}: 数字", fix_en=f"write {key}: and a number",
            )  # fmt: skip
        read = self._entries(key, item, partial(_of_type, rule.parameters[name]))
        subject = SUBJECTS[rule.subject]
        for one, entry in zip(read, item.items(), strict=True):
            if one.jurisdiction and subject.law_by == "none":
                raise entry.need("jurisdiction").fail(
                    f"{rule.id} 判的是{subject.label.zh}，没有区县，或可以是全市的，参数不能按地方取值",
                    f"{rule.id} judges a {subject.label.en}, which has no district, or may be of the whole city",
                    fix_zh='写 jurisdiction: ""，只按日期', fix_en='write jurisdiction: "", by date alone',
                )  # fmt: skip
        return replace(rule, placed={**rule.placed, name: (*rule.placed.get(name, ()), *read)})

    def _entries(self, key: str, item: Item, read: Callable[[Item], Any]) -> tuple[Placed, ...]:
        """The values of one clause or parameter in places and times: one ends where the next of its place begins, or its own last day."""
        made = []
        for entry in item.items():
            entry.mapping(("jurisdiction", "from", "to", "value", "cite", "verified"))
            begins = entry.need("from").day()
            if begins is None:
                raise entry.fail("缺少起始日期", "an undated value", fix_zh="写 from: 日期", fix_en="write from: with its first day")
            place = read_prefix(entry.need("jurisdiction"))
            ends = (told.day() or FOREVER) if (told := entry.get("to")) else FOREVER
            if ends < begins:
                raise entry.need("to").fail("止日早于起日", "the last day is before the first")
            verified = yes_no(told) if (told := entry.get("verified")) else False
            made.append(
                Placed(place, begins, ends, read(entry.need("value")), entry.need("cite").text(), verified, f"{entry.file}:{entry.line}")
            )
        for number, one in enumerate(made):
            later = [other.begins for other in made if other.jurisdiction == one.jurisdiction and other.begins > one.begins]
            if later and one.ends == FOREVER:
                made[number] = replace(one, ends=min(later) - dt.timedelta(days=1))
        for one, entry in zip(made, item.items(), strict=True):
            self._only(key, one, entry)
        return tuple(made)

    def _only(self, key: str, one: Placed, entry: Item) -> None:
        """Refuse a second value for the same place and day."""
        for (other_key, _, _), other in self._seen.items():
            is_same = other_key == key and other.jurisdiction == one.jurisdiction
            if is_same and other.begins <= one.ends and one.begins <= other.ends and other.where != one.where:
                day = max(one.begins, other.begins)
                raise entry.fail(
                    f"{key} 在 {one.jurisdiction or '全部地方'} {day} 有两个值，另一个在 {other.where}",
                    f"{key} has two values for {one.jurisdiction or 'everywhere'} on {day}, the other at {other.where}",
                    fix_zh="只留一个，或写明 to", fix_en="keep one of them, or give the other a last day (to)",
                )  # fmt: skip
        self._seen[key, one.jurisdiction, one.begins] = one
        self.where[f"{key}[{one.jurisdiction or '*'} {one.begins}]"] = one.where


def _must_hold(ordinance: Ordinance, one: Placed, entry: Item) -> None:
    """Refuse a value for a place or a time in which the ordinance holds nowhere."""
    if not (one.jurisdiction.startswith(ordinance.jurisdiction) or ordinance.jurisdiction.startswith(one.jurisdiction)):
        raise entry.need("jurisdiction").fail(
            f"{one.jurisdiction} 不在办法 {ordinance.id} 的范围 {ordinance.jurisdiction} 内",
            f"{one.jurisdiction} lies outside the place of ordinance {ordinance.id}, {ordinance.jurisdiction}",
            fix_zh="写这个范围内的区划代码，或改管辖那里的办法", fix_en="write a code within it, or change the ordinance that governs there",
        )  # fmt: skip
    if one.begins > ordinance.ends or one.ends < ordinance.begins:
        raise entry.need("from").fail(
            f"办法 {ordinance.id} 只在 {ordinance.begins} 至 {ordinance.ends} 有效，这个值永远用不到",
            f"ordinance {ordinance.id} is in force from {ordinance.begins} to {ordinance.ends}: this value would never hold",
            fix_zh="改 from 和 to", fix_en="change from and to",
        )  # fmt: skip


def with_parameter(rule: Rule, name: str, item: Item) -> Rule:
    """The rule with another value of one parameter, of the same type. Raises RulebookError at the item's line."""
    return replace(rule, parameters={**rule.parameters, name: _of_type(rule.parameters[name], item)})


def _of_type(old: Decimal | dt.date, item: Item) -> Decimal | dt.date:
    value = item.number() if isinstance(old, Decimal) else item.day()
    if value is None:
        raise item.fail("参数不能为空", "a parameter cannot be null")
    return value
