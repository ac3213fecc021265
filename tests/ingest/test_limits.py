"""What is beyond a limit is told with the figure and the limit, in both languages; and the page for users tells the same limits."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from planning_check.ingest import archives, json_rows, layer_forms, limits, markup, texts, trial, workbook_html
from planning_check.ingest.sheets import FileProblem
from tests.ingest.conftest import Folder
from tests.ingest.test_layer_forms import POLYGON, kml

PAGE = (Path(__file__).parents[2] / "docs/configuration.md").read_text("utf-8")
GOOD = "项目编号,项目名称,区县\nP1,甲,610102\n"


def text_file(folder: Folder) -> None:
    folder.csv("宗地.txt", "宗地编号,项目编号\n" + "D1,P1\n" * 400_000)


def page(folder: Folder) -> None:
    (folder.path / "宗地.html").write_text(f"<table>{'<tr><td colspan=500>x</tr>' * 3}</table>", "utf-8")


def records(folder: Folder) -> None:
    (folder.path / "宗地.json").write_text('[{"宗地编号": "D1", "项目编号": "P1"}, {"宗地编号": "D2", "项目编号": "P1"}]', "utf-8")


def parquet(folder: Folder) -> None:
    pq.write_table(pa.table({"宗地编号": ["D1", "D2", "D3"], "项目编号": ["P1"] * 3}), folder.path / "宗地.parquet")


def kmz(folder: Folder) -> None:
    with zipfile.ZipFile(folder.path / "宗地.kmz", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("doc.kml", kml(f"<Placemark>{POLYGON}</Placemark>{' ' * (3 << 20)}"))


def archive(folder: Folder) -> None:
    with zipfile.ZipFile(folder.path / "宗地.zip", "w") as package:
        for number in range(3):
            package.writestr(f"{number}.csv", GOOD)


@pytest.mark.parametrize(
    ("made", "where", "name", "most", "code", "figures"),
    [
        (text_file, texts.whole, "__defaults__", (1 << 20,), "too_large_file", ["2.3 MB", "1 MB"]),
        (page, workbook_html, "MOST_CELLS", 1_000, "unreadable_file", ["8,000,000", "1,048,576", "16,384"]),
        (records, json_rows, "MOST_CELLS", 3, "too_large_file", ["2 x 2", "3"]),
        (parquet, layer_forms, "MOST_CELLS", 5, "too_large_file", ["3 x 2", "5"]),
        (parquet, layer_forms, "MOST_UNPACKED", 1, "too_large_file", ["1 KB"]),
        (kmz, layer_forms, "MOST_BYTES", 1 << 20, "too_large_file", ["3 MB", "1 MB"]),
        (archive, archives, "MOST_FILES", 2, "archive_file", ["3", "2", "2 GB", "200", "100 MB"]),
    ],
)
def test_what_is_beyond_a_limit_is_told_with_it(folder: Folder, monkeypatch, made, where, name, most, code, figures):
    made(folder)
    folder.csv("项目.csv", GOOD).load()
    assert not folder.problems(code), "within its limits"
    monkeypatch.setattr(where, name, most)
    again = Folder(folder.path).load()
    (problem,) = again.problems(code)
    for said in (problem["what_zh"], problem["what_en"]):
        told = re.findall(r"\d[\d,.]*(?: x \d+| [KMG]B)?", said)
        assert all(figure in told for figure in figures), said
    assert problem["fix_zh"] and problem["fix_en"] and again.rows("SELECT project_id FROM projects") == [("P1",)]


def dies(*_: object) -> None:
    bytearray(1 << 60)


def test_what_a_trial_may_take_is_told(tmp_path):
    path = tmp_path / "a.gpkg"
    path.write_bytes(b"x")
    with pytest.raises(FileProblem) as told:
        trial.alone(dies, path)
    assert "2 GB" in told.value.detail.zh and "300 秒" in told.value.detail.zh
    assert "2 GB and 300 s" in told.value.detail.en


def test_the_page_tells_the_limits_that_there_are():
    numbers = [
        limits.MOST_FEATURES, limits.MOST_FIELDS, limits.MOST_CELLS, limits.MOST_VERTICES, markup.MOST_CELLS, layer_forms.MOST_CELLS,
        archives.MOST_FILES, archives.MOST_TIMES, trial.MOST_SECONDS,
    ]  # fmt: skip
    sizes = [
        texts.MOST_TEXT_BYTES,
        markup.MOST_BYTES,
        layer_forms.MOST_UNPACKED,
        archives.MOST_BYTES,
        archives.LEAST_BYTES,
        trial.MOST_BYTES,
    ]
    section = PAGE.partition("## How much is read")[2].partition("\n## ")[0]
    told = re.findall(r"\d[\d,]*(?: [MG]B)?", section)
    assert {f"{number:,}" for number in numbers} | {limits.size_told(size) for size in sizes} <= set(told)
    assert {one for one in told if "B" in one} == {limits.size_told(size) for size in sizes}
