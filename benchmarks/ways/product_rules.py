"""The rules as this program compiles them, run by DuckDB on exact decimals."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import numpy as np

from benchmarks.ways.answers import RULES, Answers, Found
from benchmarks.ways.rows import JUDGED, projects
from planning_check import pipeline
from planning_check.assess.judging import side_by_side
from planning_check.assess.staging import worked_out
from planning_check.engine import opened
from planning_check.rulebook.kept import plan_kept


class Way:
    """Which projects violate which rule: the question that the peers answer."""

    wanted: tuple[str, ...] | None = ("project_no", *(f"{rule}__outcome" for rule in JUDGED))

    def __init__(self, folder: Path, _url: str | None) -> None:
        self.stack = ExitStack()
        self.con = self.stack.enter_context(opened())
        self.con.register("given", projects(folder))
        self.con.execute("CREATE TABLE measured_project AS FROM given")
        self.con.unregister("given")
        self.plan = plan_kept(pipeline.load_rules(), JUDGED)
        self.steps = {RULES: self.judge}

    def judge(self) -> None:
        stages = [[[self.plan.gates["project"]]], [side_by_side([rule.items for rule in self.plan.of("project")])]]
        with worked_out(self.con, "judging", "measured_project", stages, self.wanted) as rows:
            self.con.execute(f"CREATE OR REPLACE TABLE judged AS SELECT {', '.join(self.wanted or '*')} FROM ({rows})")

    def answers(self) -> Answers:
        return Answers({f"{RULES}: {rule}": Found(self.violating(rule)) for rule in JUDGED})

    def violating(self, rule: str) -> np.ndarray:
        return self.con.execute(f"SELECT project_no FROM judged WHERE {rule}__outcome = 'violation'").fetchnumpy()["project_no"]

    def close(self) -> None:
        self.stack.close()


class WithEvidence(Way):
    """The same as a check keeps it: every fact, measure and figure of every project beside all seven outcomes and what is missing."""

    wanted = None
