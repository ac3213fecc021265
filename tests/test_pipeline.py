"""Use cases end to end: an outcome that is no finding is derived again, or said not to be; the bundled day; nothing to check."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from planning_check import pipeline
from planning_check.errors import SourceError, UsageError
from planning_check.pipeline.rules import rule_folder

DAY = dt.date(2011, 6, 30)
NOW = dt.datetime(2011, 6, 30, 9, 0)
SMALL = {
    "districts.csv": "district_code,district_name\n990101,甲区\n",
    "projects.csv": (
        "project_id,project_name,district_code,uses,plan_approved_on,completed_on,survey_total_m2,premises_register_complete\n"
        "P1,甲苑,990101,住宅,2008-03-10,2010-05-04,50000,是\nP2,乙苑,990101,住宅,2005-03-10,2010-05-04,50000,是\n"
    ),
    "premises.csv": "premises_id,project_id,kind,surveyed_m2\nR1,P1,社区用房,500\n",
    "payments.csv": "payment_id,project_id,amount_yuan,unit_price_yuan_per_m2,received_on\n",
}


@pytest.fixture
def delivery(tmp_path):
    folder = tmp_path / "delivery"
    folder.mkdir()
    for name, text in SMALL.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "payments.csv").write_text(SMALL["payments.csv"] + "Z1,P9,100,4000,2009-01-05\n", "utf-8")
    return folder


def check(delivery, tmp_path, **options):
    url = f"sqlite:///{(tmp_path / 'run.sqlite').as_posix()}"
    result = pipeline.check(pipeline.Options([delivery], as_of=DAY, today=DAY, **options), created_at=NOW, db_url=url)
    return url, result


def test_a_pass_is_derived_again_down_to_its_cells(delivery, tmp_path):
    url, _ = check(delivery, tmp_path, select=["AR"])
    explained = pipeline.explain_subject(url, "AR03", "P1")
    assert explained.outcome == "pass"
    steps = {step.name: step.value for step in explained.steps}
    assert steps["shortfall_m2"] in ("0", "0.00")
    cells = [origin.where.get("en") for fact in explained.facts for origin in fact.origins]
    assert "premises.csv > row 2 > column D" in cells


def test_an_outcome_out_of_scope_says_why(delivery, tmp_path):
    url, _ = check(delivery, tmp_path, select=["AR"])
    explained = pipeline.explain_subject(url, "AR03", "P2")
    assert explained.outcome == "not_applicable"
    assert "does not apply backwards" in explained.finding["reason_en"]


@pytest.mark.parametrize("change", ["edited", "gone"])
def test_a_pass_of_a_delivery_that_changed_is_not_derived_from_the_new_one(delivery, tmp_path, change):
    url, _ = check(delivery, tmp_path, select=["AR"])
    if change == "edited":
        (delivery / "premises.csv").write_text(SMALL["premises.csv"].replace("500", "700"), "utf-8")
    else:
        shutil.rmtree(delivery)
    explained = pipeline.explain_subject(url, "AR03", "P1")
    assert explained.outcome == "pass"
    assert explained.finding is None


def test_findings_of_two_runs_are_the_same_and_both_are_kept(delivery, tmp_path):
    url, first = check(delivery, tmp_path, select=["AR"])
    _, second = check(delivery, tmp_path, select=["AR"])
    assert (first.run_id, second.run_id) == (1, 2)
    texts = ["".join(pipeline.export("json", pipeline.findings(url, run), "en")) for run in (1, 2)]
    assert texts[0] == texts[1]
    assert str(tmp_path) not in texts[0]


def test_selected_rules_alone_judge(delivery, tmp_path):
    url, _ = check(delivery, tmp_path, select=["AR"], ignore=["AR01"])
    found = {f["rule_id"] for f in pipeline.findings(url).rows}
    assert "AR02" in found
    assert all(rule.startswith("AR") and rule != "AR01" for rule in found)
    with pytest.raises(UsageError, match="no such rule: HO01"):
        pipeline.findings(url, rule="HO01")


def test_a_delivery_without_a_project_or_office_cannot_be_checked(tmp_path):
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / "districts.csv").write_text(SMALL["districts.csv"], "utf-8")
    with pytest.raises(SourceError, match="nothing to check"):
        check(folder, tmp_path)


def test_without_a_day_the_delivery_or_today_decides(delivery, tmp_path):
    url = f"sqlite:///{(tmp_path / 'run.sqlite').as_posix()}"
    result = pipeline.check(pipeline.Options([delivery], as_of=None, today=dt.date(2012, 1, 2), select=["AR"]), created_at=NOW, db_url=url)
    assert result.summary.as_of == dt.date(2012, 1, 2)
    (delivery / "delivery.yaml").write_text("as_of: 2011-06-30\n", "utf-8")
    result = pipeline.check(pipeline.Options([delivery], as_of=None, today=dt.date(2012, 1, 2), select=["AR"]), created_at=NOW, db_url=url)
    assert result.summary.as_of == DAY


def test_a_cadastre_alone_is_checked(tmp_path):
    import pyogrio
    import shapely
    from geopandas import GeoDataFrame

    folder = tmp_path / "delivery"
    folder.mkdir()
    bow_tie = shapely.Polygon([(500_000, 3_600_000), (500_100, 3_600_100), (500_100, 3_600_000), (500_000, 3_600_100)])
    parcels = GeoDataFrame(
        {"宗地编号": ["A1", "A2"]}, geometry=[bow_tie, shapely.box(501_000, 3_600_000, 501_100, 3_600_100)], crs="EPSG:4545"
    )
    pyogrio.write_dataframe(parcels, folder / "宗地.gpkg", layer="宗地")
    url, _ = check(folder, tmp_path, select=["GE"])
    found = {(f["rule_id"], f["subject_key"]) for f in pipeline.findings(url, outcome="violation").rows}
    assert ("GE02", "A1") in found
    assert ("GE02", "A2") not in found


def test_an_unknown_example_names_those_there_are():
    with pytest.raises(UsageError) as caught:
        pipeline.load_rules([Path("examples/nosuch")])
    assert "examples/tiers" in caught.value.render("en")


def test_a_pack_is_found_by_its_name_and_an_unknown_one_names_those_there_are(tmp_path, monkeypatch):
    (tmp_path / "packs" / "funding").mkdir(parents=True)
    monkeypatch.setattr("planning_check.pipeline.rules.bundled", lambda name: tmp_path)
    assert rule_folder(Path("packs/funding")) == tmp_path / "packs" / "funding"
    with pytest.raises(UsageError) as caught:
        rule_folder(Path("packs/nosuch"))
    assert "the bundled packs are packs/funding" in caught.value.render("en")


def test_a_layer_without_crs_is_measured_once_somebody_says_how_it_is_to_be_read(tmp_path):
    import pyogrio
    import shapely
    from geopandas import GeoDataFrame

    folder = tmp_path / "delivery"
    folder.mkdir()
    frame = GeoDataFrame({"宗地编号": ["A1"]}, geometry=[shapely.box(36_500_000, 3_600_000, 36_500_100, 3_600_100)])
    with pytest.warns(UserWarning, match="crs"):
        pyogrio.write_dataframe(frame, folder / "宗地.gpkg", layer="宗地")
    url, before = check(folder, tmp_path, select=["GE"])
    (found,) = pipeline.findings(url, rule="GE03").rows
    assert (found["status"], found["facts"]["proposed"], found["facts"]["typed"]) == ("no_crs", None, None)
    assert "EPSG:4524" in found["facts"]["other_readings"], "possible, but nothing was compared, and so nothing is there to copy"
    assert "--crs" not in found["cure_zh"] and "没有可比照的记录" in found["message_zh"]
    url, after = check(folder, tmp_path, select=["GE"], crs=["宗地.gpkg > 宗地=EPSG:4524"])
    assert list(pipeline.findings(url, rule="GE03").rows) == []
    assert before.summary.digest != after.summary.digest
    from planning_check.report.console.explain import explanation_lines

    assert "10,000.00" in "\n".join(explanation_lines(pipeline.explain_subject(url, "GE02", "A1"), "en"))


def test_a_wrong_template_is_refused_before_anything_is_written(delivery, tmp_path):
    url, _ = check(delivery, tmp_path, select=["AR"])
    own = tmp_path / "own"
    own.mkdir()
    (own / "minutes_zh.docx").write_text("no Word file")
    with pytest.raises(UsageError, match=r"minutes_zh\.docx"):
        pipeline.report(url, folder=tmp_path / "papers", langs=("zh", "en"), templates=own)
    assert not (tmp_path / "papers").exists()


def test_layers_and_notices_of_a_run_are_the_same_twice(delivery, tmp_path):
    url, _ = check(delivery, tmp_path)
    made = [pipeline.report(url, folder=tmp_path / name, langs=("zh", "en"), parts=("layers", "notices")).files for name in "ab"]
    assert made[0] == made[1]
    names = [name for name, *_ in made[0]]
    assert {"layers_en.gpkg", "layers_zh.gpkg", "notices/README.txt", "文书/说明.txt"} <= set(names)
    assert any(name.endswith(".docx") for name in names)


def test_the_digest_of_a_run_is_over_all_that_can_change_an_outcome(delivery, tmp_path):
    layers = [tmp_path / name / "ours" for name in ("one", "other")]
    for folder, metres in zip(layers, (60, 70), strict=True):
        folder.mkdir(parents=True)
        (folder / "measuring.yaml").write_text(f"apart_m: {{value: {metres}, note: 试}}\n", "utf-8")

    def digest(**options):
        return check(delivery, tmp_path, select=["DA03"], **options)[1].summary.digest

    digests = [digest(), digest(rule_dirs=layers), digest(rule_dirs=layers[::-1])]
    (delivery / "delivery.yaml").write_text("as_of: 2010-05-01\n", "utf-8")  # a completion of 4 May is then still to come
    digests.append(digest())
    (delivery / "移交.xls").write_text("not a workbook")  # the register of handovers may have been in it
    digests.append(digest())
    assert len(set(digests)) == 5
    assert digest() == digests[-1]
