"""Every heading of the bundled city renamed to a word that nobody knows, one at a time: either every outcome of every rule stays what it
was, or the heading is named on the first screen. All of them, which takes a check or two each: ``python -m tests.deliveries.renamed``;
``--near``: to the words of ``near_words.csv``, as a person may write; ``--first 168`` begins after so many, ``--most`` ends after some.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from random import Random

import pytest

from planning_check import pipeline
from planning_check.errors import SourceError, Text
from planning_check.ingest import intake
from planning_check.ingest.layer import Layer
from planning_check.pipeline import running
from planning_check.report.console.first_screen import first_screen
from tests.city import NOW, OPTIONS
from tests.ingest.test_renamed_headings import every_sheet

WORDS = "甲乙丙丁"  # heads no column of any table
ANY_RULE = ("DA02",)  # what was read is told whichever rules are asked
SEED = 20260412
NEAR = Path(__file__).parent / "near_words.csv"


@dataclass(frozen=True)
class Renamed:
    """One heading of one sheet or layer: its place, and what it is called instead."""

    file: str
    sheet: str
    row: int
    index: int
    heading: str
    word: str

    def place(self) -> str:
        return f"{self.file} > {self.sheet} > {self.heading}"


def headings(word: str = WORDS) -> list[Renamed]:
    """Every heading that is read."""
    return [
        Renamed(read.path.name, read.name, read.whole.row, column.index, heading, word.format(heading))
        for read in every_sheet()
        for column in read.whole.columns.values()
        for heading in [read.headings()[column.index]]
    ]


def outcomes(one: Renamed | None = None, select: tuple[str, ...] = ()) -> tuple[list[tuple], dict[str, str]]:
    """Of every subject, what every rule (or some) says of it; and the first screen in each language."""
    kept: list[tuple] = []
    judge = running.judge

    def judged(con, plan, book, done=None) -> None:
        judge(con, plan, book, done)
        kept.extend(con.execute("SELECT subject, subject_key, outcomes FROM register ORDER BY ALL").fetchall())

    bring_back, keeping = intake.bring_back, intake.keeping_staged
    with pytest.MonkeyPatch.context() as patched, tempfile.TemporaryDirectory() as folder:
        patched.setattr(running, "judge", judged)
        if one:  # of that file nothing is brought back, and nothing kept
            patched.setattr(intake, "bring_back", lambda at, file, key: file.path.name != one.file and bring_back(at, file, key))
            patched.setattr(
                intake, "keeping_staged", lambda at, file, key: nullcontext() if file.path.name == one.file else keeping(at, file, key)
            )
            patched.setattr(intake, "read_sheets", _renaming(intake.read_sheets, one))
            patched.setattr(intake, "read_layers", _renaming(intake.read_layers, one))
        result = pipeline.check(replace(OPTIONS, select=select), created_at=NOW, db_url=f"sqlite:///{folder}/runs.sqlite")
    return kept, {
        lang: "".join("".join(first_screen(result.summary, [("x", Text("", ""))], Text("", ""), lang, width=100)).split())
        for lang in ("zh", "en")
    }


def _renaming(read, one: Renamed):
    """The reader, with the heading renamed in what it reads."""

    def renamed(path: Path, kind) -> Iterator:
        for piece in read(path, kind):
            if (path.name, piece.name) != (one.file, one.sheet):
                yield piece
            elif isinstance(piece, Layer):
                names = piece.table.column_names
                names[one.index] = one.word
                yield replace(piece, table=piece.table.rename_columns(names))
            else:
                piece.rows = _rows(piece.rows, one)
                yield piece

    return renamed


def _rows(rows: Iterator[list[str]], one: Renamed) -> Iterator[list[str]]:
    head = [list(row) for row in islice(rows, one.row + 1)]
    head[one.row][one.index] = one.word
    return chain(head, rows)


def told(one: Renamed, before: list[tuple]) -> str:
    """``named`` on the first screen in both languages, else ``same`` where every outcome is as before, else ``silent``."""
    try:
        _, said = outcomes(one, ANY_RULE)
    except SourceError as error:  # refused: it has to say which
        said = {lang: "".join(error.render(lang).split()) for lang in ("zh", "en")}
    if all(one.word in words for words in said.values()):
        return "named"
    return "same" if outcomes(one)[0] == before else "silent"


def near() -> list[Renamed]:
    """Every heading that has a near word, renamed to it."""
    with NEAR.open(encoding="utf-8", newline="") as file:
        words = {row["heading"]: row["word"] for row in csv.DictReader(file)}
    return [replace(one, word=words[one.heading]) for one in headings() if one.heading in words]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--word", default=WORDS, help="what each is called instead; {} stands for the heading")
    parser.add_argument("--near", action="store_true")
    parser.add_argument("--first", type=int, default=0, help="how many to leave out")
    parser.add_argument("--most", type=int, help="how many to try at most")
    options = parser.parse_args()
    before, _ = outcomes()
    every = near() if options.near else headings(options.word)
    Random(SEED).shuffle(every)
    some = every[options.first :][: options.most]
    counts: Counter[str] = Counter()
    for number, one in enumerate(some, options.first + 1):
        what = told(one, before)
        counts[what] += 1
        print(f"{number}/{len(every)} {what:6} {one.place()} > {one.word}", flush=True)
    print(f"{len(some)} headings: {dict(counts)}")
    return min(counts["silent"], 1)


if __name__ == "__main__":
    sys.exit(main())
