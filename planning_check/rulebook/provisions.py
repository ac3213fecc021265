"""The provisions of the survey: which rules and clauses carry each, and why some are no rule."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from planning_check.clauses import CLAUSES
from planning_check.errors import Text
from planning_check.rulebook.loading import PACKS
from planning_check.rulebook.nodes import read_yaml

_RULE_FILE = re.compile(r"[A-Z]{2}\d{2}(?=_)")


@dataclass(frozen=True)
class Provision:
    """One provision: where it stands, what it says, who carries it (``packs``: rules of packs, by the pack's name);
    ``not_encoded``: why nobody does."""

    id: str
    section: str
    says: Text
    clauses: tuple[str, ...]
    rules: tuple[str, ...]
    not_encoded: Text | None
    packs: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_provisions(path: Path, name: str, rule_ids: Collection[str]) -> list[Provision]:
    """Read the file. Raises RulebookError (file:line) for a rule or clause that is none,
    or a provision that nothing carries unexplained."""
    provisions = []
    for entry in read_yaml(path, name=name).items():
        entry.mapping(("id", "section", "zh", "en", "clauses", "rules", "packs", "not_encoded"))
        clauses = tuple(c.text(tuple(CLAUSES)) for c in entry.need("clauses").items())
        rules = tuple(r.text(tuple(rule_ids)) for r in entry.need("rules").items())
        reason = entry.get("not_encoded")
        told = entry.get("packs")
        packs = {
            pack: tuple(r.text(_rules_of(path.parent / PACKS / pack)) for r in ids.items())
            for pack, ids in (told.mapping(_names(path.parent / PACKS)) if told else {}).items()
        }
        if bool(rules or packs) == (reason is not None):
            raise entry.fail("须写明规则，或写明不编码的理由（二者之一）", "either rules carry it, or not_encoded says why none does")
        says = Text(entry.need("zh").text(), entry.need("en").text())
        provisions.append(
            Provision(
                entry.need("id").text(), entry.need("section").text(), says, clauses, rules, reason.bilingual() if reason else None, packs
            )
        )
    return provisions


def _names(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(p.name for p in folder.iterdir() if p.is_dir()))


def _rules_of(pack: Path) -> tuple[str, ...]:
    """The ids of a pack's rules, by the names of their files."""
    return tuple(sorted(found[0] for p in pack.glob("*/*.yaml") if (found := _RULE_FILE.match(p.name))))
