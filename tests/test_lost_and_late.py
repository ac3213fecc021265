"""What a lost row or a day that cannot be does to the verdicts: three estates that meet every duty, and one fault in their delivery."""

import datetime as dt
import json
from pathlib import Path

import pytest

from planning_check import pipeline

DAY = dt.date(2011, 6, 30)
NOW = dt.datetime(2011, 6, 30, 9, 0)
RULES = ["HO01", "HO03", "MO04", "MO05", "AR03", "DA04", "DA06", "PL02", "GE06"]
PROJECTS = (
    "project_id,project_name,district_code,uses,plan_approved_on,permitted_on,completed_on,planning_accepted_on,delivered_on,"
    "survey_total_m2,filed_on,premises_register_complete\n"
)
PROJECT = "{0},{0}苑,990101,住宅,2008-03-10,2008-06-02,2010-05-04,2010-06-01,2010-07-01,50000,2008-03-10,是\n"
ROOM = "{0}-R,{0},社区用房,500,{1}号楼\n"
HANDOVER = "{0}-H,{0},{0}-R,990102001001,社区居委会,500,2010-05-01,2010-05-01,凭{0}\n"
DEPOSIT = "{0}-D1,{0},应缴,800000,2008-06-01\n{0}-D2,{0},缴存,800000,2008-06-10\n"
IDS = ("XM01", "XM02", "XM03")


def files() -> dict[str, str]:
    def each(line: str) -> str:
        return "".join(line.format(project, n) for n, project in enumerate(IDS, 1))

    return {
        "districts.csv": "district_code,district_name\n990101,甲区\n",
        "projects.csv": PROJECTS + each(PROJECT),
        "premises.csv": "premises_id,project_id,kind,surveyed_m2,building\n" + each(ROOM),
        "handovers.csv": "handover_id,project_id,premises_id,community_code,recipient_kind,area_m2,agreed_on,handed_over_on,receipt_no\n"
        + each(HANDOVER),
        "payments.csv": "payment_id,project_id,amount_yuan,unit_price_yuan_per_m2,received_on,refunded_on\n",
        "deposits.csv": "event_id,project_id,event,amount_yuan,event_on\n" + each(DEPOSIT),
        "demands.csv": "demand_id,project_id,served_on,deadline_on\n",
    }


def damaged(file: str = "", old: str = "", new: str = "", more: dict[str, str] | None = None) -> dict[str, str]:
    """The delivery with one text of one file changed, and other files."""
    delivered = files() | (more or {})
    if file:
        assert delivered[file].count(old) == 1
        delivered[file] = delivered[file].replace(old, new)
    return delivered


def findings(folder: Path, delivered: dict[str, str], as_of: dt.date = DAY) -> dict[tuple[str, str], dict]:
    """{(rule, project): finding} of a check of these files."""
    folder.mkdir()
    for name, text in delivered.items():
        (folder / name).write_text(text, "utf-8")
    url = f"sqlite:///{folder.with_suffix('.sqlite').as_posix()}"
    pipeline.check(pipeline.Options([folder], as_of=as_of, today=as_of, select=RULES), created_at=NOW, db_url=url)
    return {(f["rule_id"], f["subject_key"]): f for f in pipeline.findings(url).rows}


@pytest.fixture
def check(tmp_path):
    """Check a delivery of its own, for a fault that may be anybody's, or whose row is told."""

    def run(*fault: str, as_of: dt.date = DAY, more: dict[str, str] | None = None) -> dict[tuple[str, str], dict]:
        return findings(tmp_path / "delivery", damaged(*fault, more=more), as_of)

    return run


def outcomes(found: dict[tuple[str, str], dict], project: str) -> dict[str, str]:
    return {rule: f["outcome"] for (rule, key), f in found.items() if key == project}


def test_the_delivery_is_in_order(check):
    assert check() == {}


def test_a_shifted_handover_row_leaves_a_hole_in_its_own_project_only(check):
    found = check("handovers.csv", "社区居委会,500,2010-05-01,2010-05-01,凭XM02", "社区居委会,1,500.0,2010-05-01,2010-05-01,凭XM02")
    assert outcomes(found, "XM02") == {"HO01": "undetermined", "HO03": "undetermined", "MO05": "undetermined"}
    assert {key for _, key in found} == {"XM02"}
    case = found["HO01", "XM02"]
    assert case["missing"] == ["handed_m2"]
    assert "handovers.csv > 第 3 行 未能采用" in case["reason_zh"] and "handovers.csv > row 3 was set aside" in case["reason_en"]


@pytest.fixture(scope="module")
def of_nobody(tmp_path_factory):
    """A delivery with a handover of nobody, and what a check finds in it."""
    folder = tmp_path_factory.mktemp("nobody") / "delivery"
    return folder, findings(folder, damaged("handovers.csv", "XM02-H,XM02,XM02-R", "H9,,"))


