"""What people read where a message puts in a list: labels and not codes, joined as the language joins them."""

import duckdb
import pytest

from planning_check.errors import RulebookError
from planning_check.facts.dictionary import SUBJECTS
from planning_check.rulebook import terms as t
from planning_check.rulebook.messages import compile_template, plain_text, reader_text
from planning_check.rulebook.nodes import read_yaml

MISSING = SUBJECTS["community"].facts["missing_functions"]


def read(sql: str, value: str) -> str:
    return duckdb.connect().execute(f"SELECT {sql} FROM (SELECT {value}::VARCHAR[] AS listed)").fetchone()[0]


def shown(value: str, lang: str, choices=MISSING.choices) -> str:
    return read(reader_text("missing_functions", t.symbol("missing_functions", "list", "listed"), lang, choices), value)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("['library', 'outdoor_ground']", "图书室、室外健身活动场所", "library, outdoor ground"),
        ("['police_room']", "警务室", "police room"),
        ("[]", "无", "none"),
        ("NULL", "未载明", "not stated"),
        ("['library', 'a_code_of_their_own']", "图书室、a_code_of_their_own", "library, a_code_of_their_own"),
    ],
)
def test_a_list_is_read_by_its_labels(value, zh, en):
    assert (shown(value, "zh"), shown(value, "en")) == (zh, en)


def test_a_list_without_labels_is_read_as_it_is():
    assert shown("['甲', '乙']", "zh", ()) == "甲、乙"


def test_the_record_keeps_the_codes():
    assert read(plain_text(t.symbol("missing_functions", "list", "listed")), "['library', 'outdoor_ground']") == "library,outdoor_ground"


SCOPE = {
    "was_demanded": t.symbol("was_demanded", "bool", "was_demanded"),
    "demands": t.symbol("demands", "number", "demands"),
    "minutes_no": t.symbol("minutes_no", "text", "minutes_no"),
    "due_on": t.symbol("due_on", "date", "due_on", hi="due_on_hi"),
}


@pytest.fixture
def said(tmp_path):
    def said(template: str, lang: str = "zh", **values: str) -> str:
        path = tmp_path / "rule.yaml"
        path.write_text(f"message:\n  {lang}: '{template}'\n", "utf-8")
        sql, used = compile_template(read_yaml(path, name="rule.yaml").need("message"), SCOPE, {}, lang)
        assert used == {name for name in SCOPE if name in template}
        known = {
            "was_demanded": "NULL::BOOLEAN",
            "demands": "NULL::INTEGER",
            "minutes_no": "NULL::VARCHAR",
            "due_on": "NULL::DATE",
        } | values
        columns = ", ".join(f"{value} AS {name}" for name, value in known.items())
        return duckdb.connect().execute(f"SELECT {sql} FROM (SELECT *, due_on AS due_on_hi FROM (SELECT {columns}))").fetchone()[0]

    return said


def test_a_number_is_unknown_and_a_text_or_day_is_not_stated(said):
    assert said("{was_demanded} {demands} {minutes_no} {due_on}") == "未知 未知 未载明 未载明"
    assert said("{was_demanded} {demands} {minutes_no} {due_on}", "en") == "unknown unknown not stated not stated"


@pytest.mark.parametrize(
    ("holds", "shown"),
    [("true", "催告 2 次，期限 2011-01-31。完"), ("false", "催告 2 次。完"), ("NULL::BOOLEAN", "催告 2 次，期限 2011-01-31。完")],
)
def test_a_part_is_left_out_only_where_its_condition_is_known_not_to_hold(said, holds, shown):
    text = "催告 {demands} 次[[was_demanded|，期限 {due_on}]]。完"
    assert said(text, was_demanded=holds, demands="2", due_on="DATE '2011-01-31'") == shown


@pytest.mark.parametrize(
    ("holds", "shown"), [("true", "到 2011-01-31"), ("false", "没有催告（未载明）"), ("NULL::BOOLEAN", "到 2011-01-31")]
)
def test_and_something_else_where_it_does_not(said, holds, shown):
    assert said("[[was_demanded|到 {due_on}|没有催告（{minutes_no}）]]", was_demanded=holds, due_on="DATE '2011-01-31'") == shown


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("[[demands|有]]", "condition of [[demands"),
        ("[[was_demandd|有]]", "was_demanded"),
        ("[[was_demanded|{due}]]", "due_on"),
        ("[[was_demanded]]", "not complete"),
        ("[[was_demanded|一|二|三]]", "not complete"),
        ("[[was_demanded|一[[was_demanded|二]]]]", "not complete"),
        ("[[was_demanded|一", "not complete"),
        ("一]]", "not complete"),
        ("[[was_demanded|{demands]]}", "unbalanced"),
    ],
)
def test_what_is_written_wrong_stops_the_load_at_its_line(said, template, why):
    with pytest.raises(RulebookError) as stopped:
        said(template)
    assert why in stopped.value.render("en") and "rule.yaml:2" in stopped.value.render("en")
