"""New and gone: violations of a run against the run recorded before it."""

from planning_check.store import save_run, since
from tests.store.tables import FINDINGS, TELLINGS, connection, manifest


def test_the_first_run_has_none_before_it(engine):
    assert since(engine, 1) is None


def test_the_same_again_is_neither_new_nor_gone(engine):
    save_run(engine, connection(), manifest(), TELLINGS)
    found = since(engine, 2)
    assert (found.run_id, found.as_of, found.new, found.gone) == (1, "2011-06-30", frozenset(), [])


def test_what_was_cured_is_gone_and_what_came_back_is_new(engine):
    cured = [f for f in FINDINGS if f["rule_id"] != "HO01"]
    save_run(engine, connection(cured), manifest(digest="e" * 64), TELLINGS)
    save_run(engine, connection(), manifest(digest="f" * 64), TELLINGS)
    gone = since(engine, 2).gone
    assert [(row.rule_id, row.list, row.subject_key, str(row.area_m2), row.outcome_now) for row in gone] == [
        ("HO01", "violations", "P1", "500.00", None)
    ]
    assert since(engine, 2).new == frozenset()
    assert since(engine, 3).new == {f["fingerprint"] for f in FINDINGS if f["rule_id"] == "HO01"}
    assert since(engine, 3).gone == []


def test_a_violation_that_cannot_be_judged_any_more_is_gone_and_says_so(engine):
    open_now = [f | {"outcome": "undetermined", "missing": ["handed_m2"], "missing_owner": "civil_affairs"} if f["rule_id"] == "HO01" else f
                for f in FINDINGS]  # fmt: skip
    save_run(engine, connection(open_now), manifest(digest="e" * 64), TELLINGS)
    assert [(row.rule_id, row.outcome_now) for row in since(engine, 2).gone] == [("HO01", "undetermined")]
