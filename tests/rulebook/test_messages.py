"""What people read where a message puts in a list: labels and not codes, joined as the language joins them."""

import duckdb
import pytest

from planning_check.facts.dictionary import SUBJECTS
from planning_check.rulebook import terms as t
from planning_check.rulebook.messages import plain_text, reader_text

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
        ("NULL", "未知", "unknown"),
        ("['library', 'a_code_of_their_own']", "图书室、a_code_of_their_own", "library, a_code_of_their_own"),
    ],
)
def test_a_list_is_read_by_its_labels(value, zh, en):
    assert (shown(value, "zh"), shown(value, "en")) == (zh, en)


def test_a_list_without_labels_is_read_as_it_is():
    assert shown("['甲', '乙']", "zh", ()) == "甲、乙"


def test_the_record_keeps_the_codes():
    assert read(plain_text(t.symbol("missing_functions", "list", "listed")), "['library', 'outdoor_ground']") == "library,outdoor_ground"
