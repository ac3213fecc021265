"""Like cases side by side: those that came out the other way, and those that the meeting decided the other way."""

from types import SimpleNamespace

import pytest

from planning_check.report.console.likening import likeness_lines
from planning_check.report.told.likening import likeness

RUN = SimpleNamespace(id=3, as_of="2011-06-30")


def judged(key, outcome, area, *, law="law", use="residential"):
    return {
        "rule_id": "AR03", "subject": "project", "subject_key": key, "subject_name": f"{key}苑", "outcome": outcome,
        "fingerprint": f"f{key}",
        "ordinance_id": law, "facts": {"survey_total_m2": area, "uses": use, "project_name": key},
    }  # fmt: skip


FOUND = [
    judged("P1", "violation", "100.00"), judged("P2", "pass", "101.00"), judged("P3", "pass", "900.00"), judged("P4", "violation", "99.00"),
    judged("P5", "undetermined", None), judged("P6", "pass", "102.00", law="other"),
]  # fmt: skip


def test_the_nearest_of_the_opposite_outcome_under_the_same_law_come_first():
    found = likeness(RUN, "P1", FOUND, {}, 3)
    assert [other["subject_key"] for _, other in found.near] == ["P2", "P3", "P6"]
    assert [near.compared for near, _ in found.near] == [3, 3, 3], "area, use and law; no names"
    assert found.decided == []
    assert [other["subject_key"] for _, other in likeness(RUN, "P2", FOUND, {}, 1).near] == ["P1"]
    assert {other["outcome"] for _, other in likeness(RUN, "P5", FOUND, {}, 9).near} == {"violation", "pass"}


@pytest.mark.parametrize(("lang", "words"), [("zh", ("会议决定相反的最近几个", "不予认定", "已认定", "P4苑")),
                                             ("en", ("The nearest decided the other way", "dismissed", "confirmed", "P4苑"))])  # fmt: skip
def test_what_the_meeting_decided_the_other_way_stands_beside_it(lang, words):
    found = likeness(RUN, "P1", FOUND, {"fP1": "confirmed", "fP4": "dismissed", "fP2": "dismissed"}, 1)
    assert "P4" in {other["subject_key"] for _, other in likeness(RUN, "P1", FOUND, found.states, 9).decided}
    page = "\n".join(likeness_lines(likeness(RUN, "P1", FOUND, {"fP1": "confirmed", "fP4": "dismissed"}, 1), lang))
    assert all(word in page for word in words)


def test_what_differs_is_marked_and_stands_first():
    lines = likeness_lines(likeness(RUN, "P1", FOUND, {}, 1), "en")
    rows = [line for line in lines if "100.00" in line or "law" in line or "residential" in line.lower()]
    assert rows[0].lstrip().startswith("*") and "101.00" in rows[0]
    assert not any(row.lstrip().startswith("*") for row in rows[1:])


def test_where_there_is_none_it_is_said():
    assert "没有可比的" in "\n".join(likeness_lines(likeness(RUN, "P1", FOUND[:1], {}, 3), "zh"))
