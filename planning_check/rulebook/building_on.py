"""The ordinances of all folders, each with what it has from the one it builds on and with the values that hold in places and times."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from planning_check.rulebook.nodes import Item, hint, read_yaml
from planning_check.rulebook.ordinances import Ordinance, Placed, read_ordinance


@dataclass(frozen=True)
class Written:
    """An ordinance file before it is read: ``name`` is how messages call it, ``base`` where it says on which ordinance it builds."""

    id: str
    path: Path
    name: str
    base: Item | None


def written(path: Path, name: str) -> Written:
    """What must be known of a file before those that build on it can be read. Raises RulebookError as ``read_yaml``."""
    item = read_yaml(path, name=name, with_cases=False)
    item.mapping()
    return Written(item.need("id").text(), path, name, item.get("based_on"))


def based_on_ids(ordinances: Sequence[Ordinance]) -> tuple[tuple[str, str], ...]:
    """Each ordinance with each of those that it builds on, directly or through others, that are there."""
    there = {one.id for one in ordinances}
    return tuple(sorted({(one.id, base) for one in ordinances for base in one.based_on if base in there}))


def ordinances_of(laws: Sequence[Written], placed: Callable[[Ordinance], Mapping[str, tuple[Placed, ...]]]) -> list[Ordinance]:
    """Read the files in their order; ``placed``: the values of an ordinance's clauses in places and times.

    Raises RulebookError (file:line) as ``read_ordinance``, and for a base that is not there or that leads back to the ordinance itself.
    """
    by_id = {law.id: law for law in laws}
    made: dict[str, Ordinance] = {}

    def make(law: Written, waiting: tuple[str, ...]) -> Ordinance:
        if law.id not in made:
            base = make(by_id[_base(law.base, by_id, (*waiting, law.id))], (*waiting, law.id)) if law.base else None
            built = read_ordinance(law.path, law.name, base)
            own = placed(built)
            clauses = {n: replace(c, placed=(*own[n], *c.placed)) if n in own else c for n, c in built.clauses.items()}
            made[law.id] = replace(built, clauses=clauses)
        return made[law.id]

    return [make(law, ()) for law in laws]


def _base(item: Item, named: Mapping[str, object], waiting: tuple[str, ...]) -> str:
    base = item.text()
    if base in waiting:
        chain = " -> ".join((*waiting[waiting.index(base) :], base))
        raise item.fail(
            f"办法不能承自己：{chain}", f"an ordinance cannot build on itself: {chain}",
            fix_zh="去掉其中一个 based_on", fix_en="take one of these based_on out",
        )  # fmt: skip
    if base not in named:
        near = hint(base, named)
        raise item.fail(f"没有办法 {base}", f"there is no ordinance {base}", fix_zh=f"现有的办法：{near}", fix_en=f"there are: {near}")
    return base
