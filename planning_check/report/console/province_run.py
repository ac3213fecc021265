"""Where a province's check stands, as lines of text and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from planning_check.errors import Text, either, speaking
from planning_check.record.province import Failure, ProvincePlan, Shard
from planning_check.report.console.layout import WIDTH, Paint, plain, wrap

KINDS = {
    "delivery": Text("报送读不出或判不了", "the delivery cannot be read or judged"),
    "changed": Text("与计划不符", "not what was planned"),
    "machine": Text("内存、磁盘、工作进程或调度器", "memory, disk, a worker or the scheduler"),
    "bug": Text("程序的缺陷", "a bug of the program"),
}
_INDENT = "    "


def counted(all_of_them: int, done: int, before: int, taken: int, lang: str) -> str:
    """How many shards have a result, and since when."""
    say = speaking(lang)
    parts = []
    if before:
        parts.append(say(f"{before} 个以前就有", f"{before} from before"))
    if taken:
        parts.append(say(f"{taken} 个取自别的计划", f"{taken} taken over from another plan"))
    told = say(f"（{'，'.join(parts)}）", f" ({', '.join(parts)})") if parts else ""
    missing = all_of_them - done
    left = say(f"，{missing} 个没有", f", {missing} without") if missing else ""
    return say(
        f"全省检查：{all_of_them} 个分片中 {done} 个有结果{told}{left}",
        f"Province: {done} of {all_of_them} shards have a result{told}{left}",
    )


def failure_lines(failure: Failure, lang: str, *, width: int = WIDTH) -> list[str]:
    """A shard without a result: its cities, and why."""
    say = speaking(lang)
    cities = either(lang, "、", ", ").join(failure.cities)
    tries = say(f"，试了 {failure.tries} 次", f", tried {failure.tries} times") if failure.tries > 1 else ""
    kind = KINDS[failure.kind].get(lang)
    lines = wrap(f"{failure.shard}  {cities}{say('：', ': ')}{kind}{tries}", width, indent="  ", hanging=_INDENT)
    return [*lines, *(part for line in failure.why.get(lang).split("\n") for part in wrap(line, width, indent=_INDENT))]


def run_lines(
    plan: ProvincePlan, done: int, before: int, taken: int, failures: Sequence[Failure], lang: str, *, width: int = WIDTH,
    paint: Paint = plain,
) -> list[str]:  # fmt: skip
    """The end state of a run."""
    say = speaking(lang)
    lines = [paint(line, "title") for line in wrap(counted(len(plan.shards), done, before, taken, lang), width)]
    if failures:
        lines += ["", paint(say("没有结果的：", "Without a result:"), "head")]
        lines += [line for failure in failures for line in failure_lines(failure, lang, width=width)]
    return lines


def next_lines(command: str, done: int, kinds: Iterable[str], lang: str, *, width: int = WIDTH) -> list[str]:
    """What to type next. ``command``: the plan and ``--out`` as they were typed; ``kinds``: of the failures."""
    say, failed = speaking(lang), set(kinds)
    steps = []
    if "machine" in failed:
        steps.append((f"province run {command}", say("再做没有结果的", "try again what has no result")))
    if failed & {"delivery", "changed"}:
        steps.append(("province plan ...", say("报送改正之后", "once the deliveries are mended")))
    if done:
        steps.append((f"province merge {command}", say("把已有的结果合成一次检查", "merge the results that are there into one run")))
    lines = [line for typed, what in steps for line in wrap(f"planning-check {typed}  {what}", width, indent="  ", hanging=_INDENT)]
    return ["", say("接着可以：", "Next:"), *lines] if lines else []


def status_lines(
    plan: ProvincePlan, done: int, missing: Sequence[Shard], failures: Iterable[Failure], writing: Iterable[str], lang: str, *,
    width: int = WIDTH, paint: Paint = plain,
) -> list[str]:  # fmt: skip
    """Where a plan stands, seen from what lies there alone. ``failures``: of the last try; ``writing``: shards that are being written."""
    failed = {failure.shard: failure for failure in failures}
    say, at_work = speaking(lang), set(writing)
    lines = [paint(line, "title") for line in wrap(counted(len(plan.shards), done, 0, 0, lang), width)]
    if missing:
        lines += ["", paint(say("没有结果的：", "Without a result:"), "head")]
    for shard in missing:
        state = say("，正在写出", ", being written") if shard.code in at_work else ""
        if shard.code in failed and not state:
            lines += failure_lines(failed[shard.code], lang, width=width)
            continue
        cities = either(lang, "、", ", ").join(shard.cities)
        size = say(f"{shard.projects:,} 个项目", f"{shard.projects:,} projects")
        lines += wrap(f"{shard.code}  {cities}{say('，', ', ')}{size}{state}", width, indent="  ", hanging=_INDENT)
    return lines


def standing_json(
    plan: ProvincePlan, done: Iterable[str], missing: Iterable[Shard], before: int, taken: int, failures: Iterable[Failure]
) -> str:
    """The same for programs. Keys: ``run``, ``shards``, ``done``, ``before``, ``taken``, ``missing``, ``failures``."""
    told: dict[str, Any] = {
        "run": plan.digest,
        "shards": len(plan.shards),
        "done": sorted(done),
        "before": before,
        "taken": taken,
        "missing": [shard.code for shard in missing],
        "failures": [
            {
                "shard": failure.shard, "cities": list(failure.cities), "kind": failure.kind, "tries": failure.tries,
                "why": {"zh": failure.why.zh, "en": failure.why.en},
            }
            for failure in failures
        ],
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, indent=1)
