"""Which cities are checked together: those that reach across, and small ones whose check would cost more than it checks."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

Refuses = Callable[[str, str], bool]


def linked(labels: Iterable[str], pairs: Iterable[tuple[str, str]], refuses: Refuses) -> tuple[list[list[str]], set[tuple[str, str]]]:
    """The components of the graph, each in order, in the order of their first; and the pairs that were left open, because two cities that
    ``refuses`` to be united would have come together by them. Pairs are taken in their order."""
    of: dict[str, list[str]] = {label: [label] for label in sorted(labels)}
    open_: set[tuple[str, str]] = set()
    for one, other in pairs:
        a, b = of[one], of[other]
        if a is b:
            continue
        if any(refuses(x, y) for x in a for y in b):
            open_.add((one, other))
            continue
        both = sorted([*a, *b])
        of.update(dict.fromkeys(both, both))
    return sorted({tuple(group): group for group in of.values()}.values()), open_


def joined(
    groups: Sequence[Sequence[str]], projects: Mapping[str, int], join_below: int, kind_of: Callable[[str], Hashable | None],
    refuses: Refuses,
) -> list[list[str]]:  # fmt: skip
    """The groups, small ones with others: in their order, of one kind, until they come to ``join_below`` projects. ``kind_of`` a city: None
    where it is joined to nobody. A group of so many projects, or with such a city in it, stays as it is."""
    made: list[list[str]] = []
    open_: dict[Hashable, list[str]] = {}
    for group in groups:
        kinds = {kind_of(label) for label in group}
        (kind,) = kinds if len(kinds) == 1 else (None,)
        if kind is None or _size(group, projects) >= join_below:
            made.append(list(group))
            continue
        gathered = open_.get(kind)
        if gathered is None or any(refuses(x, y) for x in gathered for y in group):
            gathered = open_[kind] = []
            made.append(gathered)
        gathered += group
        if _size(gathered, projects) >= join_below:
            del open_[kind]
    return sorted(sorted(group) for group in made)


def _size(group: Sequence[str], projects: Mapping[str, int]) -> int:
    return sum(projects[label] for label in group)
