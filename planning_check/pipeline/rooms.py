"""Idle and closed public rooms, and own offices without title, of a run on record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from planning_check.errors import Text, UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from planning_check.record.run import StoredRun
    from planning_check.report.told.rooms import Kind, Rooms
    from planning_check.store import Told


def idle(db_url: str, run: int | str | None = None, *, paths: Sequence[str] = ()) -> Rooms:
    """The public facilities of a run that are idle or closed to residents, all or those of some paths."""
    from planning_check.report.told.rooms import IDLE

    return _rooms(db_url, run, IDLE, paths)


def untitled(db_url: str, run: int | str | None = None, *, paths: Sequence[str] = ()) -> Rooms:
    """The communities' own offices without title, all or those of some paths."""
    from planning_check.report.told.rooms import UNTITLED

    return _rooms(db_url, run, UNTITLED, paths)


def _rooms(db_url: str, run: int | str | None, kind: Kind, paths: Sequence[str]) -> Rooms:
    from planning_check import store

    with store.reading(db_url) as engine:
        stored = store.load_run(engine, run)
        found = rooms_of(engine, stored, kind, store.rules_of(engine, stored.id))
    return found.chosen([code for path in paths for code in _codes(found, path)])


def _codes(found: Rooms, given: str) -> list[str]:
    """The paths of that code, or of that word before the reason: 置换, exchange. Raises UsageError where there is none."""
    codes = [code for code, name in found.paths.items() if given in (code, name.zh.split("：")[0], name.en.split(":")[0])]
    if not codes:
        rule, known = found.kind.rule_id, found.paths
        raise UsageError(
            Text(f"规则 {rule} 没有途径 {given}", f"the rule {rule} knows no path {given}"),
            fix=Text(f"可用：{'、'.join(f'{code}（{name.zh}）' for code, name in known.items())}", f"known: {', '.join(known)}"),
        )
    return codes


def rooms_of(engine: Engine, stored: StoredRun, kind: Kind, rules: Sequence[Any], told: Told | None = None) -> Rooms:
    """The same of a run that was loaded already, with its rules."""
    from planning_check import store
    from planning_check.report.told.rooms import rooms

    rule = next((one for one in rules if one.rule_id == kind.rule_id), None)
    if rule is None:
        return rooms(stored, kind, {}, (), was_judged=False)
    paths = {one["code"]: Text(one["zh"], one["en"]) for one in (rule.text or {}).get("statuses", ())}
    return rooms(stored, kind, paths, store.findings(engine, stored.id, store.Filters(rule=kind.rule_id), told))
