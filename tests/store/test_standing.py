"""Where cases stand: a check reopens what was dismissed on other facts, struck off, or reported done, as it is recorded."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning_check import pipeline
from planning_check.cases import MOVES, ROLES, Event, follow, reason_to_reopen
from planning_check.report.told.summarising import summarise
from planning_check.store import Entry, Filters, append, cases, check_log, count, events, findings, open_store, save_run, totals
from planning_check.store.connecting import writing
from planning_check.store.log import telling
from planning_check.store.models import CaseEvent
from planning_check.store.register import outcome_in
from planning_check.store.standing import Subject, reopened, standings, subjects_of
from tests.store.tables import FINDINGS, TELLINGS, connection, fingerprint, manifest

SERIES = "小城（虚构）"
AT = dt.datetime(2011, 7, 8, 9, 0, tzinfo=dt.UTC)
AR03, HO01, MO05, OF01 = (fingerprint(rule, key) for rule, key in (("AR03", "P1"), ("HO01", "P1"), ("MO05", "P2"), ("OF01", "O1")))
FACTS = FINDINGS[0]["facts"]
DECIDED = {"resolution_no": "3", "decided_on": "2011-07-08", "facts": FACTS}


def step(engine, key, action, role="secretary", **body):
    with writing(engine) as connection_:
        append(connection_, SERIES, AT, "王秘书", [Entry(action, role, body, key, 1)])


def check(engine, as_of="2011-09-30", findings=None, **given):
    """Record another check of the series; its digest is the day's."""
    return save_run(engine, connection(findings), manifest(digest=as_of.replace("-", "").ljust(64, "0"), as_of=as_of, **given), TELLINGS)


def with_facts(**facts):
    return [f | {"facts": FACTS | facts} if f["fingerprint"] == AR03 else f for f in FINDINGS]


def state(engine, key):
    case = cases(engine, SERIES)[key]
    return case.state, case.reopened


def test_a_dismissed_case_stays_until_its_facts_change(engine):
    step(engine, AR03, "dismiss", **DECIDED)
    check(engine)
    assert state(engine, AR03) == ("dismissed", 0)
    run = check(engine, "2011-12-31", with_facts(survey_total_m2="63000.00"), by="李经办")
    assert state(engine, AR03) == ("open", 1)
    reason = {"why": "facts_changed", "facts": {"survey_total_m2": ["62000.00", "63000.00"]}, "run": run}
    case = cases(engine, SERIES)[AR03]
    assert case.reason == reason and case.decision.action == "dismiss", "what was decided is still known"
    entry, last = events(engine, SERIES)[-2:]
    assert (entry.action, last) == ("run", Event(entry.seq + 1, entry.at, "李经办", "system", "reopen", AR03, run, {"reason": reason}))
    check(engine, "2012-03-31", with_facts(survey_total_m2="64000.00"))
    assert state(engine, AR03) == ("open", 1), "it is open: nothing to reopen"
    assert list(check_log(engine)) == []


def test_a_dismissed_case_whose_rule_passes_or_is_open_now_is_left_alone(engine):
    step(engine, AR03, "dismiss", **DECIDED)
    check(engine, findings=[f for f in FINDINGS if f["fingerprint"] != AR03])
    check(engine, "2011-12-31", [f | {"outcome": "undetermined"} for f in with_facts(survey_total_m2=None)])
    assert state(engine, AR03) == ("dismissed", 0)


def test_a_case_struck_off_is_reopened_when_its_rule_fails_again(engine):
    proven = {"passes_in_run": 2, "demanded": []}
    step(engine, HO01, "close", **proven)
    step(engine, MO05, "close", **proven)
    run = check(engine, findings=[f for f in FINDINGS if f["fingerprint"] != MO05])
    assert (state(engine, HO01), state(engine, MO05)) == (("open", 1), ("closed", 0))
    assert cases(engine, SERIES)[HO01].reason == {"why": "fails_again", "run": run}
    step(engine, HO01, "close", **proven)
    check(engine, "2011-12-31")
    assert (state(engine, HO01), state(engine, MO05)) == (("open", 2), ("open", 1))


