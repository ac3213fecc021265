"""``due``: what falls due, from the delivery of a recorded run and from the log of its series."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check.errors import Place, RulebookError, Text, UsageError
from planning_check.pipeline.moved import NOT_MOVED, Moved, found_again
from planning_check.pipeline.options import Options
from planning_check.pipeline.rederiving import sources_of
from planning_check.pipeline.room import in_engine
from planning_check.pipeline.rules import load_workdays
from planning_check.words import DUE

if TYPE_CHECKING:
    import duckdb
    from sqlalchemy import Engine

    from planning_check.cases import Case, Event
    from planning_check.facts.due import Told
    from planning_check.record.finding import Finding
    from planning_check.record.run import StoredRun
    from planning_check.report.told.due import Due, Falling

#: States of a case that something is still to be done about.
_TO_DO = ("confirmed", "deferred", "reported")
#: Nothing falls due of these where a project owes nothing any more.
_ENDS_WITH_DUTY = ("demand", "deposit", "guarantee")
#: What is still held goes back only then, and not while the meeting has it before it to forfeit.
_BEGINS_WITH_ITS_END = ("give_back",)
#: The rule that says how many days a credit entry may take; without it nobody says so, and its day is unknown.
_RECORD_RULE = "US04"


def due(
    db_url: str, run: int | str | None = None, *, within: int = 60, on: dt.date | None = None, bureau: str | None = None,
    paths: Sequence[Path] = (), rule_dirs: Sequence[Path] = (),
) -> Falling:  # fmt: skip
    """What falls due within ``within`` days of a day (that of the run if none is given), and what is overdue, of one bureau or all.

    The delivery of the run is read again, if its files are still the same; where they are not, that is said and the log alone is told.
    ``paths``: where it is now. Raises UsageError where that is not the delivery of the run.
    """
    from planning_check import store
    from planning_check.report.told.due import falling

    with store.reading(db_url) as engine:
        stored = store.load_run(engine, run)
        moved = Moved({stored.id: paths}) if paths else NOT_MOVED
        day = on or stored.as_of
        folders = list(rule_dirs) or [Path(folder) for folder in stored.manifest.get("rule_folders", ())]
        table = load_workdays(folders)
        with found_again((stored,), moved) as sources:
            told, record_days, notes = _delivered(stored, day, sources[stored.id].paths, folders)
        settled = {line.project_id for line in store.balance_lines(engine, stored.id) if line.residual_m2 == 0}
        free = settled - _to_forfeit(engine, stored)
        dues = [
            _of_delivery(one)
            for one in told
            if not (one.kind in _ENDS_WITH_DUTY and one.key in settled) and not (one.kind in _BEGINS_WITH_ITS_END and one.key not in free)
        ]
        dues += _of_log(engine, stored, record_days)
        return falling(stored.id, stored.series, day, within, table, dues, bureau, notes)


def _to_forfeit(engine: Engine, run: StoredRun) -> set[str]:
    """The projects whose deposit the meeting confirmed to be forfeited, or put off."""
    from planning_check import store
    from planning_check.store.standing import subjects_of

    open_ = [key for key, case in store.cases(engine, run.series).items() if case.decision and case.state in _TO_DO]
    with engine.connect() as connection:
        about = subjects_of(connection, run.series, open_)
    found: set[str] = set()
    for run_id in {one.run_id for one in about.values()}:
        keys = tuple(key for key, one in about.items() if one.run_id == run_id)
        found |= {one["subject_key"] for one in store.findings(engine, run_id, store.Filters(list="deposits", fingerprints=keys))}
    return found


def _delivered(run: StoredRun, day: dt.date, paths: Sequence[Path], folders: Sequence[Path]) -> tuple[list[Told], int | None, list[Text]]:
    """What the delivery tells, and within how many days a credit entry is due, if a rule says so; or why it could not
    be read."""
    from planning_check.facts.due import falls_due
    from planning_check.ingest.mapping import parse_mapping
    from planning_check.pipeline.running import measure, read, what_was_read

    sources = sources_of(run, paths, folders)
    try:
        book = sources.book()
    except (RulebookError, UsageError) as error:
        return [], None, [_unread(Text(f"规则读不了：{error.what.zh}", f"the rules cannot be read: {error.what.en}"))]
    rule = next((rule for rule in book.rules if rule.id == _RECORD_RULE), None)
    days = int(str(rule.parameters["record_days"])) if rule else None
    gone = next((path for path in sources.paths if not path.exists()), None)
    if gone is not None:
        named = Text(f"{gone} 不在了（挪了地方的，用 --inputs 指明）", f"{gone} is not there any more (name where it is now with --inputs)")
        return [], days, [_unread(named)]
    told = run.manifest.get("mapping")
    mapping = parse_mapping(told["name"], told["text"]) if told else None
    crs = run.manifest.get("read_as", ())

    def looked(con: duckdb.DuckDBPyConnection) -> list[Told] | None:
        read(con, sources.paths, book, None, crs, run.as_of, mapping, run.as_of)
        if what_was_read(con)["inputs"] != run.manifest.get("inputs"):
            return None
        measure(con, day, book)
        return list(falls_due(con, days))

    found = in_engine(Options(sources.paths, as_of=run.as_of, today=run.as_of), looked)
    if found is None:
        return [], days, [_unread(Text("文件和检查时不同", "its files are not those that were checked"))]
    return found, days, []


def _unread(why: Text) -> Text:
    return Text(f"报送里的期限没有列出：{why.zh}；重新检查一次", f"What the delivery tells is not listed: {why.en}; check it again")


def _of_delivery(told: Told) -> Due:
    from planning_check.report.told.due import Due

    place = Place(told.file, told.sheet, told.row, told.column)
    source = Text(place.get("zh"), place.get("en"))
    return Due(
        told.kind, DUE[told.kind][1], told.key, told.name or "", told.number or "", told.yuan, told.first, told.last, source
    )  # fmt: skip


def _of_log(engine: Engine, run: StoredRun, record_days: int | None) -> Iterator[Due]:
    """The resolutions of the meeting that are not done, the credit entries that its confirmations ask for, and the ends of waivers."""
    from planning_check import store
    from planning_check.record.waiver import in_force

    waivers = in_force(run.manifest)
    open_ = {key: case for key, case in store.cases(engine, run.series).items() if case.decision and case.state in _TO_DO}
    found = {f["fingerprint"]: f for f in store.findings(engine, run.id, store.Filters(fingerprints=(*open_, *waivers)))}
    for key, case in sorted(open_.items()):
        yield _resolution(key, case, found.get(key))
        if case.state == "confirmed" and key in found and "credit_record" in found[key]["consequence"]:
            yield _credit(key, case, found[key], record_days)
    yield from (_waiver(one, found[key]) for key, one in sorted(waivers.items()))


def _waiver(waiver: Mapping[str, Any], finding: Finding) -> Due:
    from planning_check.report.told.due import Due

    last, name = _day(waiver["to"]), f"{finding['rule_id']} {finding['subject_name'] or ''}".strip()
    place = Text(waiver["where"], waiver["where"])
    return Due("waiver", finding["responsible"], finding["subject_key"], name, "", finding["yuan"], last, last, place)


def _resolution(key: str, case: Case, finding: Mapping[str, Any] | None) -> Due:
    """A decision as something that falls due."""
    assert case.decision is not None
    body = case.decision.body
    bureau = body.get("responsible") or (finding["responsible"] if finding else DUE["resolution"][1])
    amount = None if body.get("amount_yuan") is None else Decimal(body["amount_yuan"])
    return _by_log("resolution", bureau, key, case, finding, _day(body.get("due_on")), amount)


def _credit(key: str, case: Case, finding: Mapping[str, Any], record_days: int | None) -> Due:
    """The credit entry that a confirmation asks for."""
    assert case.decision is not None
    decided = _day(case.decision.body.get("decided_on"))
    day = decided + dt.timedelta(days=record_days) if decided and record_days is not None else None
    return _by_log("credit", DUE["credit"][1], key, case, finding, day, None)


def _by_log(
    kind: str, bureau: str, key: str, case: Case, finding: Mapping[str, Any] | None, day: dt.date | None, yuan: Decimal | None
) -> Due:  # fmt: skip
    from planning_check.report.told.due import Due

    assert case.decision is not None
    name = f"{finding['rule_id']} {finding['subject_name'] or ''}".strip() if finding else ""
    subject, number = finding["subject_key"] if finding else key, case.decision.body.get("resolution_no") or ""
    return Due(kind, bureau, subject, name, number, yuan, day, day, _entry(case.decision))


def _day(told: str | None) -> dt.date | None:
    return dt.date.fromisoformat(told) if told else None


def _entry(event: Event) -> Text:
    """The entry of the log, and where it was read."""
    source = event.body.get("source") or {}
    place = Place(source.get("file") or "", source.get("sheet"), source.get("row"), (source.get("cells") or {}).get("due_on"))
    zh, en = ((f" ← {place.get(lang)}" if place.file else "") for lang in ("zh", "en"))
    return Text(f"日志第 {event.seq} 条{zh}", f"log entry {event.seq}{en}")
