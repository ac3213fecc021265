"""Measures a city's own tables: facts that bundled subjects gain from their rows, and a row of facts for each row that is judged.

What is unknown stays so: a sum or count over a row of which it is not known whether it counts, or what it holds, is unknown, and so is
one of whoever has a row that was set aside. Over nothing it is zero only where the register was delivered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning_check import following
from planning_check.declared import BELONGS, ROW_KEY, OwnFact, OwnTable
from planning_check.facts.dictionary import SUBJECTS
from planning_check.schema import BY_NAME, NOT_READ, SQL_TYPES, Field
from planning_check.sql import name, quoted

if TYPE_CHECKING:
    import duckdb

#: What a judged row has from what it belongs to, beside its own fields, for the law and the place of it: subject -> alias and columns.
_PLACES = {
    "community": {"district_code": "district_code", "name": "community_name"},
    "office": {"district_code": "district_code", "community_code": "community_code", "name": "community_name"},
    "project": {"district_code": "district_code", "community_code": "community_code", "name": "project_name",
                "developer_name": "developer_name", "developer_code": "developer_code"},
    "parcel": {"project_id": "project_id"},
}  # fmt: skip

#: By which alias the place of a row is read where that is not the subject's own.
_AT = {"community": "community_at"}


def measure_own(con: duckdb.DuckDBPyConnection) -> None:
    """Add to ``fact_<subject>`` what own tables say of it, and make ``fact_<table>`` of those that are judged; ``own_subject``: what these
    are called and where they are, with the columns of ``subject_info``."""
    own: tuple[OwnTable, ...] = following.current()
    for table in own:
        for subject in dict.fromkeys(fact.subject for fact in table.facts if fact.subject != table.name):
            _gain(con, table, subject, [fact for fact in table.facts if fact.subject == subject])
    con.execute(
        "CREATE OR REPLACE TABLE own_subject (subject VARCHAR, subject_key VARCHAR, subject_name VARCHAR, district_code VARCHAR, "
        "community_code VARCHAR, developer_name VARCHAR, developer_code VARCHAR)"
    )
    for table in own:
        if table.judged:
            _judge_rows(con, table)


def _gain(con: duckdb.DuckDBPyConnection, table: OwnTable, subject: str, facts: list[OwnFact]) -> None:
    """One subject's facts of one table beside those that it has."""
    field, key = BELONGS[subject][0], SUBJECTS[subject].key
    items, made = [], []
    for number, fact in enumerate(facts):
        for column, value in _values(fact, number).items():
            items.append(f"{value} AS {name(column)}")
            made.append(f"{_known(fact, f'own.{name(column)}')} AS {name(column)}")
    con.execute(f"""
        CREATE OR REPLACE TABLE fact_{subject} AS
        WITH counted AS ({_rows(table, field, facts)}), own AS (SELECT belongs_to, {", ".join(items)} FROM counted GROUP BY belongs_to)
        SELECT f.*, {", ".join(made)} FROM fact_{subject} f LEFT JOIN own ON own.belongs_to = f.{key}
        LEFT JOIN ({_holes(table, subject)}) hole ON hole.id = f.{key}
        CROSS JOIN (SELECT EXISTS (FROM delivered WHERE table_name = {quoted(table.name)}) AS told)
        ORDER BY f.{key}""")


def _rows(table: OwnTable, field: str, facts: list[OwnFact]) -> str:
    """SQL: the rows that belong to anybody, each with whether it counts (``counts_<n>``); for the latest, whether it is known which row
    that is (``sure_<n>``) and the day or number that none is later than (``top_<n>``)."""
    counted = ", ".join(f"{fact.where_sql} AS counts_{n}" for n, fact in enumerate(facts))
    latest = ""
    for n, fact in enumerate(facts):
        if fact.how == "latest":
            by = BY_NAME[table.name].field(fact.by)
            first, over = name(by.columns[0]), "OVER (PARTITION BY belongs_to)"
            latest += f", max({first}) FILTER (counts_{n}) {over} AS top_{n}, {name(by.columns[-1])} AS by_{n}"
            latest += f", bool_and(counts_{n} IS NOT NULL AND (NOT counts_{n} OR {first} IS NOT NULL)) {over} AS sure_{n}"
    return (
        f"SELECT *{latest} FROM (SELECT *, {field} AS belongs_to, {counted} FROM "
        f"(SELECT *, getvariable('as_of')::DATE AS as_of FROM {table.name}) WHERE {field} IS NOT NULL)"
    )


def _values(fact: OwnFact, n: int) -> dict[str, str]:
    """Column -> SQL over the rows of one subject: NULL where it is unknown."""
    counts = f"counts_{n}"
    if fact.how == "count":
        return {fact.name: f"CASE WHEN bool_and({counts} IS NOT NULL) THEN count(*) FILTER ({counts}) END"}
    if fact.how == "sum":
        known = f"bool_and({counts} IS NOT NULL AND (NOT {counts} OR {name(fact.of)} IS NOT NULL))"
        return {
            fact.name: f"CASE WHEN {known} THEN TRY_CAST(coalesce(sum({name(fact.of)}) FILTER ({counts}), 0) AS {SQL_TYPES[fact.type]}) END"
        }
    of = ("_lo", "_hi") if fact.type == "date" else ("",)
    last = f"FILTER ({counts} AND by_{n} >= top_{n})"
    told = ", ".join(name(f"{fact.of}{end}") for end in of)
    one = f"bool_and(sure_{n}) AND count(DISTINCT ({told})) {last} = 1 AND count({told.split(', ')[0]}) {last} = count(*) {last}"
    return {f"{fact.name}{end}": f"CASE WHEN {one} THEN any_value({name(f'{fact.of}{end}')}) {last} END" for end in of}


