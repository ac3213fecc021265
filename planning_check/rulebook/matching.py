"""``rules/matching.yaml``, ``coverage.yaml`` and ``contract.yaml``: policy that is no rule; strictly read, a note beside every value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from planning_check.clauses import CLAUSES
from planning_check.geo.matching import MatchSettings
from planning_check.rulebook.nodes import Item, read_yaml
from planning_check.schema import OWNER_KINDS, TENURES

_KEYS = ("tenures", "far_m", "use_rate_at_most", "other_community_m", "other_district_m", "owner_m")
_FARTHEST_M = 100_000


def read_matching(path: Path, name: str) -> MatchSettings:
    """Read the settings; all six are needed. Raises RulebookError with file:line."""
    item = read_yaml(path, name=name)
    item.mapping(_KEYS)
    values = {key: _value(item.need(key)) for key in _KEYS}
    owners = values["owner_m"].mapping(tuple(c.code for c in OWNER_KINDS))
    return MatchSettings(
        tenures=tuple(one.text(tuple(c.code for c in TENURES)) for one in values["tenures"].items()),
        far_m=_metres(values["far_m"], least=1),
        use_rate_at_most=_share(values["use_rate_at_most"]),
        other_community_m=_metres(values["other_community_m"]),
        other_district_m=_metres(values["other_district_m"]),
        owner_m={kind: _metres(metres) for kind, metres in owners.items()},
    )


def read_coverage(path: Path, name: str) -> int:
    """The service radius of a community office in metres. Raises RulebookError with file:line."""
    item = read_yaml(path, name=name)
    item.mapping(("service_radius_m",))
    return _metres(_value(item.need("service_radius_m")), least=1)


@dataclass(frozen=True)
class ContractTerms:
    """Clauses of the ordinance now in force that fill in for a contract older than any; ``with_deposit``: only where one was lodged.

    ``rules_off``: rules that a contract gives nobody to judge by.
    """

    takes: tuple[str, ...] = ()
    with_deposit: tuple[str, ...] = ()
    rules_off: tuple[str, ...] = ()


NO_TERMS = ContractTerms()


def read_contract(path: Path, name: str) -> ContractTerms:
    """``rules/contract.yaml``. Raises RulebookError with file:line."""
    item = read_yaml(path, name=name)
    item.mapping(("takes", "takes_with_deposit", "rules_off"))
    takes, with_deposit = (
        tuple(one.text(tuple(CLAUSES)) for one in _value(item.need(key)).items()) for key in ("takes", "takes_with_deposit")
    )
    return ContractTerms(takes, with_deposit, tuple(one.text() for one in _value(item.need("rules_off")).items()))


def _value(item: Item) -> Item:
    item.mapping(("value", "note"))
    item.need("note").text()
    return item.need("value")


def _metres(item: Item, least: int = 0) -> int:
    metres = item.number()
    if metres != int(metres) or not least <= metres <= _FARTHEST_M:
        raise item.fail(f"此处应为 {least} 到 {_FARTHEST_M} 的整数米", f"whole metres from {least} to {_FARTHEST_M} are expected here")
    return int(metres)


def _share(item: Item) -> float:
    share = item.number()
    if not 0 <= share <= 1:
        raise item.fail("此处应为 0 到 1", "a share from 0 to 1 is expected here")
    return float(share)
