"""A waivers file is read strictly: what is wrong in it stops the run with file and line; what is right is found by its day."""

import datetime as dt

import pytest

from planning_check.errors import RulebookError
from planning_check.pipeline.rules import bundled
from planning_check.record.waiver import Waiver
from planning_check.rulebook.loading import load
from planning_check.rulebook.waivers import waivers_of

RIGHT = {
    "rule": "AR03", "subject": "P1", "reason": "已约定补建", "approved_by": "王主任", "second_approved_by": "李主任", "from": "2011-01-01",
    "to": "2011-12-31", "risk": "补建不成则欠缴",
}  # fmt: skip


def written(**changed):
    """One waiver a line, a key a line, so that a mistake has a line of its own; a key changed to None is left out."""
    told = {key: value for key, value in (RIGHT | changed).items() if value is not None}
    return "\n".join(f"  {'-' if n == 0 else ' '} {key}: {value}" for n, (key, value) in enumerate(told.items())) + "\n"


def folder(tmp_path, text):
    made = tmp_path / "city"
    made.mkdir(exist_ok=True)
    (made / "waivers.yaml").write_text(text, "utf-8")
    return made


def test_a_waiver_is_read_as_it_is_written(tmp_path):
    book = load([bundled("rules"), folder(tmp_path, "waivers:\n" + written())])
    assert book.waivers == (
        Waiver(
            "AR03",
            "P1",
            "已约定补建",
            "王主任",
            "李主任",
            dt.date(2011, 1, 1),
            dt.date(2011, 12, 31),
            "补建不成则欠缴",
            "city/waivers.yaml:2",
        ),
    )
    assert "city/waivers.yaml" in book.hashes and not load([bundled("rules")]).waivers


@pytest.mark.parametrize(
    "changed, line, said",
    [
        ({"rule": "AR99"}, 2, "unknown value AR99"),
        ({"rule": "ar03"}, 2, "unknown value ar03"),
        ({"subject": "12"}, 3, "a text is expected"),
        ({"subject": '""'}, 3, "a text is expected"),
        ({"reason": None}, 2, "reason is missing"),
        ({"risk": None}, 2, "risk is missing"),
        ({"second_approved_by": None}, 2, "second_approved_by is missing"),
        ({"second_approved_by": "王主任"}, 6, "one person"),
        ({"second_approved_by": '"王 主任"'}, 6, "one person"),
        ({"approved_by": "Wang", "second_approved_by": "ＷＡＮＧ"}, 6, "one person"),
        ({"from": "2011-12-31", "to": "2011-12-30"}, 8, "before the first"),
        ({"to": "null"}, 8, "a date is expected"),
        ({"to": None}, 2, "to is missing"),
        ({"to": "9999-12-31"}, 8, "1098 days at most"),
        ({"to": "2011-02-30"}, 8, "no such day"),
        ({"until": "2012-01-01"}, 10, "unknown key until"),
        ({"risk": '"a\\u0007b"'}, 9, "control character"),
        ({"risk": "&a x"}, 9, "anchors"),
    ],
)
def test_a_malformed_one_stops_with_its_line_and_what_is_wrong(tmp_path, changed, line, said):
    with pytest.raises(RulebookError) as told:
        load([bundled("rules"), folder(tmp_path, "waivers:\n" + written(**changed))])
    assert (told.value.where.get("en"), said in told.value.what.en) == (f"city/waivers.yaml:{line}", True), told.value.what.en
    assert told.value.what.zh != told.value.what.en


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "empty"), ("[]\n", "mapping"), ("waivers: 3\n", "list"), ("waivers:\nwaivers: []\n", "duplicate key"),
        ("waivers: " + "[" * 3000, "nested"), ("waivers:\n" + "# x\n" * 300_000, "too large"), ("waiver: []\n", "unknown key"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused(tmp_path, text, said):
    with pytest.raises(RulebookError) as told:
        waivers_of([folder(tmp_path, text)], ["AR03"])
    assert said in told.value.what.en and told.value.where.file == "city/waivers.yaml"


def test_one_finding_is_waived_once_on_a_day(tmp_path):
    after = written(**{"from": "2012-01-01", "to": "2012-06-30"})
    assert len(waivers_of([folder(tmp_path, "waivers:\n" + written() + after)], ["AR03"])) == 2, "one after the other"
    same_day = written(**{"from": "2011-12-31", "to": "2012-06-30"})
    with pytest.raises(RulebookError, match="twice on one day") as told:
        waivers_of([folder(tmp_path, "waivers:\n" + written() + same_day)], ["AR03"])
    assert told.value.where.line == 10


@pytest.mark.parametrize(
    "as_of, state",
    [("2010-12-31", "not_begun"), ("2011-01-01", "active"), ("2011-12-31", "active"), ("2012-01-01", "expired")],
)
def test_both_its_days_belong_to_it_and_the_next_it_has_expired(tmp_path, as_of, state):
    (waiver,) = waivers_of([folder(tmp_path, "waivers:\n" + written())], ["AR03"])
    day, here = dt.date.fromisoformat(as_of), {("AR03", "P1")}
    assert waiver.state(day, {"AR03"}, {"P1"}, here) == state
    assert waiver.state(day, {"AR03"}, {"P2"}, set()) == "no_subject" and waiver.state(day, {"AR01"}, {"P1"}, set()) == "not_judged"
    assert waiver.state(dt.date(2011, 6, 1), {"AR03"}, {"P1"}, set()) == "no_finding"
