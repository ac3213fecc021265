"""What was not checked: rule by subject, with the days since the last verdict, and never taken for a pass."""

import csv

import pytest

from planning_check.store import load_run, unchecked
from tests import kept
from tests.cli.test_case import record


def three(engine):
    """Three checks: P1 was judged by AR03 in the first, P2 never; in the last AR03 is open for both, HO01 passes, O1 is gone."""
    from planning_check.pipeline.recorded import letters

    of = {outcome: letter for letter, outcome in letters().items()}
    v, p, u, e = (of[name] for name in ("violation", "pass", "undetermined", "error"))
    record(engine, "2011-06-30", register=[("project", "P1", v + p + p), ("project", "P2", u + p + p), ("office", "O1", p + v)])
    record(engine, "2011-09-30", register=[("project", "P1", e + p + p), ("project", "P2", u + p + u), ("office", "O1", p + v)])
    record(engine, "2011-12-31", register=[("project", "P1", u + p + p), ("project", "P2", u + p + e), ("office", "O1", "")])


@pytest.fixture
def db(tmp_path):
    return kept.store(tmp_path / "库.sqlite", three)


def lines(db):
    from planning_check.pipeline.recorded import letters

    return {(line.rule_id, line.subject_key): line for line in unchecked(db, load_run(db), letters()).lines}


def test_each_is_told_with_its_last_verdict_or_that_it_never_had_one(db):
    found = lines(db)
    assert {key: (line.outcome, line.last and (line.last.run_id, line.last.outcome)) for key, line in found.items()} == {
        ("AR03", "P1"): ("undetermined", (1, "violation")), ("AR03", "P2"): ("undetermined", None), ("MO05", "P2"): ("error", (1, "pass")),
        ("OF01", "O1"): ("not_delivered", (2, "pass")), ("OF02", "O1"): ("not_delivered", (2, "violation")),
    }  # fmt: skip


def test_a_rule_is_a_line_with_the_days_and_the_csv_every_subject(db, call, tmp_path):
    code, out, _ = call("unchecked", "--db", db.url.database, "--lang", "zh")
    assert code == 0
    assert next(row.split() for row in out.splitlines() if row.strip().startswith("AR03")) == [
        "AR03", "0", "2", "0", "0", "1", "1", "184",
    ]  # fmt: skip
    assert next(row.split() for row in out.splitlines() if row.strip().startswith("OF01"))[-1] == "92"
    assert call("unchecked", "--db", db.url.database, "--lang", "en", "-o", tmp_path / "u.csv")[0] == 0
    rows = {(row["rule"], row["subject key"]): row for row in csv.DictReader((tmp_path / "u.csv").read_text("utf-8-sig").splitlines())}
    assert (rows["AR03", "P1"]["last verdict"], rows["AR03", "P1"]["days since"]) == ("violation", "184")
    assert (rows["AR03", "P2"]["last verdict"], rows["AR03", "P2"]["days since"]) == ("never", "never")
    assert rows["OF01", "O1"]["outcome"] == "not delivered any more"
