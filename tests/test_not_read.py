"""A cell that is written and cannot be read is unknown: it is never taken for a blank one, which may mean that there is none."""

import duckdb
import pytest

from planning_check.facts.dictionary import SUBJECTS
from planning_check.rulebook.expressions import compile_expression
from planning_check.rulebook.nodes import Item
from planning_check.rulebook.scopes import FACT_KINDS, fact_scope
from planning_check.schema import NOT_READ, TABLES, Field
from tests.facts.tables import connection, facts
from tests.widths import load

FAULTS = {
    "bool": "看附件",
    "choice": "某类",
    "choices": "住宅、某类",
    "number": "若干",
    "integer": "若干",
    "area": "若干",
    "money": "若干",
    "code": "同上",
}
GIVEN = {"code": "A1", "text": "甲", "area": "100", "money": "100", "number": "1", "date": "2009-01-05"}
OPTIONAL = {t.name: [f for f in t.fields if f.may_be_blank and f.type in FAULTS] for t in TABLES}


def written(field: Field, fault: bool) -> str:
    if field.need:
        return field.choices[0].label.zh if field.choices else GIVEN[field.type]
    return FAULTS.get(field.type, "") if fault else ""


@pytest.fixture(scope="module", params=[True, False], ids=["unreadable", "blank"])
def read(request, tmp_path_factory):
    """Every table with one row, whose cells that may be blank are all unreadable, or all blank."""
    folder = tmp_path_factory.mktemp("cells")
    for table in (t for t in TABLES if not (t.geometry and t.geometry.need)):
        fields = [f for f in table.fields if f.type != "geometry"]
        rows = [[f.label.zh for f in fields], [written(f, request.param) for f in fields]]
        (folder / f"{table.label.zh}.csv").write_text("\n".join(",".join(row) for row in rows), "utf-8")
    con = duckdb.connect()
    load(con, [folder])
    return con, request.param


@pytest.mark.parametrize("table", [t.name for t in TABLES if not (t.geometry and t.geometry.need)])
def test_a_row_names_the_cells_that_could_not_be_read(read, table):
    con, unreadable = read
    ((told,),) = con.execute(f"SELECT {NOT_READ} FROM {table}").fetchall()
    assert told == ([f.name for f in OPTIONAL[table]] if unreadable else [])


def test_of_two_files_what_either_can_read_is_read_and_what_they_tell_apart_is_not(tmp_path):
    head = "用房编号,项目编号,临时建筑,计入义务,抵押查封\n"
    (tmp_path / "1用房.csv").write_text(head + "R1,P1,看附件,社区用房,抵押\nR2,P1,看附件,,\n", "utf-8")
    (tmp_path / "2用房.csv").write_text(head + "R1,P1,否,无,\nR2,P1,,,\n", "utf-8")
    con = duckdb.connect()
    load(con, [tmp_path])
    assert con.execute(f"SELECT temporary, {NOT_READ} FROM premises ORDER BY premises_id").fetchall() == [
        (False, ["counts_toward"]), (None, ["temporary"]),
    ]  # fmt: skip


def blank_facts() -> list[tuple[str, str]]:
    return [(s.name, f.name) for s in SUBJECTS.values() for f in s.facts.values() if f.may_be_blank and f.type in FACT_KINDS]


def test_no_expression_takes_it_for_a_blank():
    con = duckdb.connect()
    for subject, name in blank_facts():
        fact = SUBJECTS[subject].facts[name]
        scope = fact_scope(SUBJECTS[subject].facts)
        for text in (f"{name} is null", f"{name} is not null", f"coalesce({name}, {name})"):
            term = compile_expression(Item(text, "rule.yaml", 1), scope)
            row = f"SELECT NULL::{fact.sql_type} AS {name}, {{}} AS {NOT_READ}"
            unread = con.execute(f"SELECT {term.sql}, {term.missing} FROM ({row.format(f'[{name!r}]')})").fetchone()
            assert unread == (None, f"{name},"), (subject, text)
            if "coalesce" not in text:
                assert con.execute(f"SELECT {term.sql}, {term.missing} FROM ({row.format('[]')})").fetchone() == (" not " not in text, "")


def test_a_default_does_not_stand_in_for_it():
    scope = fact_scope(SUBJECTS["premises"].facts)
    con = duckdb.connect()
    for text, known in (("coalesce(temporary, false)", False), ("coalesce(storey_height_m > 2, true)", True)):
        term = compile_expression(Item(text, "rule.yaml", 1), scope)
        name = "temporary" if "temporary" in text else "storey_height_m"
        row = "SELECT NULL::{} AS {}, {} AS not_read"
        type_ = SUBJECTS["premises"].facts[name].sql_type
        found = [
            con.execute(f"SELECT {term.sql}, {term.missing} FROM ({row.format(type_, name, unread)})").fetchone()
            for unread in (f"['{name}']", "[]", "NULL::VARCHAR[]")
        ]
        assert found == [(None, f"{name},"), (known, ""), (known, "")]


def test_facts_made_of_what_is_none_where_blank():
    def told(**unread: list[str]) -> tuple:
        def row(table: str) -> dict:
            return {NOT_READ: unread.get(table, [])}

        con = connection(
            projects=[{"project_id": "P1", "project_name": "甲", "district_code": "1"} | row("projects")],
            premises=[{"premises_id": "R1", "project_id": "P1"} | row("premises")],
            handovers=[{"handover_id": "H1", "project_id": "P1", "area_m2": 10, "handed_over_on": "2010-05-01"} | row("handovers")],
            payments=[{"payment_id": "Z1", "project_id": "P1", "amount_yuan": 100, "received_on": "2010-05-01", "unit_price_yuan_per_m2": 1}
                      | row("payments")],
            deposits=[{"event_id": "D1", "project_id": "P1", "event": "forfeited", "amount_yuan": 5, "event_on": "2010-05-01"}
                      | row("deposits")],
            demands=[{"demand_id": "C1", "project_id": "P1", "served_on": "2010-05-01", "deadline_on": "2010-06-01",
                      "extended_to": "2011-12-31"}
                     | row("demands")],
        )  # fmt: skip
        return (
            *facts(con, "project", "is_filed", "in_lieu_agreed_m2", "demand_extension", "demand_deadline_on_hi", "fund_credited_yuan")[0],
            *facts(con, "premises", "is_titled")[0],
        )

    day = told()[3]
    assert told() == (False, 0, "no_document", day, 0, False)
    unread = told(
        projects=["filing_no"], payments=["agreement_no"], demands=["extension_no"], deposits=["booked_to"], premises=["title_no"]
    )
    assert unread[:3] + unread[4:] == (None, None, None, None, None) and unread[3] > day
