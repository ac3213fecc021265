"""Measures the tables of a test when it asks for what is made of them, and only by the steps that this takes.

With ``at`` the tables are kept as they are before one step, so that this can run again and again in another form: for ``tests/warm.py``.
"""

from __future__ import annotations

import contextlib
import inspect
import re
from collections.abc import Callable, Sequence
from importlib.resources import files

import duckdb

from planning_check.facts import measuring
from planning_check.facts.groups import group_neighbours
from tests.widths import MEASURING

_FACTS = files("planning_check.facts")
_WRITES = re.compile(r"(?:CREATE OR REPLACE (?:TEMP )?(?:TABLE|VIEW|MACRO)|UPDATE|DELETE FROM|INSERT INTO) (\w+)")
_MACRO = re.compile(r"CREATE OR REPLACE MACRO (\w+)")


class Step:
    """One step of measuring: what it writes, and every word that it says."""

    def __init__(self, does: str | Callable):
        self.does = does
        own = f"{does}.sql" if isinstance(does, str) else ""
        python = "" if own else inspect.getsource(inspect.getmodule(does) if does.__module__ != measuring.__name__ else does)
        self.reads = {own} if own else set(re.findall(r'"(\w+\.sql)"', python))
        text = python + "".join(_FACTS.joinpath(file).read_text("utf-8") for file in self.reads)
        self.writes = set(_WRITES.findall(text))
        self.macros = set(_MACRO.findall(text))
        self.words = set(re.findall(r"\w+", text)) | self.reads

    def run(self, con: duckdb.DuckDBPyConnection) -> None:
        if isinstance(self.does, str):
            con.execute(_FACTS.joinpath(f"{self.does}.sql").read_text("utf-8"))
        elif self.does is group_neighbours:
            group_neighbours(con, MEASURING)
        else:
            self.does(con)


class Kept:
    """Tables of one test, and which steps made something of them. What the step ``at`` and those after it make can be taken back."""

    def __init__(self, con: duckdb.DuckDBPyConnection, steps: Sequence[Step], at: int | None = None):
        self.con, self.steps, self.at = con, steps, len(steps) if at is None else at
        self.needed: set[int] = set()
        self.before: set[int] = set()
        self.done: set[int] = set()
        self.is_open = self.is_whole = self.is_linked = False
        self.whole_made: list | None = None

    def ask(self, text: str) -> None:
        if self.is_whole and self.is_linked:
            return  # nothing is left to make
        if "subject_source_" in text or not re.match(r"\s*(SELECT|FROM|WITH)\b", text):
            self.is_whole = True
        words = set(re.findall(r"\w+", text))
        found = set(range(len(self.steps))) if self.is_whole else set()
        for number in range(len(self.steps) - 1, -1, -1):
            step = self.steps[number]
            if number in self.needed | found or step.writes & words or step.does == "identity":
                found.add(number)
                words |= step.words
        self.needed |= found
        self.run()

    def run(self, upto: int | None = None) -> None:
        early = sorted(n for n in self.needed - self.before if n < self.at)
        if early:
            self.close()
            for number in early:
                self.steps[number].run(self.con)
            self.before |= set(early)
            self.is_linked = False
        if not self.is_open and self.at < len(self.steps):
            self.con.execute("BEGIN")
            self.is_open = True
        for number in sorted(n for n in self.needed - self.done if n >= self.at and (upto is None or n <= upto)):
            self.steps[number].run(self.con)
            self.done.add(number)
            self.is_linked = False
        if self.is_whole and upto is None and not self.is_linked:
            for subject in measuring.SUBJECTS.values():
                measuring._link_rows(self.con, subject)
            self.is_linked = True

    def made(self) -> list:
        """What the broken step makes of these tables."""
        self.run(self.at)
        step = self.steps[self.at]
        told = []
        for name in sorted(step.writes - step.macros):
            columns = self.con.execute(f"SELECT column_name, column_type FROM (DESCRIBE {name})").fetchall()
            told.append((columns, sorted(map(repr, self.con.execute(f"FROM {name}").fetchall()))))
        return told

    def close(self) -> None:
        if self.is_open:
            with contextlib.suppress(duckdb.Error):
                self.con.execute("ROLLBACK")
        self.is_open, self.is_linked, self.done = False, False, set()


class Lazy:
    """A connection that measures when asked."""

    def __init__(self, kept: Kept):
        self._kept = kept

    def execute(self, text: str, *given):
        self._kept.ask(text)
        return self._kept.con.execute(text, *given)

    def __getattr__(self, name: str):
        self._kept.ask("subject_source_")
        return getattr(self._kept.con, name)


STEPS = [Step(does) for does in ("identity", group_neighbours, *measuring._STEPS)]
