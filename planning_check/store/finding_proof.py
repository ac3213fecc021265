"""One finding with its proof: its rows, each with the hashes that lead from it to the root by which its run entered the log. Pure JSON.

What it needs nobody has to be asked for: who holds the root, or the head of the log on paper, sees from the proof alone that these rows
were recorded so. The sentence that people read of the finding is made from evidence that many findings share, and is not in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.types import TypeDecorator

from planning_check.errors import Text, UsageError
from planning_check.record.run import StoredRun
from planning_check.store import root
from planning_check.store.log import RUN, entry_hash
from planning_check.store.merkle import TableRoot, leaf_of, path_of, root_by
from planning_check.store.models import (
    SCHEMA_VERSION,
    CaseEvent,
    Finding,
    RegisterLine,
    Run,
    RunRoot,
    RunRule,
    RunStatus,
    RunSubject,
    Unjudged,
)

FORMAT = "planning_check proof 1"
_MODELS = (Finding, RunRule, RunSubject, RegisterLine, RunStatus, Unjudged)
_TABLES = {model.__tablename__: cast("sa.Table", model.__table__) for model in _MODELS}
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Proven:
    """What a proof says, all of it under ``root``: rows by table, as people read their values; the log's entry by which it entered."""

    root: str
    as_of: str
    rows: Mapping[str, Values]
    entry: Mapping[str, Any]


class NoProof(ValueError):
    """What is wrong with a proof; ``why`` says so."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


def proof(engine: Engine, run: StoredRun, fingerprint: str) -> dict[str, Any]:
    """The proof of the finding of that key. Raises UsageError where the run has none, and where it is not as it was recorded."""
    with engine.connect() as connection:
        wanted = dict(_wanted(connection, run.id, fingerprint))
        recorded = RunRoot.__table__.c
        rows = connection.execute(sa.select(recorded.table_name, recorded.rows, recorded.sha256).where(recorded.run_id == run.id))
        roots = sorted([*row] for row in rows if row.table_name != root.PLACE)
        entry = connection.execute(sa.select(CaseEvent.__table__).where(CaseEvent.action == RUN, CaseEvent.of_run == run.id)).first()
        if entry is None:
            raise UsageError(
                Text("这次检查没有进日志，没有可以对照的根哈希", "the run is not in the log: there is no root to prove it by"),
                fix=Text("用本版本重新检查", "check anew with this version"),
            )
        told = {
            "format": FORMAT, "shape": SCHEMA_VERSION, "run": root.own_text(connection, run.id), "roots": roots,
            "rows": [_row(connection, run.id, _TABLES[table], key) for table, key in wanted.items()], "entry": dict(entry._mapping),
        }  # fmt: skip
    try:
        check_proof(told)
    except NoProof as error:
        raise UsageError(
            Text("这次检查与当时的记录不同，证明不了", "the run is not as it was recorded and cannot be proved"), why=error.why,
            fix=Text("用 planning-check verify 看是哪里", "planning-check verify says where"),
        ) from error  # fmt: skip
    return told


def _wanted(connection: Connection, run_id: int, fingerprint: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The keys of the rows that a finding consists of, by table."""
    finding, rule = Finding.__table__.c, RunRule.__table__.c
    row = None
    if len(fingerprint) == 16 and all(digit in "0123456789abcdef" for digit in fingerprint):
        query = sa.select(finding.number, finding.rule_id, finding.subject_key, finding.status, finding.unjudged, rule.subject)
        rules = sa.and_(rule.run_id == finding.run_id, rule.rule_id == finding.rule_id)
        here = sa.and_(finding.run_id == run_id, finding.fingerprint == fingerprint)
        row = connection.execute(query.join(RunRule.__table__, rules).where(here)).first()
    if row is None:
        raise UsageError(
            Text(f"这次检查没有这个键：{fingerprint}", f"the check has no such key: {fingerprint}"),
            fix=Text(
                "键在工作簿的“键”列和 findings --format csv 的“问题编号”列",
                "keys stand in the workbook and in findings --format csv (fingerprint)",
            ),
        )
    yield "finding", (row.number,)
    yield "run_rule", (row.rule_id,)
    yield "run_subject", (row.subject, row.subject_key)
    yield "register_line", (row.subject, row.subject_key)
    if row.status is not None:
        yield "run_status", (row.rule_id, row.status)
    if row.unjudged is not None:
        yield "unjudged", (row.unjudged,)


