"""``precedence.yaml``: from which bureau a field is taken where several tell it differently; strictly read."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from planning_check.precedence import Precedence
from planning_check.rulebook.nodes import Item, read_yaml
from planning_check.schema import BY_NAME, RECORDS
from planning_check.words import BUREAUS

_KEYS = ("table", "field", "order", "latest_by", "from", "to", "cite", "verified")
_OWNERS = tuple(code for code in BUREAUS if code != "ordinance")


def precedence_of(folders: Sequence[Path]) -> tuple[Precedence, ...]:
    """What the folders say, a later one instead of an earlier one, field by field. Raises RulebookError with file:line."""
    found: tuple[Precedence, ...] = ()
    for folder in folders:
        path = folder / "precedence.yaml"
        if path.exists():
            found = read_precedence(path, f"{folder.name}/{path.name}", found)
    return found


def read_precedence(path: Path, name: str, before: Sequence[Precedence] = ()) -> tuple[Precedence, ...]:
    """The entries of the file, and those of ``before`` for other fields. Raises RulebookError with file:line."""
    item = read_yaml(path, name=name)
    item.mapping(("precedence",))
    read = [(one, _entry(one)) for one in item.need("precedence").items()]
    for (_, a), (here, b) in combinations(read, 2):
        if (a.table, a.field) == (b.table, b.field) and (a.last is None or b.first <= a.last) and (b.last is None or a.first <= b.last):
            raise here.fail(f"{b.table}.{b.field} 同一天有两条次序", f"{b.table}.{b.field} has two entries for the same day")
    anew = {(entry.table, entry.field) for _, entry in read}
    return (*(one for one in before if (one.table, one.field) not in anew), *(entry for _, entry in read))


def _entry(item: Item) -> Precedence:
    given = item.mapping(_KEYS)
    table = BY_NAME[item.need("table").text(tuple(t.name for t in RECORDS))]
    settled = tuple(f.name for f in table.fields if f.need != "key" and f.type != "geometry")
    name = item.need("field").text(settled)
    if ("order" in given) == ("latest_by" in given):
        raise item.fail("order 和 latest_by 写一个，且只写一个", "write either order or latest_by")
    order = tuple(one.text(_OWNERS) for one in given["order"].items()) if "order" in given else ()
    if "order" in given and (len(order) < 2 or len(set(order)) < len(order)):
        raise given["order"].fail("order 至少写两个不同的部门", "order needs two or more different bureaus")
    days = tuple(f.name for f in table.fields if f.type == "date" and f.name != name)
    latest_by = given["latest_by"].text(days) if "latest_by" in given else ""
    first, last = item.need("from").day(), given["to"].day() if "to" in given else None
    if first is None or (last is not None and last < first):
        raise item.fail("from 应为日期，且不晚于 to", "from should be a day, and not after to")
    cite, verified = item.need("cite").text(), item.need("verified").text(("yes", "no")) == "yes"
    return Precedence(table.name, name, order, latest_by, first, last, cite, verified, f"{item.file}:{item.line}")
