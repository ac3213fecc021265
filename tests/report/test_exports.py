"""Findings as files: golden, the same bytes for the same run, nothing that a spreadsheet would run."""

import csv
import io
import json

import pytest

from planning_check.ingest.meeting import _HEADS, plain
from planning_check.report.console.findings import FORMATS, export
from planning_check.report.tables.exports import COLUMNS, safe
from planning_check.report.tables.spreadsheet import kept_as_text, sheet_head
from planning_check.store import findings, open_store, save_run
from tests.report.golden import assert_golden
from tests.store.tables import NOTICE, TELLINGS, TITLE, connection, fingerprint, manifest

HEADER = {"as_of": "2011-06-30", "digest": "d" * 64, "tool_version": "0.1.0", "title": TITLE, "notice": NOTICE}


def made(kind, engine, lang="zh", run=1, is_wide=False):
    return "".join(export(kind, HEADER, findings(engine, run), lang, is_wide=is_wide))


@pytest.mark.parametrize("kind", FORMATS)
def test_golden(kind, engine):
    assert_golden(f"findings.{kind}", made(kind, engine))


def test_golden_of_the_csv_for_programs_and_of_the_english_one(engine):
    assert_golden("findings_wide.csv", made("csv", engine, is_wide=True))
    assert_golden("findings_en.csv", made("csv", engine, "en"))


@pytest.mark.parametrize("kind", FORMATS)
def test_two_runs_of_the_same_give_the_same_bytes(kind, tmp_path, engine):
    other = open_store(f"sqlite:///{tmp_path / 'other.sqlite'}")
    save_run(other, connection(), manifest(), TELLINGS)
    save_run(other, connection(), manifest(created_at=manifest()["created_at"].replace(year=2020)), TELLINGS)
    assert made(kind, other, run=2) == made(kind, engine)
    assert str(tmp_path) not in made(kind, other, run=2)


def test_what_is_for_programs_does_not_depend_on_the_language(engine):
    assert made("csv", engine, "en", is_wide=True) == made("csv", engine, "zh", is_wide=True)
    assert made("json", engine, "en") == made("json", engine, "zh")
    assert "outcome" in made("table", engine, "en")
    assert "结论" in made("table", engine, "zh")


def test_the_csv_for_a_spreadsheet_has_its_heads_in_the_language_and_keeps_codes(engine):
    for lang, heads, first in (
        ("zh", "名单|规则|问题类型|结论", ["违规", "AR03", "实测面积不足", "违规"]),
        ("en", "list|rule|kind of finding|outcome", ["Violations", "AR03", "Short at the survey", "violation"]),
    ):
        text = made("csv", engine, lang)
        assert text.startswith("\ufeff")
        assert text.count("\r\n") == 8
        assert "\n" not in text.replace("\r\n", "")
        read, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
        assert read[:4] == heads.split("|")
        assert len(read) == 24
        assert rows[0][:4] == first
        of = dict(zip(read, rows[0], strict=True))
        key = "键" if lang == "zh" else "key"
        assert of[key] == fingerprint("AR03", "P1") + "\t", "all digits: kept as text"
        assert next(of[head] for head in read if head.startswith(("面积", "area"))) == "620.00"


@pytest.mark.parametrize(
    "cell", ["919901024735226001", "4152303350310000", "610902001001", "0012", "12e4", "1E-5", "1-2", "2011-06", "3/4"]
)
def test_what_a_spreadsheet_would_make_another_value_of_is_kept_as_text(cell):
    assert kept_as_text(cell) == f"{cell}\t"


@pytest.mark.parametrize("cell", ["91990102473522600X", "XM2006063", "YF2006037-1", "P1", "610902", "", "花园", "a/b", "-5"])
def test_other_cells_stay(cell):
    assert kept_as_text(cell) == cell


def test_none_of_its_heads_but_the_key_is_read_back_as_a_decision():
    for lang in ("zh", "en"):
        read = next(csv.reader(io.StringIO(sheet_head(lang).removeprefix("\ufeff"))))
        known = {head: found for head in read if (found := _HEADS.get(plain(head)))}
        assert list(known.values()) == ["key"], known


def test_the_wide_csv_opens_in_excel(engine):
    text = made("csv", engine, is_wide=True)
    assert text.startswith("\ufefflist,rule_id,")
    assert text.count("\r\n") == 8
    assert "\n" not in text.replace("\r\n", "")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["area_m2"] == "620.00"
    assert rows[0]["sources"] == "规划局/项目.xlsx > 台账 > row 2; 房管局/实测.csv > row 2"
    assert rows[3]["subject_name"] == '\'=cmd|"x"!A0'


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2+3", "@sum(a)", "\t=1", "\r=1", "-", "=HYPERLINK()"])
def test_what_a_spreadsheet_would_run_is_escaped(cell):
    assert safe(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-12.50", "+3", "12", "", "a=b", "汉滨区", "2011-06-30"])
def test_numbers_and_plain_text_stay(cell):
    assert safe(cell) == cell


def test_json_is_exact_and_sorted(engine):
    text = made("json", engine)
    read = json.loads(text)
    assert list(read) == sorted(read)
    assert read["as_of"] == "2011-06-30"
    first = read["findings"][0]
    assert list(first) == sorted(COLUMNS)
    assert (first["area_m2"], first["yuan"], first["law"]["tiers"]) == ("620.00", "2480000.00", None)
    lines = made("jsonl", engine).splitlines()
    assert [json.loads(line) for line in lines] == read["findings"]


def test_no_findings_are_still_a_document():
    assert json.loads("".join(export("json", HEADER, [], "zh")))["findings"] == []
    assert "".join(export("jsonl", HEADER, [], "zh")) == ""
    assert "".join(export("csv", HEADER, [], "zh")).count("\r\n") == 1
    assert "".join(export("table", HEADER, [], "en")).startswith("rule ")