def test_reported_done_and_still_failing_after_its_day_is_done_on_paper(engine):
    step(engine, OF01, "report", "bureau", done_on="2011-08-01")
    check(engine, "2011-08-01")
    assert state(engine, OF01) == ("reported", 0), "its day is not over"
    run = check(engine, "2011-08-02")
    assert state(engine, OF01) == ("open", 1)
    assert cases(engine, SERIES)[OF01].reason == {"why": "on_paper", "done_on": "2011-08-01", "run": run}


def test_how_old_a_case_is_and_of_cases_of_another_series_nothing(engine):
    step(engine, AR03, "remark", note="已催办")
    step(engine, fingerprint("AR03", "P2"), "remark", note="还不能判定")
    step(engine, "ffffffffffffffff", "remark", note="没有这个键")
    check(engine)
    check(engine, "2010-12-31")
    check(engine, "2009-12-31", title={"zh": "别的城", "en": "elsewhere"})
    found = cases(engine, SERIES)
    assert [(found[key].first_run, found[key].first_on) for key in found] == [(3, dt.date(2010, 12, 31)), (None, None), (None, None)]
    assert cases(engine, "别的城") == {}


def test_what_a_case_is_about_and_how_it_came_out(engine):
    letters = {"V": "violation", "P": "pass", "U": "undetermined", "D": "not_due"}
    check(engine, findings=[f for f in FINDINGS if f["fingerprint"] != HO01])
    with engine.connect() as connection_:
        assert subjects_of(connection_, SERIES, [HO01, AR03, "f" * 16]) == {
            HO01: Subject("HO01", "project", "P1", 1), AR03: Subject("AR03", "project", "P1", 2)}  # fmt: skip
        assert subjects_of(connection_, "别的城", [AR03]) == {}
        told = [outcome_in(connection_, 1, *asked, letters) for asked in
                (("AR03", "P1"), ("MO05", "P1"), ("HO01", "P2"), ("AR03", "P9"), ("AR99", "P1"), ("US01", "P1"))]  # fmt: skip
    assert told == ["violation", "pass", "not_due", None, None, None]