def test_a_handover_row_of_nobody_makes_the_accusation_fragile_and_clears_nobody(of_nobody):
    _, found = of_nobody
    assert outcomes(found, "XM02") == {"HO01": "violation", "HO03": "violation", "MO05": "violation"}
    assert {key for _, key in found} == {"XM02"}
    for finding in found.values():
        assert finding["robustness"] == "fragile"
        assert "handovers.csv > 第 3 行" in finding["message_zh"] and "handovers.csv > row 3" in finding["message_en"]


def test_two_readings_compared_call_fragile_what_the_check_does(of_nobody):
    folder, found = of_nobody
    fragile = {key for key, finding in found.items() if finding["robustness"] == "fragile"}
    compared = pipeline.simulate(
        pipeline.Options([folder], as_of=DAY, today=DAY), settings=[f"{rule}=off" for rule in ("HO01", "HO03", "MO05")]
    )
    assert {(c["rule_id"], c["subject_key"]) for c in compared.changes if c["robustness_before"] == "fragile"} == fragile
    assert compared.fragile[0] - compared.fragile[1] == len(fragile) == 3


def test_what_does_not_rest_on_the_register_stays_as_it_was(check):
    found = check(
        "handovers.csv",
        "XM02-H,XM02,XM02-R",
        "H9,,",
        more={"premises.csv": files()["premises.csv"].replace("XM01,社区用房,500", "XM01,社区用房,400")},
    )
    assert found["AR03", "XM01"]["outcome"] == "violation"
    assert found["AR03", "XM01"]["robustness"] != "fragile" and "handovers.csv" not in found["AR03", "XM01"]["message_en"]


ACCEPTED = "XM02,XM02苑,990101,住宅,2008-03-10,2008-06-02,2010-05-04,2010-06-01,2010-07-01"
UP_TO_ACCEPTANCE = ACCEPTED.removesuffix(",2010-07-01")
NOT_HANDED = {"handovers.csv": files()["handovers.csv"].replace(HANDOVER.format("XM02", 2), "")}
LOST = [
    ("deposits.csv", "XM02-D2,XM02,缴存,800000", "XM02-D2,XM02,缴存,800,000.0", {"MO04", "MO05"}),
    ("premises.csv", "XM02,社区用房,500", "XM02,社区用房,1,500.0", {"AR03"}),
]
TO_COME = [
    ("projects.csv", UP_TO_ACCEPTANCE, UP_TO_ACCEPTANCE.replace("2010-06-01", "2019-06-01"), {"HO01", "HO03", "MO05"}),
    ("handovers.csv", "2010-05-01,凭XM02", "2019-05-01,凭XM02", {"HO01", "HO03", "MO05"}),
    ("deposits.csv", "XM02-D2,XM02,缴存,800000,2008-06-10", "XM02-D2,XM02,缴存,800000,2018-06-10", {"MO04", "MO05"}),
]
NO_DAY = ["2019-06-01", "2010-02-29", "2110-06-01", "看批文"]
NOT_BEEN = ["", "未验收", "尚未验收"]
PLANNED = ["2010-05-04", "2011-08-20"]
LATER = ["2010-07-01", "2010-07"]


def accepted(as_told: str, more: dict[str, str] = NOT_HANDED) -> dict[str, str]:
    """The delivery where XM02 tells its days like this, and handed nothing over."""
    return damaged("projects.csv", ACCEPTED, as_told, more=more)


#: Faults that name their project: each in estates of its own, all in one delivery.
OWN = {
    **{fault[:3]: damaged(*fault[:3]) for fault in LOST + TO_COME},
    **{("accepted", day): accepted(ACCEPTED.replace("2010-06-01", day)) for day in NO_DAY + NOT_BEEN},
    **{("planned", day): accepted(ACCEPTED.replace("2010-06-01,2010-07-01", "2011-07-15,").replace("2010-05-04", day)) for day in PLANNED},
    **{
        ("later", day): accepted(
            ACCEPTED.replace("2010-06-01,2010-07-01", "2019-06-01,"),
            NOT_HANDED | {"2projects.csv": f"project_id,completion_filed_on\nXM02,{day}\n"},
        )
        for day in LATER
    },
    "completed in years to come": damaged("projects.csv", ACCEPTED, ACCEPTED.replace("2010-05-04", "2019-05-04")),
    "told twice": damaged(more=NOT_HANDED | {"2projects.csv": "project_id,planning_accepted_on\nXM02,2010-09-01\n"}),
}


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """What one check finds in the estates of each of OWN: as of one delivery with that fault alone."""
    whole: dict[str, str] = {}
    for n, delivered in enumerate(OWN.values()):
        for name, text in delivered.items():
            head, rows = text.replace("XM", f"{n:02d}XM").split("\n", 1)
            file = name if name in files() else f"{n:02d}{name}"
            whole[file] = whole.get(file, f"{head}\n") + rows
    found = findings(tmp_path_factory.mktemp("own") / "delivery", whole)
    assert all("XM" in key for _, key in found)

    def of(fault):
        number = f"{list(OWN).index(fault):02d}"
        return {(rule, key.removeprefix(number)): f for (rule, key), f in found.items() if key.startswith(f"{number}XM")}

    return of


