"""The plan of a province as a file: the same plan, the same bytes; and read strictly, for a run rests on it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from planning_check.errors import Place, Text, UsageError
from planning_check.record.province import City, Link, ProvincePlan, Shard

FORMAT = 1
_HEAD = "planning_check_province_plan"
Made = TypeVar("Made")


def with_digest(plan: ProvincePlan) -> ProvincePlan:
    """The plan with the digest over all else of it."""
    return replace(
        plan, digest=sha256(json.dumps(_told(replace(plan, digest="")), ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    )


def as_json(plan: ProvincePlan) -> str:
    """The text of the file."""
    return json.dumps({_HEAD: FORMAT, **_told(plan)}, ensure_ascii=False, indent=1) + "\n"


def _told(plan: ProvincePlan) -> dict[str, Any]:
    return json.loads(json.dumps(asdict(plan), default=lambda day: day.isoformat()))


def is_plan(path: Path) -> bool:
    """Whether there is a plan in that file, of whichever version, whole or not."""
    try:
        with path.open("rb") as file:
            return _HEAD.encode() in file.read(200)
    except OSError:
        return False


def read_plan(path: Path) -> ProvincePlan:
    """The plan in a file. Raises UsageError for one that is no plan, of another form, or that was changed."""
    try:
        told = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        first = Text("先做计划：planning-check province plan 各城市的文件夹", "make one: planning-check province plan FOLDERS")
        raise _wrong(path, Text("没有这个文件", "there is no such file"), first) from None
    except (ValueError, RecursionError) as error:
        raise _wrong(path, Text("不是计划文件（不是 JSON）", "this is no plan: it is no JSON")) from error
    if not isinstance(told, dict) or _HEAD not in told:
        raise _wrong(path, Text("不是 province plan 写的计划", "this is no plan that province plan wrote"))
    if told.pop(_HEAD) != FORMAT:
        raise _wrong(path, Text("这个计划是另一个版本写的", "another version wrote this plan"))
    try:
        plan = _plan(told)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _wrong(path, Text(f"计划的内容不对：{error}", f"something is wrong in the plan: {error}")) from error
    if with_digest(plan).digest != plan.digest:
        raise _wrong(
            path, Text("计划在写出之后被改过，与它的校验值不符", "the plan was changed after it was written: its digest does not fit")
        )
    return plan


def _wrong(path: Path, what: Text, fix: Text | None = None) -> UsageError:
    return UsageError(
        what,
        where=Place(str(path)),
        fix=fix or Text("重新做计划：planning-check province plan", "plan again: planning-check province plan"),
    )


def _plan(told: Any) -> ProvincePlan:
    return _made(ProvincePlan, told, "plan", {
        "as_of": _day, "cities": _all(_city), "links": _all(_link), "shards": _all(_shard),
        **dict.fromkeys(("rule_dirs", "select", "ignore", "crs"), _all(_text)),
        **dict.fromkeys(("tool_version", "rules_digest", "digest"), _text),
    })  # fmt: skip


def _city(told: Any) -> City:
    return _made(City, told, "cities", {
        **dict.fromkeys(("label", "folder", "digest"), _text), **dict.fromkeys(("bytes", "projects"), _number),
        **dict.fromkeys(("title", "notice", "problem"), _or_none(_both)), **dict.fromkeys(("registers", "planes"), _all(_text)),
        **dict.fromkeys(("is_whole", "has_whole_figures"), _yes_no), "districts": _all(_district), "as_of": _or_none(_day),
    })  # fmt: skip


def _link(told: Any) -> Link:
    return _made(Link, told, "links", {
        **dict.fromkeys(("one", "other", "kind", "example"), _text), "count": _number, "apart": _or_none(_both),
    })  # fmt: skip


def _shard(told: Any) -> Shard:
    return _made(Shard, told, "shards", {
        **dict.fromkeys(("code", "why", "digest"), _text), "cities": _all(_text), **dict.fromkeys(("projects", "bytes"), _number),
    })  # fmt: skip


def _made(kind: type[Made], told: Any, what: str, readers: Mapping[str, Callable[[Any], Any]]) -> Made:
    names = {one.name for one in fields(kind)}  # type: ignore[arg-type]
    assert set(readers) == names
    if not isinstance(told, dict) or set(told) != names:
        raise ValueError(f"{what}: {', '.join(sorted(set(told) ^ names)) if isinstance(told, dict) else type(told).__name__}")
    return kind(**{name: read(told[name]) for name, read in readers.items()})


def _of(kind: type, told: Any) -> Any:
    if type(told) is not kind:
        raise TypeError(f"{told!r}")
    return told


def _text(told: Any) -> str:
    return str(_of(str, told))


def _number(told: Any) -> int:
    return int(_of(int, told))


def _yes_no(told: Any) -> bool:
    return bool(_of(bool, told))


def _day(told: Any) -> dt.date:
    return dt.date.fromisoformat(_text(told))


def _both(told: Any) -> Text:
    return _made(Text, told, "text", {"zh": _text, "en": _text})


def _district(told: Any) -> tuple[str, str | None]:
    code, name = _of(list, told)
    return _text(code), _or_none(_text)(name)


def _all(read: Callable[[Any], Made]) -> Callable[[Any], tuple[Made, ...]]:
    return lambda told: tuple(map(read, _of(list, told)))


def _or_none(read: Callable[[Any], Made]) -> Callable[[Any], Made | None]:
    return lambda told: None if told is None else read(told)
