"""The life of a case: every step from every state by every role, as the table says; and what the steps leave behind."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning_check.cases import (
    CONCLUSIONS,
    FIELDS,
    MOVES,
    ROLES,
    STATES,
    WHYS,
    Case,
    Event,
    Refused,
    after,
    fields_of,
    follow,
    reason_to_reopen,
)

FULL = {"resolution_no": "纪要〔2011〕3号", "decided_on": "2011-07-02", "proof": "handover", "file": "移交书.pdf", "sha256": "0" * 64,
        "proved_on": "2011-08-01", "done_on": "2011-08-01", "passes_in_run": 2, "demanded": [], "reason": {"zh": "又不合规"},
        "note": "已催办", "found": "fixed", "visited_on": "2011-09-01", "visited_by": "李审"}  # fmt: skip
BY_ACTION = {move.action: move for move in MOVES}


_SAID_OF = {
    "resolution_no": ("决议文号", "resolution no."), "decided_on": ("会议日期", "decided on"), "proof": ("材料种类", "kind of proof"),
    "file": ("文件", "file"), "sha256": ("SHA-256", "SHA-256"), "proved_on": ("材料日期", "day of the proof"),
    "done_on": ("办结日期", "day it was done"),
    "passes_in_run": ("已符合", "passes"), "reason": ("原因", "reason"), "note": ("备注", "note"),
    "found": ("复查结果", "found"), "visited_on": ("复查日期", "day of the visit"), "visited_by": ("复查人", "who visited"),
}  # fmt: skip


def event(action, role="secretary", seq=1, **body):
    return Event(seq, "2011-07-02T09:00:00+00:00", "王", role, action, "f1", 1, FULL | body)


@pytest.mark.parametrize(("state", "role", "action"), list(itertools.product(STATES, ROLES, BY_ACTION)))
def test_every_step_from_every_state_by_every_role(state, role, action):
    """Written out a second time: from where, by whom, to where."""
    meeting, open_ = {"secretary", "chair"}, {"open", "deferred", "confirmed"}
    table = {
        "confirm": ({*open_, "dismissed"}, meeting, "confirmed"), "dismiss": ({*open_, "dismissed"}, meeting, "dismissed"),
        "defer": (open_, meeting, "deferred"), "prove": (set(STATES), {"bureau", "secretary", "auditor"}, state),
        "report": (open_, {"bureau", "secretary"}, "reported"), "close": ({*open_, "reported"}, meeting, "closed"),
        "reopen": ({"dismissed", "reported", "closed"}, {"system", "auditor", "chair"}, "open"),
        "revisit": (set(STATES), {"auditor", "bureau", "secretary"}, state),
        "remark": (set(STATES), {"bureau", "secretary", "chair", "auditor"}, state),
    }  # fmt: skip
    before, who, to = table[action]
    case, step = Case("f1", state), event(action, role)
    if state in before and role in who:
        assert after(case, step).state == to
        return
    with pytest.raises(Refused) as refused:
        after(case, step)
    said = refused.value.why
    assert BY_ACTION[action].label.zh in said.zh and BY_ACTION[action].label.en in said.en


@pytest.mark.parametrize(("action", "name"), [(move.action, name) for move in MOVES for name in move.needs])
def test_what_a_step_must_say_is_asked_for(action, name):
    move = BY_ACTION[action]
    case = Case("f1", move.before[0])
    for blank in (None, "", []):
        with pytest.raises(Refused) as refused:
            after(case, event(action, move.who[0], **{name: blank}))
        assert all(word in refused.value.why.get(lang) for word, lang in zip(_SAID_OF[name], ("zh", "en"), strict=True))


NAMES = {code: {"zh": code.upper(), "en": code.title()} for code in ("title", "handover", "receipt")}


def test_a_case_is_struck_off_with_one_proof_of_every_group_and_not_before():
    demanded = [{"title": NAMES["title"]}, {name: NAMES[name] for name in ("handover", "receipt")}]
    case = Case("f1", "confirmed")
    with pytest.raises(Refused) as refused:
        after(case, event("close", demanded=demanded))
    assert refused.value.why.zh == "“销号”还缺办结材料：TITLE；HANDOVER或RECEIPT"
    case = after(case, event("prove", proof="receipt"))
    with pytest.raises(Refused, match=r"there must be on file: Title$"):
        after(case, event("close", demanded=demanded))
    case = after(case, event("prove", proof="title"))
    assert after(case, event("close", demanded=demanded)).state == "closed"
    with pytest.raises(Refused, match="the proofs demanded"):
        after(case, event("close", demanded=None))


DAY = dt.date(2011, 9, 30)


@pytest.mark.parametrize("outcome", ["pass", "undetermined", "exempt", "not_applicable", None])
@pytest.mark.parametrize("state", STATES)
def test_what_does_not_stand_reopens_nothing(state, outcome):
    case = Case("f1", state, event("dismiss", facts={"a": "1"}), done_on="2011-08-01")
    assert reason_to_reopen(case, outcome, DAY, {"a": "2"}) is None


def test_why_a_check_reopens_a_case():
    def why(state, now, then=None, day=DAY):
        case = Case("f1", state, event("dismiss", facts=then), done_on="2011-08-01")
        return reason_to_reopen(case, "violation", day, now)

    assert why("closed", {}) == {"why": "fails_again"}
    assert why("reported", {}) == {"why": "on_paper", "done_on": "2011-08-01"}
    assert why("reported", {}, day=dt.date(2011, 8, 1)) is None, "the day itself is not over"
    changed = why("dismissed", {"a": "2", "b": None, "new": "x", "same": "5"}, {"a": "1", "b": "3", "c": "4", "same": "5"})
    assert changed == {"why": "facts_changed", "facts": {"a": ["1", "2"], "b": ["3", None]}}
    assert why("dismissed", {"a": "1", "new": "x"}, {"a": "1", "gone": "2"}) is None, "a rule that asks for other facts changes none"
    assert why("dismissed", {"a": "1"}) is None, "a decision that tells no facts"
    assert [why(state, {"a": "2"}, {"a": "1"}) for state in ("open", "deferred", "confirmed")] == [None] * 3


def test_an_unknown_step_is_none():
    with pytest.raises(Refused, match="no step 'forget'"):
        after(Case("f1"), event("forget"))


def test_the_last_conclusion_counts_and_a_reopened_case_needs_proofs_anew():
    steps = [
        event("confirm", due_on="2011-09-30", amount_yuan="800000.00"), event("prove", "bureau"), event("report", "bureau"), event("close"),
        event("reopen", "system", reason={"zh": "规则又不通过"}), event("defer", seq=9),
    ]  # fmt: skip
    case = follow(steps)["f1"]
    assert case.spent == {"0" * 64} and follow(steps[:4])["f1"].spent == frozenset()
    assert (case.state, case.reopened, case.proofs, case.reason) == ("deferred", 1, (), {"zh": "规则又不通过"})
    assert case.decision == case.last == steps[-1]
    first = follow(steps[:3])["f1"]
    assert (first.state, len(first.proofs), first.decision) == ("reported", 1, steps[0])
    assert follow(steps[:4])["f1"].state == "closed" and follow(()) == {}


def test_a_run_in_the_log_is_no_case():
    assert follow([Event(1, "", "", "system", "run", None, 1, {})]) == {}


@given(st.lists(st.tuples(st.sampled_from(sorted(BY_ACTION)), st.sampled_from(sorted(ROLES)), st.sampled_from(["f1", "f2"])), max_size=20))
def test_the_state_is_what_the_steps_lead_to_one_by_one(steps):
    cases, done = {}, []
    for seq, (action, role, which) in enumerate(steps, 1):
        step = Event(seq, "", "王", role, action, which, 1, FULL)
        try:
            cases[which] = after(cases.get(which, Case(which)), step)
        except Refused:
            continue
        done.append(step)
    assert follow(done) == cases


def test_every_word_is_there_in_both_languages_and_none_twice():
    for words in (STATES.values(), ROLES.values(), WHYS.values(), [m.label for m in MOVES], [f.label for f in FIELDS.values()]):
        told = list(words)
        for lang in ("zh", "en"):
            assert all(w.get(lang) for w in told) and len({w.get(lang) for w in told}) == len(told)
    assert set(FIELDS["conclusion"].choices) == set(CONCLUSIONS)


def test_a_list_is_asked_for_its_own():
    assert {"scope", "amount_yuan", "account"} <= set(fields_of("deposits")) and "measure" not in fields_of("deposits")
    assert {"measure", "site"} <= set(fields_of("offices")) and "scope" not in fields_of("violations")
    assert "decided_on" not in fields_of("violations"), "said once for a meeting, not in every row"