@pytest.mark.parametrize("file, old, new, rules", LOST)
def test_a_lost_row_of_any_register_leaves_its_sums_unknown(own, file, old, new, rules):
    told = outcomes(own((file, old, new)), "XM02")
    assert all(told[rule] == "undetermined" for rule in rules), told
    assert "violation" not in told.values()


@pytest.mark.parametrize("file, old, new, rules", TO_COME)
def test_what_cannot_have_happened_yet_is_a_data_finding_and_no_verdict(own, file, old, new, rules):
    told = outcomes(own((file, old, new)), "XM02")
    assert told.pop("DA04") == "violation"
    assert set(told) == rules and set(told.values()) == {"undetermined"}


@pytest.mark.parametrize("written", NO_DAY)
def test_an_acceptance_that_tells_no_day_is_not_replaced_by_the_delivery(own, written):
    found = own(("accepted", written))
    told = outcomes(found, "XM02")
    assert (told["HO01"], told["HO03"], told["MO05"]) == ("undetermined",) * 3
    assert found["HO01", "XM02"]["missing"] == ["planning_accepted_on"]


@pytest.mark.parametrize("completed", PLANNED)
def test_an_acceptance_that_is_planned_is_not_due_where_nothing_after_it_has_happened(own, completed):
    found = own(("planned", completed))
    assert {rule: o for rule, o in outcomes(found, "XM02").items() if rule in ("HO01", "HO03", "MO05")} == {}  # neither accused nor open
    assert found["DA04", "XM02"]["outcome"] == "violation"  # the year is told to look at


def test_and_is_due_once_its_day_has_come(check):
    planned = ACCEPTED.replace("2010-06-01,2010-07-01", "2011-07-15,")
    told = outcomes(check("projects.csv", ACCEPTED, planned, as_of=dt.date(2011, 7, 20), more=NOT_HANDED), "XM02")
    assert (told["HO01"], told["HO03"]) == ("violation", "violation") and "DA04" not in told


@pytest.mark.parametrize("day", LATER)
def test_what_another_file_tells_of_a_later_milestone_makes_it_impossible(own, day):
    told = outcomes(own(("later", day)), "XM02")
    assert (told["HO01"], told["HO03"], told["MO05"], told["DA04"]) == ("undetermined",) * 3 + ("violation",)


def test_a_completion_to_come_of_a_project_that_was_delivered_clears_nobody(own):
    told = outcomes(own("completed in years to come"), "XM02")
    assert (told["AR03"], told["DA04"]) == ("undetermined", "violation")


@pytest.mark.parametrize("written", NOT_BEEN)
def test_an_acceptance_that_has_not_been_is_replaced_by_the_delivery(own, written):
    assert outcomes(own(("accepted", written)), "XM02")["HO01"] == "violation"


def test_an_earlier_check_of_a_delivery_that_states_its_day_finds_nothing_impossible(check):
    found = check(as_of=dt.date(2009, 6, 30), more={"delivery.yaml": "as_of: 2011-06-30\n"})
    assert not any(rule == "DA04" for rule, _ in found) and "violation" not in {f["outcome"] for f in found.values()}


def test_two_files_that_tell_the_acceptance_differently_accuse_nobody_by_the_delivery(own):
    assert outcomes(own("told twice"), "XM02")["HO01"] == "undetermined"


@pytest.mark.parametrize(
    ("parcel", "project", "robustness"),
    [("", "", "fragile"), ("Z2", "同上", "fragile"), ("Z2", "XM09", None)],
    ids=["set_aside", "kept", "read"],
)
def test_a_parcel_of_nobody_may_be_that_of_the_project_without_one(check, parcel, project, robustness):
    def feature(n: int, parcel: str, project: str) -> dict:
        ring = [(x / 1000 + 109 + n / 100, y / 1000 + 32) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]
        return {
            "type": "Feature", "properties": {"宗地编号": parcel, "项目编号": project}, "geometry": {"type": "Polygon", "coordinates": [ring]},
        }  # fmt: skip

    land = [feature(1, "Z1", "XM01"), feature(2, parcel, project), feature(3, "Z3", "XM03")]
    found = check(more={"宗地.geojson": json.dumps({"type": "FeatureCollection", "features": land})})
    assert [key for (rule, key), f in found.items() if rule == "GE06" and f["outcome"] == "violation"] == ["XM02"]
    case = found["GE06", "XM02"]
    assert (case["outcome"], case["status"], case["robustness"]) == ("violation", "no_parcel", robustness)
    assert ("宗地.geojson" in case["message_zh"] and "宗地.geojson" in case["message_en"]) == (robustness == "fragile")


def test_a_ledger_row_of_nobody_may_hold_the_filing(check):
    bare = files()["projects.csv"].replace("2010-07-01,50000,2008-03-10", "2010-07-01,50000,")
    found = check(
        more={
            "projects.csv": bare,
            "2projects.csv": "project_id,filed_on,filing_no\n,2008-03-10,备1\nXM01,2008-03-10,备2\nXM03,2008-03-10,备3\n",
        }
    )
    assert found["PL02", "XM02"]["outcome"] == "violation" and found["PL02", "XM02"]["robustness"] == "fragile"
    assert ("PL02", "XM01") not in found
