"""``rules/contract.yaml``: what judges a project older than any ordinance whose contract states the duty; strictly read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from planning_check.clauses import CLAUSES
from planning_check.rulebook.nodes import Item, read_yaml


@dataclass(frozen=True)
class ContractTerms:
    """Clauses of the ordinance now in force that fill in for a contract; ``with_deposit``: only where one was lodged.

    ``rules_off``: rules that a contract gives nobody to judge by.
    """

    takes: tuple[str, ...] = ()
    with_deposit: tuple[str, ...] = ()
    rules_off: tuple[str, ...] = ()


NO_TERMS = ContractTerms()


def read_contract(path: Path, name: str) -> ContractTerms:
    """All three lists are needed, with a note each. Raises RulebookError with file:line."""
    item = read_yaml(path, name=name)
    item.mapping(("takes", "takes_with_deposit", "rules_off"))
    takes, with_deposit = (tuple(one.text(tuple(CLAUSES)) for one in _listed(item, key)) for key in ("takes", "takes_with_deposit"))
    return ContractTerms(takes, with_deposit, tuple(one.text() for one in _listed(item, "rules_off")))


def _listed(item: Item, key: str) -> list[Item]:
    entry = item.need(key)
    entry.mapping(("value", "note"))
    entry.need("note").text()
    return entry.need("value").items()