def _row(connection: Connection, run_id: int, table: sa.Table, key: tuple[Any, ...]) -> dict[str, Any]:
    columns = root.columns_of(table)
    places = [columns.index(column) for column in root.keys(table)]
    leaves, index, text = bytearray(), -1, ""
    for row in root.rows_of(connection, run_id, table):
        if tuple(row[place] for place in places) == key:
            index, text = len(leaves) // 32, root.text_of(row)
        leaves += root.leaf(row)
    return {"table": table.name, "index": index, "text": text, "path": path_of(bytes(leaves), index)}


def check_proof(told: Any) -> Proven:
    """What a proof proves. Raises NoProof for one that does not hold, and one that is none."""
    try:
        return _checked(told)
    except (KeyError, TypeError, ValueError, AttributeError, LookupError, OverflowError) as error:
        if isinstance(error, NoProof):
            raise
        raise NoProof(Text("文件不是完整的证明", "the file is no whole proof")) from error


def _checked(told: Any) -> Proven:
    if told["format"] != FORMAT or told["shape"] != SCHEMA_VERSION:
        raise NoProof(Text(f"证明由别的版本写出（{told['format']}，格式 {told['shape']}）",
                           f"the proof was written by another version ({told['format']}, shape {told['shape']})"))  # fmt: skip
    roots = {name: TableRoot(rows, sha256) for name, rows, sha256 in told["roots"]}
    entry = {column.name: told["entry"][column.name] for column in CaseEvent.__table__.columns}
    whole = root.root_of(roots)
    body = json.loads(entry["body"])
    if len(roots) != len(told["roots"]) or entry["hash"] != entry_hash(entry) or entry["action"] != RUN or body["root"] != whole:
        raise NoProof(Text("根哈希与日志的条目对不上", "the root does not fit the entry of the log"))
    if leaf_of(told["run"]).hex() != roots[Run.__tablename__].sha256:
        raise NoProof(Text("检查的一行与根哈希对不上", "the line of the run does not fit the root"))
    rows: dict[str, Values] = {}
    for row in told["rows"]:
        name = row["table"]
        if name in rows or root_by(leaf_of(row["text"]), row["index"], roots[name].rows, row["path"]) != roots[name].sha256:
            raise NoProof(Text(f"{name} 的行与根哈希对不上", f"the row of {name} does not fit the root"))
        rows[name] = _values(_TABLES[name], json.loads(row["text"]))
    _of_one_finding(rows)
    return Proven(whole, body["as_of"], rows, entry)


def _of_one_finding(rows: Mapping[str, Values]) -> None:
    """Rows that are each on record and belong to other findings prove nothing together."""
    finding, rule = rows["finding"], rows["run_rule"]
    subject = {"subject": rule["subject"], "subject_key": finding["subject_key"]}
    status = {"rule_id": finding["rule_id"], "status": finding["status"]}
    needs: dict[str, Values] = {"run_rule": {"rule_id": finding["rule_id"]}, "run_subject": subject, "register_line": subject}
    needs |= {"run_status": status} if finding["status"] is not None else {}
    needs |= {"unjudged": {"number": finding["unjudged"]}} if finding["unjudged"] is not None else {}
    for name in (rows.keys() | needs.keys()) - {"finding"}:
        if any(rows[name][column] != value for column, value in needs[name].items()):
            raise NoProof(Text(f"{name} 的行是别的问题的", f"the row of {name} is of another finding"))


def _values(table: sa.Table, held: Sequence[Any]) -> dict[str, Any]:
    """A row as people read it, from what the database holds."""
    columns = root.columns_of(table)
    return {column.key: _read(column, value) for column, value in zip(columns, held, strict=True)}


def _read(column: sa.Column, value: Any) -> Any:
    if isinstance(column.type, TypeDecorator):
        return column.type.process_result_value(value, None)  # type: ignore[arg-type]  # none of ours asks for the dialect
    return value
