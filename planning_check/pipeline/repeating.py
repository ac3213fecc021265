"""A check asked for again where nothing has changed: the run on record answers, after its rows were hashed again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from planning_check.errors import ActionableError, Text

if TYPE_CHECKING:
    from planning_check.pipeline.options import Options
    from planning_check.pipeline.running import CheckResult


def repeated(
    options: Options, db_url: str, *, full: bool = False, told: Callable[[Text], None] | None = None
) -> CheckResult | None:  # fmt: skip
    """The latest run on record, if a check with these options would be made from the very same things; None if not, or if there is none.

    The run is hashed again first: one that is no longer as it was recorded is told, and is no answer.
    Raises RulebookError as ``check`` does.
    """
    from planning_check.pipeline.asking import asked
    from planning_check.pipeline.rules import load_rules
    from planning_check.pipeline.running import CheckResult
    from planning_check.report.told.summarising import summarise
    from planning_check.store import totals
    from planning_check.store.checking import checked, reading
    from planning_check.store.runs import load_run

    book = load_rules(options.rule_dirs)
    try:
        with reading(db_url) as store:
            run = load_run(store)
            if run.manifest.get("asked") is None or run.manifest["asked"] != asked(options, book):
                return None
            if (state := checked(store, run)).differs or not state.has_root:
                if told:
                    told(_changed(run.id))
                return None
            return CheckResult(run.id, summarise(totals(store, run.id, told=None if full else {})), [])
    except ActionableError:  # no database yet, an older one, a damaged one: the check itself makes, upgrades or refuses it
        return None


def _changed(run_id: int) -> Text:
    return Text(
        f"第 {run_id} 次检查的记录与当初记下的不一样（planning-check db check 说是哪里），所以重新检查",
        f"run {run_id} is no longer as it was recorded (planning-check db check says where), so everything is checked anew",
    )
