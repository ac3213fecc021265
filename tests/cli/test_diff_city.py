"""The bundled city checked again with two things changed: every change goes back to the one that made it, and is proved."""

import datetime as dt
import shutil

import openpyxl
import pytest

from planning_check import pipeline
from planning_check.store import load_run, open_store
from tests import city

pytestmark = pytest.mark.long
AREA = ("AR03", "XM2005022")  # 46,840.22 m2 as built, 468.40 m2 owed


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """A copy of the delivery, and a database with the city as it is."""
    folder = tmp_path_factory.mktemp("city")
    shutil.copytree(pipeline.bundled("data") / "demo", folder / "报送")
    return folder / "报送", city.checked(folder)


def check(url, path, day=None, **options):
    series = load_run(open_store(url, write=False), 2).series
    asked = pipeline.Options([path], as_of=day, today=city.NOW.date(), series=series, **options)
    return pipeline.check(asked, created_at=city.NOW, db_url=url).run_id


def by_item(found):
    return {(c.named.rule_id, c.named.subject_key): c for c in found.changes}


def test_a_cell_and_a_limit_of_the_rules(copied, tmp_path):
    path, url = copied
    book = openpyxl.load_workbook(path / "房管局" / "用房现状.xlsx")
    assert book["项目竣工测绘"]["B23"].value == 46840.22
    book["项目竣工测绘"]["B23"] = 60000
    shutil.copytree(path, tmp_path / "报送")
    book.save(tmp_path / "报送" / "房管局" / "用房现状.xlsx")
    (tmp_path / "本市").mkdir()
    (tmp_path / "本市" / "overrides.yaml").write_text("parameters: {DA04.earliest_on: 2004-01-01}\n", "utf-8")
    found = pipeline.differ(url, 2, check(url, tmp_path / "报送", rule_dirs=(tmp_path / "本市",)))
    changes = by_item(found)
    assert found.things.factors == ("data", "rules") and found.lost == () and all(c.cause.proved for c in found.changes)
    area = changes[AREA]
    assert (area.kind, area.cause.ways, area.cause.excluded, area.after.area_m2) == ("changed", (("data",),), ("rules",), 600)
    [cell] = area.cells
    assert (cell.after.file, cell.after.sheet, cell.after.row, cell.after.letter) == ("房管局/用房现状.xlsx", "项目竣工测绘", 23, "B")
    assert (cell.before.raw, cell.after.raw) == ("46840.22", "60000")
    early = [c for (rule, _), c in changes.items() if rule == "DA04"]
    assert early and {c.cause.ways for c in early} == {(("rules",),)}
    assert {c.named.subject_key for c in found.changes if ("data",) in c.cause.ways} == {"XM2005022"}, "nothing else turns on that cell"


def test_a_correction_and_half_a_year(copied, tmp_path):
    path, url = copied
    shutil.copytree(path, tmp_path / "报送")
    (tmp_path / "报送" / "更正登记.csv").write_text(
        "文件,工作表,编号,字段,原值,更正值,理由,更正人,更正日期\n"
        "房管局/用房现状.xlsx,项目竣工测绘,XM2005022,竣工总建筑面积(㎡),46840.22,60000,复测,张三,2011-06-01\n", "utf-8",
    )  # fmt: skip
    found = pipeline.differ(url, 2, check(url, tmp_path / "报送", dt.date(2011, 12, 31)))
    changes = by_item(found)
    assert found.things.factors == ("correction", "time") and found.lost == () and all(c.cause.proved for c in found.changes)
    assert (changes[AREA].cause.ways, changes[AREA].cause.excluded) == ((("correction",),), ("time",))
    assert [one.row.new_value for one in changes[AREA].corrections] == ["60000"]
    late = {key for key, c in changes.items() if c.cause.ways == (("time",),)}
    assert late and all(not changes[key].cells for key in late)
