"""``case``: what is on record about a case, and the steps that bureaus, the secretary and the chair take about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check.cases import SETTLED, Case, Demanded, Event, Move, Refused, after, not_on_file, steps_from
from planning_check.errors import ActionableError, Place, Text, UsageError
from planning_check.pipeline.proving import take_away
from planning_check.pipeline.recorded import letters
from planning_check.words import LISTS, OUTCOMES

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from planning_check.record.finding import Finding
    from planning_check.record.run import StoredRun
    from planning_check.store import Head
    from planning_check.store.standing import Subject

#: Kind of proof -> its name in the two languages, as the log of a series holds it.
Kinds = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class CaseFile:
    """All that is on record about one case. ``run``: the latest check of its series; ``outcome``: how its rule came out there for its
    subject, None where it was not delivered or the rule did not judge; ``finding``: from ``found_in``, the last run that has it.
    ``demanded``: what must be on file; None where the check was recorded before that was known. ``steps``: what may be done next."""

    run: StoredRun
    case: Case
    about: Subject
    outcome: str | None
    finding: Finding | None
    demanded: Demanded | None
    history: Sequence[Event]
    steps: Sequence[Move]

    @property
    def lacking(self) -> Demanded:
        return not_on_file(self.case, self.demanded or [])


@dataclass(frozen=True)
class Step:
    """A step that somebody wants to take. ``body``: what it says; ``where``: where it was read; ``keep``: done before it is written, when
    nothing stands against it; it gives the file that it made, if it made one."""

    key: str
    action: str
    body: Mapping[str, Any] = field(default_factory=dict)
    where: Place | None = None
    keep: Callable[[], Path | None] | None = None


@dataclass(frozen=True)
class Taken:
    """A step as it went: the case before and after, and why it was refused, if it was. Of one that is on record already nothing changes."""

    step: Step
    before: Case
    after: Case
    why: Text | None = None

    @property
    def is_new(self) -> bool:
        return self.why is None and self.after is not self.before


@dataclass(frozen=True)
class Steps:
    """What came of several steps, written together or not at all. ``head``: of the log now, None where nothing was written."""

    series: str
    taken: Sequence[Taken]
    head: Head | None

    @property
    def refused(self) -> list[Taken]:
        return [one for one in self.taken if one.why]


def case_file(db_url: str, key: str, run: int | str | None = None) -> CaseFile:
    """What is on record about the case of that key. Raises UsageError where no check of the series has such a finding."""
    from planning_check import store
    from planning_check.store.register import outcome_in
    from planning_check.store.standing import subjects_of

    with store.reading(db_url) as engine:
        latest = _latest(engine, run)
        with engine.connect() as connection:
            about = subjects_of(connection, latest.series, [key]).get(key)
            if about is None:
                raise _no_case(engine, key, latest)
            outcome = outcome_in(connection, latest.id, about.rule_id, about.subject_key, letters())
        case = store.cases(engine, latest.series, [key])[key]
        found = next(iter(store.findings(engine, about.run_id, store.Filters(fingerprints=(key,)))), None)
        history = store.events(engine, latest.series, of_case=key)
        _, demanded = _demands(engine, latest, about.rule_id)
    return CaseFile(latest, case, about, outcome, found, demanded, history, steps_from(case))


@dataclass(frozen=True)
class CaseLine:
    """A case in the list of a series: with its finding, from ``found_in``, the last run that has it; None where none has."""

    case: Case
    finding: Finding | None
    found_in: int | None


@dataclass(frozen=True)
class CaseList:
    """The cases of a series that something was done about; ``of``: how many there are in all, ``lines``: those asked for, oldest first."""

    run: StoredRun
    of: int
    lines: Sequence[CaseLine]


def case_list(db_url: str, run: int | str | None = None, *, states: Sequence[str] = (), reopened: bool = False) -> CaseList:
    """The cases of the series; ``states``: those that stand so, ``reopened``: those that were reopened and are not settled since."""
    from planning_check import store
    from planning_check.store.standing import subjects_of

    with store.reading(db_url) as engine:
        latest = _latest(engine, run)
        every = store.cases(engine, latest.series)
        asked = [one for one in every.values() if (not states or one.state in states) and (not reopened or is_open_again(one))]
        with engine.connect() as connection:
            about = subjects_of(connection, latest.series, [one.fingerprint for one in asked])
        found: dict[str, Finding] = {}
        for run_id in sorted({one.run_id for one in about.values()}):
            keys = tuple(key for key, one in about.items() if one.run_id == run_id)
            found |= {finding["fingerprint"]: finding for finding in store.findings(engine, run_id, store.Filters(fingerprints=keys))}
        asked.sort(key=lambda one: (one.first_on or dt.date.max, one.fingerprint))
        lines = [
            CaseLine(one, found.get(one.fingerprint), about[one.fingerprint].run_id if one.fingerprint in about else None) for one in asked
        ]
    return CaseList(latest, len(every), lines)


def is_open_again(case: Case) -> bool:
    """Whether it was reopened and has not been dismissed or struck off since."""
    return case.reopened > 0 and case.state not in ("dismissed", "closed")


def proof_kinds(db_url: str, run: int | str | None = None) -> Kinds:
    """The kinds of proof that the latest check of the series knows."""
    from planning_check import store

    with store.reading(db_url) as engine:
        return _kinds(engine, _latest(engine, run))


def take_steps(
    db_url: str,
    steps: Sequence[Step],
    *,
    role: str,
    by: str,
    at: dt.datetime,
    run: int | str | None = None,
    write: bool = True,
) -> Steps:
    """Take steps about cases of one series, in their order: all of them are written to its log, or none where one is refused.

    They are held against the record under the lock of writers: nobody can step between. ``run``: of the series, or its name. Without
    ``write`` they are only held against it.
    """
    from planning_check import store
    from planning_check.store.connecting import recording
    from planning_check.store.standing import followed

    with store.reading(db_url) as engine:
        series = _latest(engine, run).series
    engine = store.open_store(db_url)
    made: list[tuple[Step, Path]] = []
    try:
        with recording(engine) as connection:
            latest = store.load_run(engine, series)
            standing = followed(connection, series, [step.key for step in steps])
            taken = []
            for step in steps:
                one = _taken(engine, connection, latest, step, standing[step.key], role, by)
                standing[step.key] = one.after
                taken.append(one)
            new = [one for one in taken if one.is_new]
            if not write or not new or any(one.why for one in taken):
                return Steps(series, taken, None)
            for one in new:
                made += _kept(one.step)
            entries = [store.Entry(one.step.action, role, _said(one), one.step.key, latest.id) for one in new]
            return Steps(series, taken, store.append(connection, series, at, by, entries))
    except BaseException:
        _take_back(engine, series, made)
        raise
    finally:
        engine.dispose()


def _kept(step: Step) -> list[tuple[Step, Path]]:
    path = step.keep() if step.keep else None
    return [(step, path)] if path else []


def _take_back(engine: Engine, series: str, made: Sequence[tuple[Step, Path]]) -> None:
    """Take the files away that were kept for steps which the log does not have; under the lock, so that nobody files them meanwhile."""
    from planning_check.store.connecting import recording
    from planning_check.store.log import events_of

    if not made:
        return
    with suppress(ActionableError), recording(engine) as connection:  # where not even that is possible they stay, whole
        for step, path in made:
            if all(event.body.get("kept") != step.body["kept"] for event in events_of(connection, series, of_case=step.key)):
                take_away(path)


def _said(one: Taken) -> Mapping[str, Any]:
    return one.after.last.body if one.after.last else {}


def _taken(engine: Engine, connection: Connection, run: StoredRun, step: Step, case: Case, role: str, by: str) -> Taken:
    from planning_check.store.standing import subjects_of

    about = subjects_of(connection, run.series, [step.key]).get(step.key)
    if about is None:
        return Taken(step, case, case, _NO_KEY.format(key=step.key, series=run.series))
    if step.action == "prove" and _is_on_file(case, step.body):
        return Taken(step, case, case)
    try:
        body = dict(step.body) | (_closing(engine, connection, run, about) if step.action == "close" else {})
        return Taken(step, case, after(case, Event(0, "", by, role, step.action, step.key, run.id, body)))
    except Refused as refused:
        return Taken(step, case, case, refused.why)


def _is_on_file(case: Case, body: Mapping[str, Any]) -> bool:
    """Whether the same file is there already as the same kind of proof, and kept if it is to be kept."""
    told = (body.get("proof"), body.get("sha256"))
    same = [proof for proof in case.proofs if (proof.body.get("proof"), proof.body.get("sha256")) == told]
    return any(body.get("kept") in (None, proof.body.get("kept")) for proof in same)


def _closing(engine: Engine, connection: Connection, run: StoredRun, about: Subject) -> dict[str, Any]:
    """What a strike-off rests on: the latest check of the series, in which the rule holds, and what it demands. Raises Refused."""
    from planning_check.store.register import outcome_in

    outcome = outcome_in(connection, run.id, about.rule_id, about.subject_key, letters())
    named = Text(f"最近一次检查（第 {run.id} 次，截至 {run.as_of}）", f"the latest check (run {run.id}, as of {run.as_of})")
    if outcome is None:
        raise Refused(Text(f"{named.zh}没有按 {about.rule_id} 判定 {about.subject_key}（没有报送，或规则没有启用）：没有查不等于合规",
                           f"{named.en} did not judge {about.subject_key} by {about.rule_id}: it was not delivered, or the rule is off; "
                           "what was not looked at does not pass"))  # fmt: skip
    if outcome not in SETTLED:
        told = OUTCOMES[outcome]
        raise Refused(Text(f"{named.zh}里 {about.rule_id} 对它的结论是“{told.zh}”，不能销号",
                           f"in {named.en} {about.rule_id} came out for it as: {told.en}; it cannot be struck off"))  # fmt: skip
    _, demanded = _demands(engine, run, about.rule_id)
    if demanded is None:
        raise Refused(Text(f"{named.zh}是较早的版本记录的，没有写明要哪些办结材料：重新检查一次",
                           f"{named.en} is of an older version and does not say which proofs it demands: check once more"))  # fmt: skip
    return {"passes_in_run": run.id, "outcome": outcome, "root": run.root, "demanded": demanded}


def _demands(engine: Engine, run: StoredRun, rule_id: str) -> tuple[Kinds, Demanded | None]:
    """The kinds that the latest check knows, and what it demands for a rule: of each group one kind."""
    from planning_check import store

    entry = store.latest_check(engine, run.series)
    told = entry.body.get("proofs") if entry else None
    if told is None or rule_id not in told["rules"]:
        return (told or {}).get("kinds", {}), None
    kinds = told["kinds"]
    return kinds, [{code: kinds[code] for code in group} for group in told["rules"][rule_id]]


def _kinds(engine: Engine, run: StoredRun) -> Kinds:
    return _demands(engine, run, "")[0]


def _latest(engine: Engine, run: int | str | None) -> StoredRun:
    from planning_check import store

    named = store.load_run(engine, run)
    return store.load_run(engine, named.series)


_NO_KEY = Text("系列“{series}”里没有键为 {key} 的问题", "there is no finding with the key {key} in the series '{series}'")


def _no_case(engine: Engine, key: str, run: StoredRun) -> UsageError:
    from planning_check import store

    names = [name for name, _ in store.latest_of_series(engine) if name != run.series]
    if of := store.keyed_lines(engine, run.id, {key}).get(key):
        told, keys = f"{LISTS[of.list].zh} {of.subject_key}", " ".join(of.findings)
        return UsageError(
            Text(f"{key} 是一行名单的键（{told}），一行有几条问题，逐条办理",
                 f"{key} is the key of a line ({LISTS[of.list].en} {of.subject_key}): of its findings each is a case"),
            fix=Text(f"各条的键：{keys}", f"their keys: {keys}"),
        )  # fmt: skip
    fix = Text("键在附册的“键”列，也是 findings 的“问题编号”",
               "a key stands in the column 'key' of the annex, and is the 'fingerprint' of findings")  # fmt: skip
    if names:
        zh, en = "、".join(f"“{name}”" for name in names), ", ".join(f"'{name}'" for name in names)
        fix = Text(f"{fix.zh}；别的系列用 --run 指明：{zh}", f"{fix.en}; name another series with --run: {en}")
    return UsageError(_NO_KEY.format(key=key, series=run.series), fix=fix)
