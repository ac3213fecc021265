"""A delivery folder that a test fills, and the tables it becomes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pytest

from planning_check.ingest import Delivery, intake
from planning_check.ingest.mapping import DeliveryMapping, parse_mapping
from planning_check.precedence import Precedence
from tests.widths import load


class Folder:
    """A delivery in the making."""

    def __init__(self, path: Path):
        self.path = path
        self.con = duckdb.connect()
        self.delivery: Delivery | None = None
        self.shut: set[Path] = set()
        self.growing: set[Path] = set()
        self.unforeseen: set[Path] = set()
        self.mapping: DeliveryMapping | None = None
        self.precedence: tuple[Precedence, ...] = ()

    def csv(self, name: str, text: str, encoding: str = "utf-8") -> Folder:
        (self.path / name).write_bytes(text.encode(encoding))
        return self

    def workbook(self, name: str, **sheets: list[list]) -> Folder:
        import openpyxl

        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(self.path / name)
        return self

    def mapped(self, text: str) -> Folder:
        """The folder is read by this mapping."""
        self.mapping = parse_mapping("mapping.yaml", text)
        return self

    def settled(self, rule: Precedence) -> Folder:
        """The city says who goes before whom; the delivery is of June 2011."""
        self.precedence = (*self.precedence, rule)
        return self.csv("delivery.yaml", "as_of: 2011-06-30\n")

    def outside(self, name: str) -> Path:
        """A file beside the delivery."""
        path = self.path.parent / name
        path.write_text("宗地编号,项目编号\nD9,P1\n", "utf-8")
        return path

    def closed(self, name: str) -> Folder:
        """A folder in the delivery that may not be looked into (by nobody: the tests may run as root)."""
        (self.path / name).mkdir()
        self.shut.add(self.path / name)
        return self

    def changing(self, name: str, text: str) -> Folder:
        """A file that gets longer while it is read."""
        self.growing.add(self.path / name)
        return self.csv(name, text)

    def failing(self, name: str, text: str) -> Folder:
        """A file over which the program fails, by a fault of its own."""
        self.unforeseen.add(self.path / name)
        return self.csv(name, text)

    def load(self, crs: Sequence[str] = ()) -> Folder:
        real, digest = Path.iterdir, intake.digest

        def digested(files: Sequence[Path]) -> str:
            if self.unforeseen.intersection(files):
                raise KeyError(files)
            told = digest(files)
            for path in self.growing.intersection(files):
                path.write_bytes(path.read_bytes() + b"\n")
            return told

        def iterdir(path: Path) -> Iterator[Path]:
            if path in self.shut:
                raise PermissionError(13, "Permission denied", str(path))
            return real(path)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Path, "iterdir", iterdir)
            patched.setattr(intake, "digest", digested)
            self.delivery = load(self.con, [self.path], crs=crs, mapping=self.mapping, precedence=self.precedence)
        return self

    def rows(self, query: str) -> list[tuple]:
        return self.con.execute(query).fetchall()

    def one(self, query: str) -> tuple:
        (row,) = self.rows(query)
        return row

    def problems(self, code: str = "%") -> list[dict]:
        cursor = self.con.execute("SELECT * FROM problem WHERE code LIKE ? ORDER BY problem_no", [code])
        names = [d[0] for d in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def totals(self) -> list[tuple]:
        return self.rows("SELECT rows_read, rows_used, rows_quarantined FROM source ORDER BY source_id")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    path = tmp_path / "delivery"
    path.mkdir()
    return Folder(path)
