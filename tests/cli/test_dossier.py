"""What stands against one developer, in one community or before one bureau."""

from decimal import Decimal

import pytest

from planning_check import pipeline
from planning_check.record.chosen import Led
from planning_check.report.console.dossier import dossier_lines
from planning_check.report.told.dossier import dossier
from planning_check.store import findings, load_run, save_run
from tests import kept
from tests.cli.test_case import forced
from tests.store.tables import FINDINGS, TELLINGS, connection, finding, fingerprint, manifest

MORE = [
    finding("AR03", "P2", fingerprint=fingerprint("AR03", "P9"), subject_key="P9", area_m2="40.00", yuan="70.50") | {"project_id": "P9"},
    finding("US01", "U2", project_id="P1", area_m2=None),
]  # fmt: skip


def more(engine):
    save_run(engine, connection([*FINDINGS, *MORE]), manifest(), TELLINGS)


@pytest.fixture
def db(tmp_path):
    return kept.store(tmp_path / "库.sqlite", more)


def of(db, **chosen):
    return pipeline.dossier(str(db.url), **chosen)


def test_of_one_project_a_list_has_one_line_and_one_area(db):
    found = of(db, developer="甲置业有限公司")
    part = found.parts["violations"]
    assert (part.violations, part.lines, part.area_m2, part.yuan) == (4, 1, Decimal("620.00"), Decimal("2480000.00")), "not 620 + 500 + 100"
    other = of(db, community="城关")
    assert other.parts["violations"].area_m2 == Decimal("40.00")
    assert other.parts["deposits"].yuan == Decimal("500000.00")
    assert (other.outcomes["violation"], other.outcomes["undetermined"], other.owed) == (2, 1, None)


def test_what_its_projects_still_owe_is_added_and_what_is_unknown_is_not_nothing(db):
    one, other = of(db, developer="甲置业有限公司").owed, of(db, developer="乙置业有限公司").owed
    assert (one.projects, one.residual_m2, one.residual_yuan, one.unknown) == (1, Decimal("620.00"), Decimal("2480000.00"), 0)
    assert (other.projects, other.residual_m2, other.residual_yuan, other.unknown) == (1, None, None, 1)
    lines = {lang: " ".join(dossier_lines(of(db, developer="乙置业有限公司"), lang)) for lang in ("zh", "en")}
    assert "尚欠 面积不明、金额不明" in lines["zh"] and "left unknown m2, unknown yuan" in lines["en"]


def test_open_cases_and_credit_entries_go_by_the_state_of_the_case(db, call):
    for key, action in ((fingerprint("AR03", "P1"), "confirm"), (fingerprint("HO01", "P1"), "dismiss")):
        forced(db, key, action, decided_on="2011-07-08", resolution_no="1", facts={})
    found = of(db, developer="甲置业有限公司")
    assert (found.states["confirmed"], found.states["dismissed"], found.states["open"]) == (1, 1, 2)
    for lang, words in (("zh", ("未办结的案件 3 件", "不予认定 1 件，仍在下表的数内", "尚欠 620.00 ㎡")),
                        ("en", ("Cases not done: 3", "dismissed: 1, still in the figures below", "left 620.00 m2"))):  # fmt: skip
        code, out, _ = call("findings", "--db", db.url.database, "--developer", "甲置业有限公司", "--lang", lang)
        assert code == 0
        for word in words:
            assert word in " ".join(out.split()), word


def test_what_is_waived_is_marked_and_stays_in_the_sums(db):
    run, rows = load_run(db), [row | {"waived_until": "2011-12-31" if row["rule_id"] == "AR03" else None} for row in findings(db, 1)]
    found = dossier(run, [("developer", "甲")], rows, None, {fingerprint("AR03", "P9"): Led(Decimal("40.00"), None, None)})
    assert (found.waived, found.outcomes["violation"]) == (2, 8)
    assert any("豁免 2 件" in line for line in dossier_lines(found, "zh"))
    assert found.parts["violations"].area_m2 == Decimal("40.00")


def test_a_developer_that_nobody_knows_is_told_its_nearest(db, call):
    code, _, err = call("findings", "--db", db.url.database, "--developer", "甲置业公司", "--lang", "zh")
    assert (code, "没有这个开发企业" in err, "甲置业有限公司" in err) == (2, True, True)
    code, _, err = call("findings", "--db", db.url.database, "--community", "新成", "--lang", "en")
    assert (code, "no such community" in err, "新城" in err) == (2, True, True)
    code, out, _ = call("findings", "--db", db.url.database, "--bureau", "planning", "--format", "csv")
    assert (code, out.count("\r\n") > 1, "卷宗" in out) == (0, True, False)
