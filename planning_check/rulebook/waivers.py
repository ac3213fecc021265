"""``waivers.yaml``: findings that two persons agreed not to pursue for a time; strictly read. A malformed one stops the run.

``waivers``: a list of ``rule``, ``subject`` (its key), ``reason``, ``approved_by``, ``second_approved_by`` (two different persons),
``from``, ``to`` (its last day), ``risk`` (what may come of it).
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Collection, Sequence
from pathlib import Path

from planning_check.record.waiver import FILE, Waiver
from planning_check.rulebook.nodes import Item, read_yaml

_KEYS = ("rule", "subject", "reason", "approved_by", "second_approved_by", "from", "to", "risk")
#: No waiver is for ever: after so many days it is agreed anew. This tool's suggestion.
_LONGEST = 3 * 366


def waivers_of(folders: Sequence[Path], rule_ids: Collection[str]) -> tuple[Waiver, ...]:
    """What all folders say. ``rule_ids``: the rules that there are, those switched off too. Raises RulebookError with file:line."""
    found: list[Waiver] = []
    for folder in folders:
        path = folder / FILE
        if path.exists():
            item = read_yaml(path, name=f"{folder.name}/{FILE}")
            item.mapping(("waivers",))
            for one in item.need("waivers").items():
                waiver = _waiver(one, rule_ids)
                _refuse_twice(one, waiver, found)
                found.append(waiver)
    return tuple(found)


def _waiver(item: Item, rule_ids: Collection[str]) -> Waiver:
    item.mapping(_KEYS)
    first, last = _day(item, "from"), _day(item, "to")
    if last < first:
        raise item.need("to").fail("止日早于起日", "the last day is before the first")
    if (last - first).days >= _LONGEST:
        raise item.need("to").fail(f"豁免至多 {_LONGEST} 天", f"a waiver is for {_LONGEST} days at most", fix_zh="写近一些的止日，到期再议",
                                   fix_en="write an earlier last day; it is agreed anew after it")  # fmt: skip
    one, other = item.need("approved_by").text(), item.need("second_approved_by").text()
    if _same(one) == _same(other):
        raise item.need("second_approved_by").fail(f"两个批准人是同一人：{one}", f"both approvers are one person: {one}",
                                                   fix_zh="由另一人批准", fix_en="somebody else must approve it, too")  # fmt: skip
    return Waiver(
        item.need("rule").text(tuple(rule_ids)), item.need("subject").text(), item.need("reason").text(), one, other, first, last,
        item.need("risk").text(), f"{item.file}:{item.line}",
    )  # fmt: skip


def _day(item: Item, key: str) -> dt.date:
    day = item.need(key).day()
    if day is None:
        raise item.need(key).fail("此处应为日期，如 2011-12-31", "a date is expected here, such as 2011-12-31")
    return day


def _same(name: str) -> str:
    """A name as it is compared: without spaces, in one width and case."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _refuse_twice(item: Item, waiver: Waiver, before: Sequence[Waiver]) -> None:
    for one in before:
        if (one.rule_id, one.subject_key) == (waiver.rule_id, waiver.subject_key) and one.first <= waiver.last and waiver.first <= one.last:
            raise item.fail(f"{one.rule_id} {one.subject_key} 同一天有两份豁免，另一份在 {one.where}",
                            f"{one.rule_id} {one.subject_key} is waived twice on one day, also in {one.where}")  # fmt: skip
