"""Two runs by what is on record: which verdicts differ, how many of which kind, which things,
and since when what is open has been known."""

import datetime as dt
from decimal import Decimal

import pytest

from planning_check.assess import OUTCOMES
from planning_check.record.causes import kind_of
from planning_check.store import load_run, save_run, stood_before, things, verdicts_between
from planning_check.store.between import short_since
from planning_check.store.trends import aged, trend_rows
from tests.store.tables import FINDINGS, TELLINGS, connection, manifest

LETTERS = {letter: outcome for outcome, letter in OUTCOMES.items()}
HO01 = next(f["fingerprint"] for f in FINDINGS if f["rule_id"] == "HO01")


def without(rule):
    return [f for f in FINDINGS if f["rule_id"] != rule]


def with_(rule, **changed):
    return [f | changed if f["rule_id"] == rule else f for f in FINDINGS]


def between(engine, one=1, other=2):
    found = verdicts_between(engine, one, other, LETTERS)
    return {(named.rule_id, named.subject_key): (kind_of(a, b), a.outcome, b.outcome) for named, a, b in found}


def test_the_same_again_differs_in_nothing(engine):
    save_run(engine, connection(), manifest(), TELLINGS)
    assert between(engine) == {}
    assert short_since(engine, load_run(engine, 2)).counts == () and short_since(engine, load_run(engine, 1)) is None
    found = things(engine, load_run(engine, 1), load_run(engine, 2))
    assert (found.factors, found.files, found.texts, found.corrections) == ((), {}, (), ())


def test_gone_back_again_and_changed_are_counted(engine):
    save_run(engine, connection(without("HO01")), manifest(digest="d" * 64), TELLINGS)
    save_run(engine, connection(with_("AR03", area_m2=Decimal("7.50"))), manifest(digest="e" * 64), TELLINGS)
    assert set(between(engine)) == {("HO01", "P1")}
    assert short_since(engine, load_run(engine, 2)).counts == (("gone", 1),)
    now = between(engine, 2, 3)
    assert set(now) == {("HO01", "P1"), ("AR03", "P1"), ("AR03", "P2")} and now["AR03", "P1"][0] == "changed"
    assert short_since(engine, load_run(engine, 3)).counts == (("reopened", 1), ("changed", 1)), "it stood in the first run"
    assert stood_before(engine, load_run(engine, 3).series, 2, [HO01]) == {HO01}
    assert stood_before(engine, load_run(engine, 3).series, 1, [HO01]) == set()


def test_what_can_no_longer_be_judged_is_gone_and_says_so(engine):
    save_run(
        engine,
        connection(with_("HO01", outcome="undetermined", missing=["handed_m2"], missing_owner="civil_affairs")),
        manifest(),
        TELLINGS,
    )
    assert between(engine)["HO01", "P1"] == ("gone", "violation", "undetermined")


def test_more_than_a_statement_takes_is_asked_in_parts(engine, monkeypatch):
    from planning_check.store import register

    monkeypatch.setattr(register, "_KEYS_AT_ONCE", 1)
    save_run(engine, connection(FINDINGS[:1]), manifest(), TELLINGS)
    assert len(between(engine)) == len(FINDINGS) - 1
    every = [f["fingerprint"] for f in FINDINGS]
    assert stood_before(engine, load_run(engine, 1).series, 2, every) == {f["fingerprint"] for f in FINDINGS if f["outcome"] == "violation"}


@pytest.mark.parametrize(
    ("changed", "factor"),
    [
        ({"inputs": {"新.csv": "1" * 64}}, "data"), ({"mapping_sha256": "1" * 64}, "reading"), ({"rules_off": {"AR02": "-"}}, "rules"),
        ({"select": ["AR"]}, "rules"), ({"as_of": "2011-09-30"}, "time"), ({"tool_version": "9.9"}, "program"),
    ],
)  # fmt: skip
def test_what_differs_is_told_from_the_manifests(engine, changed, factor):
    save_run(engine, connection(), manifest(**changed), TELLINGS)
    assert things(engine, load_run(engine, 1), load_run(engine, 2)).factors == (factor,)


def test_lines_by_run_and_the_first_day_of_what_is_open(engine):
    save_run(engine, connection(without("HO01")), manifest(digest="d" * 64, as_of="2011-09-30"), TELLINGS)
    save_run(engine, connection(), manifest(digest="e" * 64, as_of="2011-12-31"), TELLINGS)
    rows = {(row.run_id, row.list, row.group): row.lines for row in trend_rows(engine, [1, 2, 3], "developer")}
    assert rows[1, "deposits", "乙置业有限公司"] == rows[3, "deposits", "乙置业有限公司"] == 1
    first = {one.rule_id: one.first_on for one in aged(engine, 3, load_run(engine, 3).series)}
    assert first["HO01"] == dt.date(2011, 6, 30)
    assert [one.first_on for one in aged(engine, 2, "别的")] == [], "another series"
