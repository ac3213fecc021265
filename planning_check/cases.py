"""The life of a case: a finding followed across the runs of a series, from the check that found it to its strike-off. Pure.

One table, :data:`MOVES`, says who may take which step from which state, what the step must say, and where it leads. The commands, the
reference page and the tests read it; what stands in no line of it cannot be done. The truth is what was done, one event after the other
(table ``case_event``); the state is derived from it by :func:`follow`, whenever it is asked.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from planning_check.errors import Text

STATES = {
    "open": Text("待议", "to decide"),
    "deferred": Text("暂缓", "deferred"),
    "dismissed": Text("不予认定", "dismissed"),
    "confirmed": Text("已认定", "confirmed"),
    "reported": Text("报称办结，待核", "reported done, to be verified"),
    "closed": Text("已销号", "struck off"),
}
ROLES = {
    "bureau": Text("部门经办人", "officer of a bureau"),
    "secretary": Text("联席会议秘书", "secretary of the joint meeting"),
    "chair": Text("联席会议主持人", "chair of the joint meeting"),
    "auditor": Text("审计", "auditor"),
    "system": Text("本工具", "this program"),
}
#: How the meeting's conclusions are called among the steps.
CONCLUSIONS = {"confirmed": "confirm", "dismissed": "dismiss", "deferred": "defer"}
#: Why a case was reopened.
WHYS = {
    "facts_changed": Text("不予认定所依据的事实变了", "the facts that it was dismissed on have changed"),
    "fails_again": Text("销号后又不合规", "its rule fails again after it was struck off"),
    "on_paper": Text("报称办结，仍不合规（纸面办结）", "reported done and still failing: done on paper"),
    "said": Text("人工重新立案", "reopened by a person"),
}


@dataclass(frozen=True)
class Move:
    """One step. ``before``: the states that it may be taken from; ``after``: where it leads, '' for one that changes no state; ``who``: the
    roles that may take it; ``needs``: what it must say (fields of its event); ``proven``: the proofs that its ``demanded`` names must be on
    file."""

    action: str
    label: Text
    before: tuple[str, ...]
    after: str
    who: tuple[str, ...]
    needs: tuple[str, ...] = ()
    proven: bool = False


_ANY = tuple(STATES)
_MEETING = ("secretary", "chair")
#: Who enters a meeting's decision is its secretary or its chair, and names the resolution: the paper that the others signed.
MOVES = (
    Move("confirm", Text("认定", "confirm"), ("open", "deferred", "dismissed", "confirmed"), "confirmed", _MEETING,
         ("resolution_no", "decided_on")),
    Move("dismiss", Text("不予认定", "dismiss"), ("open", "deferred", "confirmed", "dismissed"), "dismissed", _MEETING,
         ("resolution_no", "decided_on")),
    Move("defer", Text("暂缓", "defer"), ("open", "deferred", "confirmed"), "deferred", _MEETING, ("decided_on",)),
    Move("prove", Text("归入办结材料", "file a proof"), _ANY, "", ("bureau", "secretary", "auditor"), ("proof", "file", "sha256", "proved_on")),
    Move("report", Text("报称办结", "report as done"), ("confirmed", "deferred", "open"), "reported", ("bureau", "secretary"), ("done_on",)),
    Move("close", Text("销号", "strike off"), ("open", "deferred", "confirmed", "reported"), "closed", _MEETING, ("passes_in_run",),
         proven=True),
    Move("reopen", Text("重新立案", "reopen"), ("dismissed", "reported", "closed"), "open", ("system", "auditor", "chair"), ("reason",)),
    Move("revisit", Text("复查", "revisit"), _ANY, "", ("auditor", "bureau", "secretary"), ("found", "visited_on", "visited_by")),
    Move("remark", Text("备注", "remark"), _ANY, "", ("bureau", "secretary", "chair", "auditor"), ("note",)),
)  # fmt: skip
#: Steps of which each counts for where a case stands, however many there are; of the others the last of its kind says all that is said.
ADDING_UP = ("prove", "reopen")
_BY_ACTION = {move.action: move for move in MOVES}
#: The outcomes with which a case can be struck off: its rule holds for its subject, does not bind it, or a document exempts it.
SETTLED = ("pass", "exempt", "not_applicable")


@dataclass(frozen=True)
class Event:
    """One thing that was done: number ``seq`` of its series' log, when, by whom in which role, about which case, and what it says."""

    seq: int
    at: str
    actor: str
    role: str
    action: str
    fingerprint: str | None
    of_run: int | None
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """Where a case stands after the events about it.

    ``decision``: the last conclusion of the meeting; ``proofs``: what is on file, since it was last reopened; ``done_on``: the day by which
    it was last reported done; ``reopened``: how often, and ``reason``: why the last time (see :func:`reason_to_reopen`).
    ``spent``: the SHA-256 of what was on file before it was reopened: it did not hold. ``first_run``, ``first_on``: the earliest check
    in which its finding was a violation, and its day; None where it never was one.
    """

    fingerprint: str
    state: str = "open"
    decision: Event | None = None
    proofs: tuple[Event, ...] = ()
    last: Event | None = None
    reopened: int = 0
    reason: Mapping[str, Any] | None = None
    done_on: str | None = None
    spent: frozenset[str] = frozenset()
    first_run: int | None = None
    first_on: dt.date | None = None


