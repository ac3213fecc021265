"""LibreOffice opens the CSV of the findings: every code is there to its last digit, amounts are numbers, and decide reads the key back."""

import csv
import subprocess
from decimal import Decimal

import openpyxl
import pytest

from planning_check.pipeline.deciding import understand
from planning_check.report.console.findings import export
from planning_check.store import findings, open_store, save_run
from tests.outside import program, require
from tests.report.test_exports import HEADER
from tests.store.tables import FINDINGS, TELLINGS, connection, manifest

CODES = ("919901024735226001", "12e4", "0012", "1-2")


@pytest.fixture
def engine(tmp_path):
    engine = open_store(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    told = [one | {"developer_code": CODES[number % len(CODES)]} for number, one in enumerate(FINDINGS)]
    save_run(engine, connection(told), manifest(), TELLINGS)
    return engine


def written(engine, path, lang):
    path.write_text("".join(export("csv", HEADER, findings(engine, 1), lang)), encoding="utf-8", newline="")
    return path


@require("soffice")
@pytest.mark.parametrize(
    ("lang", "code", "area", "key"), [("zh", "开发企业代码", "面积（㎡）", "键"), ("en", "developer (code)", "area (㎡)", "key")]
)
def test_a_spreadsheet_keeps_codes_and_keys(engine, tmp_path, lang, code, area, key):
    path = written(engine, tmp_path / "findings.csv", lang)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [program("soffice"), profile, "--headless", "--infilter=CSV:44,34,76,1", "--convert-to", "xlsx", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=200)
    heads, *rows = openpyxl.load_workbook(tmp_path / "findings.xlsx").active.iter_rows(values_only=True)
    shown = [dict(zip(heads, row, strict=True)) for row in rows]
    of = list(findings(engine, 1))
    assert [str(row[code]).strip() for row in shown if row[code]] == [one["developer_code"] for one in of if one["developer_code"]]
    assert [row[key].strip() for row in shown] == [one["fingerprint"] for one in of]
    assert shown[0][area] == 620


def test_it_is_read_back_by_its_key(engine, tmp_path):
    path = written(engine, tmp_path / "findings.csv", "zh")
    heads, *rows = csv.reader(path.read_text("utf-8-sig").splitlines())
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(
            [[*heads, "会议结论", "会议日期", "决议文号"], *([*row, "认定", "2011-07-08", "〔2011〕3 号"] for row in rows[:1])]
        )
    (line,) = understand(str(engine.url), path, "secretary").lines
    first = next(iter(findings(engine, 1)))
    assert (line.key, line.state, line.body["conclusion"]) == (first["fingerprint"], "new", "confirmed")
    assert first["area_m2"] == Decimal("620.00")
