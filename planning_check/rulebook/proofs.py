"""``proofs.yaml``: what must be on file before a case of a rule is struck off; strictly read. No verdict rests on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planning_check.errors import Text
from planning_check.rulebook.nodes import Item, check_name, read_yaml
from planning_check.rulebook.rules import Rule
from planning_check.words import CONSEQUENCES, REMEDY_DOCUMENTS


@dataclass(frozen=True)
class Demand:
    """Of each group one kind of proof. ``cite``: why; ``where``: file and line."""

    proofs: tuple[tuple[str, ...], ...]
    cite: str
    verified: bool
    where: str


@dataclass(frozen=True)
class Proofs:
    """The kinds of proof by their codes, and what is demanded by rule or, where a rule says nothing, by its consequences."""

    kinds: dict[str, Text] = field(default_factory=dict)
    by_rule: dict[str, Demand] = field(default_factory=dict)
    by_consequence: dict[str, Demand] = field(default_factory=dict)

    def of(self, rule: Rule) -> list[list[str]]:
        """What a case of the rule must have on file: its own entry, else the document of its remedy and what its consequences demand."""
        if own := self.by_rule.get(rule.id):
            return [list(group) for group in own.proofs]
        groups: list[tuple[str, ...]] = [(rule.remedy.document,)] if rule.remedy and rule.remedy.document else []
        groups += [group for code in rule.consequence if code in self.by_consequence for group in self.by_consequence[code].proofs]
        return [list(group) for group in dict.fromkeys(groups)]

    def demanded(self, rules: Sequence[Rule]) -> dict[str, Any]:
        """The same of several rules, with the names of the kinds, as plain data for the log of a series."""
        kinds = {code: {"zh": name.zh, "en": name.en} for code, name in self.kinds.items()}
        return {"kinds": kinds, "rules": {rule.id: self.of(rule) for rule in rules}}

    def lines(self) -> list[dict[str, Any]]:
        """The demands as people read them, those of rules first: ``of`` (rules or consequences), ``by_rule``, ``groups``, ``cite``,
        ``verified``."""
        return [line for demands in (self.by_rule, self.by_consequence) for line in self._lines(demands, demands is self.by_rule)]

    def _lines(self, demands: dict[str, Demand], by_rule: bool) -> list[dict[str, Any]]:
        together: dict[Demand, list[str]] = {}
        for code, demand in demands.items():
            together.setdefault(demand, []).append(code)
        return [{"of": tuple(codes), "by_rule": by_rule, "groups": tuple(self._named(group) for group in demand.proofs),
                 "cite": demand.cite, "verified": demand.verified} for demand, codes in together.items()]  # fmt: skip

    def _named(self, group: Sequence[str]) -> str:
        names = [self.kinds[code] for code in group]
        return f"{'或'.join(name.zh for name in names)} {' or '.join(name.en for name in names)}"


def proofs_of(folders: Sequence[Path], rule_ids: Collection[str]) -> Proofs:
    """What the folders say, a later one instead of an earlier one, rule by rule. Raises RulebookError with file:line."""
    found = Proofs(dict(REMEDY_DOCUMENTS))
    for folder in folders:
        path = folder / "proofs.yaml"
        if path.exists():
            found = read_proofs(path, f"{folder.name}/{path.name}", rule_ids, found)
    return found


def read_proofs(path: Path, name: str, rule_ids: Collection[str], before: Proofs) -> Proofs:
    """The entries of the file over those of ``before``. Raises RulebookError for a kind, rule or consequence that is none, or twice."""
    item = read_yaml(path, name=name)
    item.mapping(("kinds", "demands"))
    own = item.get("kinds")
    kinds = before.kinds | ({code: _kind(code, one, before) for code, one in own.mapping().items()} if own else {})
    told: dict[str, dict[str, Demand]] = {"rules": {}, "consequences": {}}
    known = {"rules": tuple(rule_ids), "consequences": tuple(CONSEQUENCES)}
    for entry in item.need("demands").items():
        given = entry.mapping(("rules", "consequences", "proofs", "cite", "verified"))
        if ("rules" in given) == ("consequences" in given):
            raise entry.fail("rules 和 consequences 写一个，且只写一个", "write either rules or consequences")
        by = "rules" if "rules" in given else "consequences"
        demand = _demand(entry, tuple(kinds))
        for one in given[by].items():
            code = one.text(known[by])
            if code in told[by]:
                raise one.fail(f"{code} 已在 {told[by][code].where} 写过", f"{code} stands at {told[by][code].where} already")
            told[by][code] = demand
    return Proofs(kinds, before.by_rule | told["rules"], before.by_consequence | told["consequences"])


def _kind(code: str, item: Item, before: Proofs) -> Text:
    check_name(code, item)
    if code in before.kinds:
        raise item.fail(f"材料种类 {code} 已经有了：{before.kinds[code].zh}", f"the kind {code} is there already: {before.kinds[code].en}")
    return item.bilingual()


def _demand(entry: Item, kinds: tuple[str, ...]) -> Demand:
    groups = tuple(tuple(one.text(kinds) for one in (group.items() if isinstance(group.value, list) else [group]))
                   for group in entry.need("proofs").items())  # fmt: skip
    if () in groups:
        raise entry.need("proofs").fail(
            "空的一组", "an empty group", fix_zh="不要材料就写 proofs: []", fix_en="where none is needed write proofs: []"
        )
    verified = entry.need("verified").text(("yes", "no")) == "yes"
    return Demand(groups, entry.need("cite").text(), verified, f"{entry.file}:{entry.line}")
