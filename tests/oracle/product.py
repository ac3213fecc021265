"""What the package itself says: its own pipeline, run on a delivery; the only module here besides the comparing tests that knows it."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import duckdb

from planning_check.pipeline import running

RULES = ("AR01", "AR02", "AR03", "HO01", "HO02", "HO03", "HO04", "HO07", "HO08", "MO05", "MO08", "OF01", "GE02", "GE08")


class Product:
    """A delivery read once, judged as of several days."""

    def __init__(self, folder: Path, work: Path):
        self.kept = work / "read.duckdb"
        self.book = running.load_rules()
        self.plan = self.book.plan(RULES, ())
        with duckdb.connect(str(self.kept)) as con:
            running.read(con, [folder], self.book)
        self.work = work

    def judged(self, as_of: dt.date) -> dict[tuple[str, str], dict]:
        """(rule, subject key) -> outcome and every number of the rule."""
        copy = self.work / f"{as_of}.duckdb"
        shutil.copy(self.kept, copy)
        found = {}
        with duckdb.connect(str(copy)) as con:
            running.measure(con, as_of, self.book)
            running.judge(con, self.plan, self.book)
            for rule in self.plan.rules:
                told = con.execute(f"SELECT * FROM judged_{rule.subject}")
                names = [column[0] for column in told.description]
                for line in told.fetchall():
                    row = dict(zip(names, line, strict=True))
                    own = {k.split("__", 1)[1]: v for k, v in row.items() if k.startswith(f"{rule.id}__")}
                    found[rule.id, str(row[self.plan.keys[rule.subject]])] = own | {"all": row}
        copy.unlink()
        return found