def _known(fact: OwnFact, value: str) -> str:
    """SQL: what a subject has of a fact: nothing known beside a row that was set aside, none where the register says nothing of it."""
    nothing = " WHEN told THEN 0" if fact.how in ("count", "sum") else ""
    return f"CASE WHEN hole.id IS NOT NULL THEN NULL WHEN own.belongs_to IS NOT NULL THEN {value}{nothing} END"


def _holes(table: OwnTable, subject: str) -> str:
    """SQL: the ids of subjects that a row of the table belongs to which was set aside, or (``in_doubt``) may."""
    field, register = BELONGS[subject]
    owner = {"project": "project_id", "community": "community_code"}.get(subject, "owner")
    return (
        f"SELECT DISTINCT {owner} AS id FROM lost_row WHERE table_name = {quoted(table.name)} AND {owner} IS NOT NULL "
        f"UNION SELECT {field} FROM {register} WHERE EXISTS (FROM maybe_lost WHERE table_name = {quoted(table.name)})"
    )


def _judge_rows(con: duckdb.DuckDBPyConnection, table: OwnTable) -> None:
    """``fact_<table>``: its rows with what is looked up, and the place that the law goes by; and their lines of ``own_subject``."""
    fields = {f.name for f in table.table.fields}
    kept = ["row_ids", *(("geometry", "geometry_crs") if table.table.geometry else ())]
    items = [f"t.* EXCLUDE ({', '.join([*kept, NOT_READ])})", "getvariable('as_of')::DATE AS as_of"]
    items += [f"{table.key_of('t.')} AS {ROW_KEY}"] if table.key == ROW_KEY else []
    unread = []
    for fact in table.facts:
        if fact.how == "lookup":
            subject, _, of = fact.of.partition(".")
            ends = ("_lo", "_hi") if fact.type == "date" else ("",)
            items += [f"{subject}_.{name(f'{of}{end}')} AS {name(f'{fact.name}{end}')}" for end in ends]
            if fact.may_be_blank:
                gone = f"{subject}_.{SUBJECTS[subject].key} IS NULL OR list_contains({subject}_.{NOT_READ}, {quoted(of)})"
                unread.append(f"CASE WHEN {gone} THEN {quoted(fact.name)} END")
    places = {column: _place(table, column) for column in ("district_code", "community_code", "project_id")}
    items += [f"{sql} AS {column}" for column, sql in places.items() if column not in fields]
    items.append(
        f"list_concat(coalesce(t.{NOT_READ}, []), list_filter([{', '.join(unread)}]::VARCHAR[], lambda f: f IS NOT NULL)) AS {NOT_READ}"
    )
    joins = [
        f"LEFT JOIN fact_{subject} {subject}_ ON {subject}_.{BELONGS[subject][0]} = t.{BELONGS[subject][0]}" for subject in table.belongs
    ]
    if "community" in table.belongs:  # whose place is known of one that was abolished, too
        joins.append("LEFT JOIN communities community_at ON community_at.community_code = t.community_code")
    if "parcel" in table.belongs and "project" not in table.belongs:
        joins.append("LEFT JOIN fact_project project_ ON project_.project_id = parcel_.project_id")
    source = f"FROM {table.name} t {' '.join(joins)}"
    con.execute(f"CREATE OR REPLACE TABLE fact_{table.name} AS SELECT {', '.join(items)} {source} ORDER BY {table.key_of('t.')}")
    says = [_said(table.table.field(k)) for k in table.table.key if k not in _names_of(table)]
    called = [sql for sql in (_place(table, "name"),) if sql != "NULL::VARCHAR"]
    whole = ", ".join([f"coalesce({called[0]}, {_of(table)})", *says] if called else says or [table.key_of("t.")])
    people = [_place(table, column) for column in ("developer_name", "developer_code")]
    con.execute(
        f"INSERT INTO own_subject SELECT {quoted(table.name)}, CAST({table.key_of('t.')} AS VARCHAR), concat_ws(' ', {whole}), "
        f"{_own_or(fields, places, 'district_code')}, {_own_or(fields, places, 'community_code')}, {', '.join(people)} {source}"
    )


def _said(field: Field) -> str:
    """SQL: the value of a key field as people read it in a name, a code by the word that deliveries have for it."""
    text = f"CAST(t.{name(field.columns[0])} AS VARCHAR)"
    words = " ".join(f"WHEN {quoted(choice.code)} THEN {quoted(choice.label.zh)}" for choice in field.choices)
    return f"CASE {text} {words} ELSE {text} END" if words else text


def _own_or(fields: set[str], places: dict[str, str], column: str) -> str:
    return f"t.{column}" if column in fields else places[column]


def _names_of(table: OwnTable) -> set[str]:
    """The fields that name what a row belongs to: it is called by that one's name instead."""
    return {BELONGS[table.belongs[0]][0]} if table.belongs else set()


def _of(table: OwnTable) -> str:
    """SQL: the id of what a row belongs to first."""
    return f"CAST(t.{BELONGS[table.belongs[0]][0]} AS VARCHAR)"


def _place(table: OwnTable, column: str) -> str:
    """SQL: a column of what the row belongs to, of the first that has it; NULL where none has."""
    chain = [*table.belongs, *(("project",) if "parcel" in table.belongs and "project" not in table.belongs else ())]
    found = [f"{_AT.get(subject, f'{subject}_')}.{_PLACES[subject][column]}" for subject in chain if column in _PLACES[subject]]
    return f"coalesce({', '.join(found)})" if found else "NULL::VARCHAR"
