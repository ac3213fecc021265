"""Deliveries and rules that lie elsewhere now: named for the run that they are of, and taken only if they are what it was made from."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from planning_check.errors import Text, UsageError
from planning_check.pipeline.rederiving import SAME, Sources, file_points, named_alike, sources_of, unlike_rules
from planning_check.record.waiver import judging

if TYPE_CHECKING:
    from planning_check.record.run import StoredRun


@dataclass(frozen=True)
class Moved:
    """Where the deliveries and the rules of runs are now, by the numbers of the runs; what is not named here lies where it lay."""

    inputs: Mapping[int, Sequence[Path]] = field(default_factory=dict)
    rules: Mapping[int, Sequence[Path]] = field(default_factory=dict)


NOT_MOVED = Moved()


@contextmanager
def found_again(runs: Sequence[StoredRun], moved: Moved) -> Iterator[dict[int, Sources]]:
    """Where the files and rules of each of these runs are, by its number, while the context lasts.

    Raises UsageError where what was named is not what the run was made from, with the first file that is another, and where something is
    named for a run that is none of these.
    """
    known = sorted({run.id for run in runs})
    for option, named in (("--inputs", moved.inputs), ("--rules", moved.rules)):
        if strange := sorted(named.keys() - set(known)):
            numbers = ", ".join(map(str, known))
            raise UsageError(
                Text(f"{option} {strange[0]}=…：这里用不到第 {strange[0]} 次检查", f"{option} {strange[0]}=...: run {strange[0]} is not used here"),
                fix=Text(f"用到的是第 {numbers} 次", f"used are the runs {numbers}" if len(known) > 1 else f"used is run {numbers}"),
            )  # fmt: skip
    with ExitStack() as stack:
        found = {}
        for run in runs:
            sources = sources_of(run, moved.inputs.get(run.id, ()), moved.rules.get(run.id, ()))
            if run.id in moved.inputs:
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="planning_check_again.", ignore_cleanup_errors=True))
                sources = replace(sources, paths=named_alike(run, sources.paths, Path(folder)))
                if another := [point.said for point in file_points(run, sources.paths) if point.state != SAME]:
                    raise refused(run, another[0])
            if run.id in moved.rules:
                _refuse_other_rules(run, sources, moved.rules[run.id])
            found[run.id] = sources
        yield found


def _refuse_other_rules(run: StoredRun, sources: Sources, named: Sequence[Path]) -> None:
    """Of the city's own folders alone: where the bundled rules are others now, another folder is no help."""
    folders = {Path(folder).name for folder in (*run.manifest.get("rule_folders", ()), *named)}
    unlike = judging({name: said for name, _, said in unlike_rules(run, sources.book())})
    own = [said for name, said in unlike.items() if name.split("/")[0] in folders]
    if own:
        raise refused(run, own[0])


def refused(run: StoredRun, why: Text) -> UsageError:
    """What was named for a run is something else; ``why``: the first file that tells."""
    return UsageError(
        Text(f"指明的不是第 {run.id} 次检查所用的", f"what was named is not what run {run.id} was made from"), why=why,
        fix=Text("指明当时的文件夹：一字未改，其中的文件用当时的名称", "name the folder of then: not a byte of it changed, and its files by the names "
                 "that they had"),
    )  # fmt: skip
