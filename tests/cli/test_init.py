"""A folder to begin with: made whole, never overwritten, and read as no delivery until something is filled in."""

import openpyxl
import pytest

from planning_check.pipeline import start
from tests.templates import fill


def files(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


MADE = {
    "zh": {"planning_check.toml", "mapping.yaml", "先读我.txt", *(f"报送/{b}/{b}.xlsx" for b in ("规划", "住建", "民政", "房管"))},
    "en": {"planning_check.toml", "mapping.yaml", "Read me first.txt",
           *(f"delivery/{b}/{b}.xlsx" for b in ("planning", "housing", "civil_affairs", "real_estate"))},
}  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_everything_is_there_and_said(call, tmp_path, lang):
    code, out, err = call("init", "city", "--lang", lang)
    assert code == 0, err
    assert set(files(tmp_path / "city")) == MADE[lang]
    assert all(name in out for name in MADE[lang])
    text = (tmp_path / "city" / ("先读我.txt" if lang == "zh" else "Read me first.txt")).read_bytes()
    assert text.startswith(b"\xef\xbb\xbf") and text.count(b"\n") == text.count(b"\r\n")


def test_a_second_time_only_what_is_missing_is_added_in_the_language_of_the_first(call, tmp_path):
    city = tmp_path / "city"
    call("init", "city", "--lang", "zh")
    (city / "mapping.yaml").unlink()
    (city / "报送" / "住建" / "住建.xlsx").write_bytes(b"mine")
    (city / "planning_check.toml").write_text("# mine\nlanguage = 'zh'\nmapping = 'mapping.yaml'\n", "utf-8")
    before = files(city)
    code, out, err = call("init", "city")
    assert code == 0, err
    after = files(city)
    assert set(after) == MADE["zh"] and all(after[name] == data for name, data in before.items())
    assert out.index("mapping.yaml") < out.index("已有、没有改动") < out.index("住建.xlsx")


def test_it_is_no_delivery_until_something_is_filled_in(call, tmp_path, monkeypatch):
    call("init", "city", "--lang", "zh")
    monkeypatch.chdir(tmp_path / "city")
    code, _, err = call("check", "--as-of", "2011-06-30")
    assert code == 3 and "模板没有填，按没有交来处理" in err
    path = tmp_path / "city" / "报送" / "规划" / "规划.xlsx"
    sheets = openpyxl.load_workbook(path).sheetnames
    assert "开发项目" in sheets and "折资" not in sheets
    fill(path, "zh", {"projects": [{"project_id": "X1", "project_name": "滨江", "district_code": "东岸区", "plan_total_m2": 30000}]})
    code, out, err = call("check", "--as-of", "2011-06-30")
    assert code in (0, 3) and "规划/规划.xlsx" in out and "planning_check.toml" in err
    assert "先读我" not in out and "unknown" not in out


def test_one_bureau_fills_in_its_columns_and_another_its_own(call, tmp_path, monkeypatch):
    list(start(tmp_path / "city", "zh"))
    delivery = tmp_path / "city" / "报送"
    one = {"project_id": "X1", "project_name": "滨江", "district_code": "东岸区"}
    fill(
        delivery / "规划" / "规划.xlsx",
        "zh",
        {"projects": [one | {"uses": "住宅", "plan_total_m2": 30000, "plan_approved_on": "2008-03-01"}]},
    )
    fill(
        delivery / "住建" / "住建.xlsx",
        "zh",
        {"projects": [one | {"completed_on": "2009-09-30"}]},
        none=["payments", "deposits", "demands"],
    )
    surveyed = one | {"survey_total_m2": 31000, "premises_register_complete": "是"}
    fill(delivery / "房管" / "房管.xlsx", "zh", {"projects": [surveyed]}, none=["premises"])
    monkeypatch.chdir(tmp_path / "city")
    code, out, err = call("check", "--as-of", "2011-06-30")
    assert code == 0, err
    assert "AR03" in out and "310.00" in out


def test_a_file_in_its_place_is_told(call, tmp_path):
    (tmp_path / "city").write_text("x", "utf-8")
    code, _, err = call("init", "city", "--lang", "zh")
    assert code == 2 and "这是文件，不是文件夹" in err