def test_the_proofs_that_the_rules_demand_stand_in_the_log_and_not_under_the_root(tmp_path):
    told = {"kinds": {"title": {"zh": "产权证", "en": "title"}}, "rules": {"HO01": [["title"]]}}
    engine = open_store(str(tmp_path / "two.sqlite"))
    check(engine)
    check(engine, proofs=told)
    first, second = events(engine, SERIES)
    assert (first.body["root"], "proofs" in first.body, second.body["proofs"]) == (second.body["root"], False, told)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A store whose cases go on from one example to the next."""
    path = str(tmp_path_factory.mktemp("shared") / "runs.sqlite")
    check(open_store(path), "2011-06-30", proofs={"kinds": {}, "rules": {rule: [] for rule in ("AR03", "HO01")}})
    return path


SAYING = {"prove": {"proof": "x", "file": "x", "sha256": "0" * 64, "proved_on": "2011-08-01"}, "report": {"done_on": "2011-08-01"},
          "reopen": {"reason": {"why": "said", "said": "x"}}, "remark": {"note": "x"},
          "confirm": DECIDED, "dismiss": DECIDED, "defer": DECIDED}  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(SAYING)), st.sampled_from(sorted(ROLES)), st.sampled_from([AR03, HO01])), max_size=6))
def test_what_was_taken_step_by_step_is_what_the_log_folds_to(shared, steps):
    engine = open_store(shared, write=False)
    standing = cases(engine, SERIES, [AR03, HO01])
    for action, role, key in steps:
        done = pipeline.take_steps(shared, [pipeline.Step(key, action, SAYING[action])], role=role, by="王", at=AT)
        (one,) = done.taken
        assert one.before == replace(standing[key], first_run=None, first_on=None)
        assert (done.head is not None) == one.is_new == (cases(engine, SERIES, [key])[key].last != standing[key].last)
        standing[key] = cases(engine, SERIES, [key])[key]
        assert standing[key].state == one.after.state
    every = follow(events(engine, SERIES))
    assert {key: (case.state, case.reopened, len(case.proofs)) for key, case in every.items()} == {
        key: (case.state, case.reopened, len(case.proofs)) for key, case in cases(engine, SERIES).items()}  # fmt: skip
    assert list(check_log(engine)) == []


SAID = SAYING | {
    "close": {"passes_in_run": 1, "demanded": []}, "revisit": {"found": "fixed", "visited_on": "2011-09-01", "visited_by": "李审"},
}  # fmt: skip
ENTRIES = st.tuples(
    st.sampled_from([*sorted(SAID), "run"]),
    st.sampled_from([AR03, HO01, MO05, OF01, "0" * 16]),
    st.sampled_from(["0", "1"]),
    st.integers(1, 3),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(ENTRIES, min_size=1, max_size=12))
def test_few_entries_tell_what_the_whole_log_tells(shared, entries):
    """Whatever stands in the log, allowed or not, about cases that the run has findings of and others: folded whole, one by one."""
    engine = open_store(shared)
    told = [
        Entry(action, "system", SAID.get(action, {}) | {"sha256": digit * 64, "facts": FACTS | {"survey_total_m2": digit}},
              None if action == "run" else key, of_run)
        for action, key, digit, of_run in entries
    ]  # fmt: skip
    with writing(engine) as connection_:
        append(connection_, SERIES, AT, "王", told)
    every = follow(events(engine, SERIES))
    assert {key: replace(case, first_run=None, first_on=None) for key, case in cases(engine, SERIES).items()} == every
    found, day = {f["fingerprint"]: f for f in findings(engine, 1)}, dt.date(2011, 6, 30)
    asked = {key: reason_to_reopen(case, found[key]["outcome"], day, found[key]["facts"]) for key, case in every.items() if key in found}
    with engine.connect() as connection_:
        steps = {entry.fingerprint: entry.body["reason"] for entry in reopened(connection_, SERIES, 1, day)}
        assert steps == {key: reason | {"run": 1} for key, reason in asked.items() if reason} and list(steps) == sorted(steps)
        assert standings(connection_, 1) == {
            key: replace(case, state="open", reason=asked[key]) if asked[key] and case.last.of_run <= 1 else case
            for key, case in every.items() if key in found
        }  # fmt: skip


def test_of_a_long_log_few_entries_are_read(engine):
    """As many as there are cases and kinds of steps, however often each was taken; a proof and a reopening count each time."""
    assert set(SAID) == {move.action for move in MOVES}
    told = [Entry(action, "secretary", body, key, 1) for action, body in SAID.items() for key in (AR03, "0" * 16) for _ in range(300)]
    with writing(engine) as connection_:
        append(connection_, SERIES, AT, "王", told)
        assert len(telling(connection_, SERIES)) == 2 * (2 * 300 + len(SAID) - 2)
        assert {event.fingerprint for event in telling(connection_, SERIES, CaseEvent.fingerprint == AR03)} == {AR03}


@pytest.mark.parametrize("count", [499, 500, 1_201])
def test_many_cases_are_read_at_once(engine, count):
    with writing(engine) as connection_:
        append(connection_, SERIES, AT, "王", [Entry("remark", "secretary", {"note": "x"}, f"{n:016x}", 1) for n in range(count)])
        append(connection_, SERIES, AT, "王", [Entry("close", "secretary", {"passes_in_run": 1, "demanded": []}, HO01, 1)])
    check(engine)
    assert len(cases(engine, SERIES)) == count + 1 and state(engine, HO01) == ("open", 1)


def chosen(engine, run, *states):
    filters = Filters(states=states)
    found = {f["fingerprint"]: f for f in findings(engine, run, filters)}
    assert len(found) == count(engine, run, filters)
    return found


def test_findings_are_told_with_their_case_and_chosen_by_its_state(engine):
    keys = {f["fingerprint"] for f in FINDINGS}
    assert set(chosen(engine, 1, "open")) == keys and chosen(engine, 1, "dismissed") == {}
    step(engine, AR03, "confirm", **DECIDED, amount_yuan="800000.00", due_on="2011-09-30", agreed=["housing"], conclusion="confirmed")
    step(engine, HO01, "dismiss", **DECIDED | {"facts": {}}, conclusion="dismissed")
    assert set(chosen(engine, 1, "confirmed")) == {AR03} and set(chosen(engine, 1, "dismissed")) == {HO01}
    assert set(chosen(engine, 1, "open")) == keys - {AR03, HO01} and set(chosen(engine, 1, "open", "confirmed")) == keys - {HO01}
    told = chosen(engine, 1, "confirmed")[AR03]
    assert (told["decision"], told["decision_on"], told["decision_no"]) == ("confirmed", "2011-07-08", "3")
    assert (told["decision_yuan"], told["decision_due_on"], told["decision_agreed"]) == (Decimal("800000.00"), "2011-09-30", ["housing"])
    untouched = chosen(engine, 1, "open")[MO05]
    assert (untouched["case_state"], untouched["decision"], untouched["decision_agreed"], untouched["case_changed"]) == (
        "open",
        None,
        [],
        {},
    )
    step(engine, AR03, "defer", decided_on="2011-10-01")
    assert set(chosen(engine, 1, "deferred")) == {AR03} and chosen(engine, 1, "confirmed") == {}, "the last step counts"
    step(engine, AR03, "remark", note="一句话")
    assert set(chosen(engine, 1, "deferred")) == {AR03}, "a remark moves nothing"


def test_what_was_dismissed_on_other_facts_is_to_decide_again_and_says_what_changed(engine):
    step(engine, AR03, "dismiss", **DECIDED, conclusion="dismissed")
    run = check(engine, "2011-12-31", with_facts(survey_total_m2="63000.00"))
    told = chosen(engine, run, "open")[AR03]
    assert (told["case_why"], told["case_changed"]) == ("facts_changed", {"survey_total_m2": "62000.00 -> 63000.00"})
    assert told["decision"] == "dismissed", "what was decided is still told"


def test_facts_that_the_log_does_not_know_of_yet_reopen_what_is_shown(engine):
    """Decided by the facts of an older check, after the newer one was recorded: no check has held them against each other."""
    run = check(engine, "2011-12-31", with_facts(survey_total_m2="63000.00"))
    step(engine, AR03, "dismiss", **DECIDED, conclusion="dismissed")
    assert state(engine, AR03) == ("dismissed", 0)
    assert set(chosen(engine, run, "dismissed")) == set() and chosen(engine, run, "open")[AR03]["case_why"] == "facts_changed"
    assert set(chosen(engine, 1, "dismissed")) == {AR03}, "by the facts of that check nothing has changed"
    step(engine, AR03, "dismiss", **DECIDED | {"facts": FACTS | {"survey_total_m2": "63000.00"}})
    assert set(chosen(engine, run, "dismissed")) == {AR03}


def test_sums_are_told_with_what_of_them_is_dismissed(engine):
    violations = [f["fingerprint"] for f in FINDINGS if f["outcome"] == "violation" and f["list"] == "violations"]
    for key in violations[:-1]:
        step(engine, key, "dismiss", **DECIDED | {"facts": {}}, conclusion="dismissed")
    one = summarise(totals(engine)).of("violations")
    assert one.stands.of("dismissed") == len(violations) - 1 and one.dismissed.lines == 0, "one of the line stands"
    assert (one.accused.lines, one.accused.findings, one.accused.area_m2) == (1, 1, one.total.area_m2)
    step(engine, violations[-1], "dismiss", **DECIDED | {"facts": {}}, conclusion="dismissed")
    one = summarise(totals(engine)).of("violations")
    assert (one.dismissed.lines, one.dismissed.area_m2) == (1, one.total.area_m2) and one.lines[0].is_dismissed
    assert (one.accused.lines, one.accused.findings, one.accused.area_m2, one.total.lines) == (0, 0, None, 1)
    assert one.of_which.zh.startswith(f"其中不予认定 {len(violations)} 条，整行 1 行，620.00 ㎡")