#: What a rule wants on file before a case of it is struck off: of each group one kind of proof, kind -> its name {zh, en}.
Demanded = Sequence[Mapping[str, Mapping[str, str]]]


class Refused(ValueError):
    """A step that cannot be taken; ``why`` says so to who tried."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


def after(case: Case, event: Event) -> Case:
    """The case after a step. Raises Refused where the table has no such step: the wrong state, role, or something that it must say."""
    move = _BY_ACTION.get(event.action)
    if move is None:
        raise Refused(Text(f"没有“{event.action}”这一步", f"there is no step '{event.action}'"))
    if event.role not in move.who:
        roles = Text("、".join(ROLES[r].zh for r in move.who), " or ".join(ROLES[r].en for r in move.who))
        raise Refused(Text(f"“{move.label.zh}”只能由{roles.zh}办理", f"only the {roles.en} may {move.label.en}"))
    if case.state not in move.before:
        state = STATES[case.state]
        raise Refused(Text(f"案件{state.zh}，不能再“{move.label.zh}”", f"the case is {state.en}: it cannot be taken to '{move.label.en}'"))
    lacking = [name for name in move.needs if event.body.get(name) in (None, "", [])]
    lacking += ["demanded"] if move.proven and event.body.get("demanded") is None else []
    if lacking:
        names = [_TOLD[name] for name in lacking]
        raise Refused(Text(f"“{move.label.zh}”还要写明：{'、'.join(n.zh for n in names)}",
                           f"to {move.label.en} say: {', '.join(n.en for n in names)}"))  # fmt: skip
    if move.proven and (wanting := not_on_file(case, event.body["demanded"])):
        names = [proofs_named(group) for group in wanting]
        raise Refused(Text(f"“{move.label.zh}”还缺办结材料：{'；'.join(n.zh for n in names)}",
                           f"to {move.label.en} there must be on file: {'; '.join(n.en for n in names)}"))  # fmt: skip
    return _moved(case, event, move)


def steps_from(case: Case, role: str | None = None) -> list[Move]:
    """The steps that may be taken from where the case stands, by people in that role or in any."""
    by_people = [move for move in MOVES if case.state in move.before and any(one != "system" for one in move.who)]
    return [move for move in by_people if role is None or role in move.who]


def _moved(case: Case, event: Event, move: Move) -> Case:
    now = replace(case, state=move.after or case.state, last=event)
    if event.action in CONCLUSIONS.values():
        return replace(now, decision=event)
    if event.action == "prove":
        return replace(now, proofs=(*case.proofs, event))
    if event.action == "report":
        return replace(now, done_on=event.body.get("done_on"))
    if event.action == "reopen":
        spent = case.spent | {str(proof.body.get("sha256")) for proof in case.proofs}
        return replace(now, reopened=case.reopened + 1, reason=event.body.get("reason"), proofs=(), done_on=None, spent=spent)
    return now


def not_on_file(case: Case, demanded: Demanded) -> list[Mapping[str, Mapping[str, str]]]:
    """The groups of ``demanded`` of which the case has no proof on file."""
    kinds = {proof.body.get("proof") for proof in case.proofs}
    return [group for group in demanded if kinds.isdisjoint(group)]


def proofs_named(group: Mapping[str, Mapping[str, str]]) -> Text:
    """One group of proofs as people read it: one kind or another."""
    return Text("或".join(name["zh"] for name in group.values()), " or ".join(name["en"] for name in group.values()))


def reason_to_reopen(case: Case, outcome: str | None, as_of: dt.date, facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """Why a check whose outcome for a case is this reopens it; None where it does not: the finding does not stand, or nothing changed.

    ``outcome``: of its rule for its subject; ``as_of``: the day of the check; ``facts``: those that the rule judged by now.
    The reason: ``why`` (of :data:`WHYS`) and what it rests on: ``facts``, name -> [then, now], of a dismissed case; ``done_on`` of one that
    was reported done by an earlier day and still fails: done on paper.
    """
    if outcome != "violation":
        return None
    if case.state == "closed":
        return {"why": "fails_again"}
    if case.state == "reported" and case.done_on is not None and case.done_on < as_of.isoformat():
        return {"why": "on_paper", "done_on": case.done_on}
    if case.state == "dismissed" and case.decision is not None:
        then = case.decision.body.get("facts") or {}
        changed = {name: [then[name], facts[name]] for name in sorted(then.keys() & facts.keys()) if then[name] != facts[name]}
        return {"why": "facts_changed", "facts": changed} if changed else None
    return None


def follow(events: Iterable[Event]) -> dict[str, Case]:
    """Every case that something was done about, by its fingerprint. What was recorded was allowed when it was: it is not asked again."""
    cases: dict[str, Case] = {}
    for event in events:
        if event.fingerprint is not None and (move := _BY_ACTION.get(event.action)):
            cases[event.fingerprint] = _moved(cases.get(event.fingerprint, Case(event.fingerprint)), event, move)
    return cases


@dataclass(frozen=True)
class DecisionField:
    """One thing that a decision may say. ``kind``: choice (of ``choices``), bureau, bureaus, day, code, money or text; ``lists``: the lists
    on whose sheets it is asked for, () for all. ``aliases``: other heads that mean it."""

    label: Text
    kind: str
    lists: tuple[str, ...] = ()
    choices: Mapping[str, Text] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()


#: What a meeting fills in, in the order of its columns.
FIELDS = {
    "conclusion": DecisionField(Text("会议结论", "conclusion"), "choice", choices={
        "confirmed": Text("认定", "confirmed"), "dismissed": Text("不予认定", "dismissed"), "deferred": Text("暂缓", "deferred")}),
    "scope": DecisionField(Text("没收范围", "scope"), "choice", ("deposits",), {
        "whole": Text("全额", "in whole"), "proportional": Text("按比例", "in proportion"), "none": Text("不没收", "none")}),
    "amount_yuan": DecisionField(Text("决定金额 元", "decided, yuan"), "money", ("deposits",), aliases=("决定金额", "amount decided")),
    "account": DecisionField(Text("缴入账户", "paid into"), "text", ("deposits",)),
    "measure": DecisionField(Text("处置方式", "measure"), "choice", ("offices",), {
        "return": Text("开发企业归还", "return by the developer"), "livelihood": Text("民生项目建设", "livelihood project"),
        "renewal": Text("旧城改造配建", "renewal"), "reuse": Text("闲置设施调剂", "reuse of an idle facility")}),
    "site": DecisionField(Text("落实地点", "site"), "text", ("offices",)),
    "responsible": DecisionField(Text("责任部门", "responsible"), "bureau"),
    "due_on": DecisionField(Text("办理期限", "due on"), "day"),
    "agreed": DecisionField(Text("四部门会签", "agreed by"), "bureaus"),
    "resolution_no": DecisionField(Text("决议文号", "resolution no."), "code", aliases=("会议纪要号", "minutes no.")),
    "note": DecisionField(Text("备注", "note"), "text"),
    "decided_on": DecisionField(Text("会议日期", "decided on"), "day", ("meeting",)),
}  # fmt: skip
#: What else a step may have to say.
_TOLD = {name: one.label for name, one in FIELDS.items()} | {
    "proof": Text("材料种类", "the kind of proof"), "file": Text("文件", "its file"), "sha256": Text("文件的 SHA-256", "its SHA-256"),
    "proved_on": Text("材料日期", "the day of the proof"), "done_on": Text("办结日期", "the day it was done"),
    "passes_in_run": Text("在哪次检查中已符合", "the check in which it passes"), "demanded": Text("规则要求的材料", "the proofs demanded"),
    "reason": Text("原因", "the reason"), "found": Text("复查结果", "what was found"), "visited_on": Text("复查日期", "the day of the visit"),
    "visited_by": Text("复查人", "who visited"),
}  # fmt: skip


def must_say(move: Move) -> list[Text]:
    """What a step must say, as people read it."""
    return [_TOLD[name] for name in (*move.needs, *(("demanded",) if move.proven else ()))]


def fields_of(list_code: str) -> tuple[str, ...]:
    """The columns that the sheet of a list has for the meeting."""
    return tuple(name for name, one in FIELDS.items() if not one.lists or list_code in one.lists)


def line_key(list_code: str, subject: str, subject_key: str) -> str:
    """The key of a line of a list (a project or an office with all that is held against it there): 16 hex letters, as a finding's own is.
    A decision beside it is the decision on each of its findings."""
    return hashlib.sha256(f"line|{list_code}|{subject}|{subject_key}".encode()).hexdigest()[:16]


#: The workbook of a meeting: its shape, the hidden sheet that says which check it is of, and the head of the column that holds the key.
BOOK_FORMAT, KEYS_SHEET = "planning_check meeting 3", "_keys"
KEY = Text("键", "key")
#: What stands on its cover beside the digest of the check.
COVER_DIGEST = Text("检查摘要（SHA-256）", "Digest of the run")
#: What a visit to a case of a sample can find; ``not_seen`` is neither broken nor fixed.
REVISITS = {
    "broken": Text("仍违规", "still broken"), "fixed": Text("已整改", "fixed"), "not_seen": Text("未能查看", "could not be seen"),
}  # fmt: skip
#: The columns of a sample's list that are filled in or hold on to it.
REVISIT = {
    "found": Text("复查结果", "found"), "visited_by": Text("复查人", "visited by"), "visited_on": Text("复查日期", "visited on"),
    "note": Text("备注", "note"), "sample": Text("抽样", "sample"), "key": KEY,
}  # fmt: skip
