"""The page of first steps: its own tables are typed into the templates, its own commands run, and the lists are those that it says."""

import datetime as dt
import json
import re
from pathlib import Path

import openpyxl
import pytest

from planning_check import template
from tests.templates import EXAMPLE, HEADS

PAGE = (Path(__file__).parents[2] / "docs" / "first_steps.md").read_text("utf-8")
SECTION = PAGE.partition("## Ten minutes")[2].partition("\n## ")[0]


def side(text, lang):
    """What the page says in one language: English / 中文, or the same in both."""
    told = text.split(" / ")
    return told[{"en": 0, "zh": -1}[lang]].strip()


def cell(text, lang):
    """As a spreadsheet program takes what is typed: days and numbers are such."""
    said = side(text, lang)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", said):
        return dt.datetime.fromisoformat(said)
    return int(said) if said.isdigit() else said


def place(text, lang):
    """Workbooks and sheet of a line like `planning` › premises / `规划` › 公益性用房"""
    books, sheet = side(text, lang).split(" › ")
    return re.findall("`([^`]+)`", books), sheet


def tables(lang):
    """(workbooks, sheet, headings, rows) of every table to be typed."""
    for title, body in re.findall(r"^(`.+ › .+)\n\n((?:\|.*\n)+)", SECTION, re.MULTILINE):
        head, _, *rows = [line.strip("|\n ").split(" | ") for line in body.splitlines()]
        yield *place(title, lang), [side(one, lang) for one in head], [[cell(one, lang) for one in row] for row in rows]


def typed(folder, lang):
    """Type the page into the templates in ``folder``; the number of cells typed, those of a column in each workbook that has it."""
    cells = 0
    for books, name, head, rows in tables(lang):
        used = set()
        for one in books:
            (path,) = folder.rglob(f"{one}.xlsx")
            book = openpyxl.load_workbook(path)
            sheet = book[name]
            at = {str(c.value).strip("*"): c.column for c in sheet[HEADS] if c.value}
            for number, row in enumerate(rows, EXAMPLE + 1):
                for heading, value in zip(head, row, strict=True):
                    if heading in at:
                        sheet.cell(number, at[heading], value)
                        used.add(heading)
                        cells += 1
            book.save(path)
        assert used == set(head), (name, set(head) - used)
    (none,) = re.findall(r"^(`.+ › .+): nothing but", SECTION, re.MULTILINE)
    (one,), name = place(none, lang)
    (path,) = folder.rglob(f"{one}.xlsx")
    book = openpyxl.load_workbook(path)
    book[name]["B2"] = template.YES.get(lang)
    book.save(path)
    return cells + 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_typed_in_and_its_commands_run_give_the_lists_that_it_says(call, tmp_path, monkeypatch, lang):
    code, _, err = call("init", "OUR_CITY", "--lang", lang)
    assert code == 0, err
    monkeypatch.chdir(tmp_path / "OUR_CITY")
    cells = typed(Path(), lang)
    assert abs(cells - int(re.search(r"about (\d+) cells", SECTION)[1])) <= 5
    said = {}
    for command in re.search(r"```\n(.*?)```", SECTION, re.DOTALL)[1].splitlines():
        code, said[command.split()[1]], err = call(*command.split()[1:])
        assert code == 0, err
    _, out, _ = call("findings", "--format", "json")
    findings = [one for one in json.loads(out)["findings"] if one["outcome"] == "violation"]
    told = dict(re.findall(r"^\| (violations|deposits|offices) \| (\d+) \|", SECTION, re.MULTILINE))
    named = {"zh": ("违规：{} 个项目", "拟没收保证金：{} 个项目", "未解决的租借办公用房：{} 处"),
             "en": ("Violations: {} projects", "Deposits to forfeit: {} project", "resolution: {} offices")}[lang]  # fmt: skip
    for name, line in zip(("violations", "deposits", "offices"), named, strict=True):
        assert line.format(told[name]) in said["check"]
    assert {one["subject_key"] for one in findings if one["rule_id"] == "AR03"} == {"XM2", "XM3", "XM4", "XM5"}
    assert {one["subject_key"] for one in findings if one["rule_id"] == "HO09"} == {"YF1"}
    assert {one["subject_key"] for one in findings if one["rule_id"] == "OF01"} == {"BG1", "BG3"}
    assert "planning-check report" in said["check"] and "--db" not in said["check"]  # planning_check.toml says it
    assert "1,200.00" in said["check"] and "1,200.00" in SECTION
    assert "30,000.00 × 1 % = 300.00" in said["explain"]
    papers = Path("report_run1")
    assert all((papers / name).is_file() for name in re.findall(r"`([^` ]+\.(?:txt|xlsx))`", SECTION))
