"""Own tables of a rules folder: what they may say, what stops the load with file and line, and that two books do not see each other's."""

import pickle
import re
from pathlib import Path

import pytest

from planning_check import declared, following, pipeline, schema, words
from planning_check.errors import RulebookError
from planning_check.facts.dictionary import PROJECT, SUBJECTS
from planning_check.rulebook import reserved
from planning_check.rulebook.loading import load

ROOT = Path(__file__).parents[2]

MARKETS = """\
table: markets
title: {zh: 菜市场台账, en: markets}
aliases: [菜市场, 农贸市场]
owner: housing
judged: yes
fields:
  market_id: {type: code, need: key, zh: 菜市场编号, en: market id}
  community_code: {type: code, need: required, of: community, zh: 社区代码, en: community code}
  stalls: {type: integer, unit: 个, zh: 摊位数, en: stalls, owner: civil_affairs}
  width_m: {type: number, zh: 宽度, en: width}
  opened_on: {type: date, zh: 开业日期, en: opened on}
  kind: {type: choice, zh: 类别, en: kind, choices: {hall: {zh: 室内, en: hall, aliases: [棚内]}, open: {zh: 露天, en: open air}}}
  geometry: {type: geometry, zh: 位置, en: place}
facts:
  community:
    markets: {count: yes, where: opened_on <= as_of, zh: 菜市场数, en: markets}
    market_stalls: {sum: stalls, where: kind = 'hall', zh: 室内摊位数, en: stalls in halls}
    newest_market_kind: {latest: kind, by: opened_on, zh: 最新菜市场类别, en: kind of the newest market}
  markets:
    people: {lookup: community.population, zh: 服务人口, en: people served}
    beside: {lookup: community.markets}
"""


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "own" / "tables" / "markets.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(MARKETS, "utf-8")
    return tmp_path / "own"


def book(*folders):
    return load([pipeline.bundled("rules"), *folders])


def refused(folder, old: str, new: str, file: str = "markets") -> RulebookError:
    path = folder / "tables" / f"{file}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(RulebookError) as caught:
        book(folder)
    return caught.value


def test_a_table_is_read_as_it_is_declared(folder):
    (own,) = book(folder).own
    assert (own.name, own.belongs, own.judged, own.key, own.file) == (
        "markets",
        ("community",),
        True,
        "market_id",
        "own/tables/markets.yaml",
    )
    stalls, width, place = (own.table.field(name) for name in ("stalls", "width_m", "geometry"))
    assert (stalls.unit, stalls.owner, stalls.need) == ("个", "civil_affairs", "")
    assert (width.unit, width.owner, place.is_point) == ("m", "housing", True)
    facts = {fact.name: fact for fact in own.facts}
    assert (facts["markets"].type, facts["markets"].owner) == ("integer", "housing")
    assert (facts["market_stalls"].unit, facts["market_stalls"].owner) == ("个", "civil_affairs")
    assert facts["market_stalls"].reads == ("markets.market_id", "markets.stalls", "markets.kind")
    assert [c.code for c in facts["newest_market_kind"].choices] == ["hall", "open"]
    assert (facts["people"].type, facts["people"].label.zh) == ("integer", "服务人口")
    assert (facts["beside"].of, facts["beside"].label.zh) == ("community.markets", "菜市场数")


def test_a_record_gives_the_tables_back(folder):
    own = book(folder).own
    assert declared.of_record(declared.record(own)) == own
    assert pickle.loads(pickle.dumps(own)) == own


def test_they_are_in_force_for_as_long_as_a_book_is_at_work_and_no_longer(folder):
    own = book(folder).own
    before = (list(schema.TABLES), dict(schema.BY_NAME), dict(words.SUBJECTS), list(SUBJECTS), dict(SUBJECTS["community"].facts))
    with following.in_force(own):
        assert schema.BY_NAME["markets"] is own[0].table and schema.RECORDS[-1] is own[0].table
        assert words.SUBJECTS["markets"].zh == "菜市场台账"
        assert SUBJECTS["community"].facts["markets"].label.en == "markets"
        assert SUBJECTS["community"].rows["markets"] == ("community_code", "community_code")
        assert (SUBJECTS["markets"].key, SUBJECTS["markets"].law_by) == ("market_id", "as_of")
        assert SUBJECTS["project"] is PROJECT
        with following.in_force(()):  # another book, without any
            assert "markets" not in SUBJECTS and "markets" not in SUBJECTS["community"].facts
        assert "markets" in SUBJECTS
    after = (list(schema.TABLES), dict(schema.BY_NAME), dict(words.SUBJECTS), list(SUBJECTS), dict(SUBJECTS["community"].facts))
    assert after == before


def test_a_command_forgets_the_runs_that_it_opened(folder):
    own = book(folder).own
    with following.restored():
        declared.also(own)
        declared.also(own)
        assert following.current() == own
    assert following.current() == ()


def test_what_was_worked_out_from_the_dictionary_follows_it(folder):
    from planning_check.ingest.headers import every_word, point_tables
    from planning_check.ingest.recognise import tables_named
    from planning_check.template import is_example

    own = book(folder).own

    def asked():
        return tables_named("某区农贸市场"), ("摊位数", "stalls") in every_word(), "markets" in point_tables(), is_example("例：室内")

    assert asked() == ((), False, False, False)
    with following.in_force(own):
        assert asked() == (("markets",), True, True, True)
    assert asked() == ((), False, False, False)


MISTAKES = {
    "a file of another name": ("table: markets", "table: stalls", 1, "does not fit the file name markets.yaml"),
    "an owner that is no bureau": ("owner: housing", "owner: trade", 4, "unknown value trade"),
    "an alias of a bundled table": ("[菜市场, 农贸市场]", "[菜市场, 移交台账]", 3, "is a name or alias of the table handovers"),
    "a key that is none": ("judged: yes", "judge: yes", 5, "unknown key judge"),
    "no key": ("need: key, ", "", 7, "no key"),
    "a geometry of another name": ("geometry: {type", "place: {type", 13, "a geometry is a field called geometry"),
    "a geometry as key": ("geometry: {type: geometry,", "geometry: {type: geometry, need: key,", 13, "cannot be a key"),
    "a word of the database": ("width_m:", "order:", 10, "is one that the program or the database uses itself"),
    "a column of the program": ("width_m:", "row_ids:", 10, "is one that the program or the database uses itself"),
    "another name for what it belongs to": ("community_code: {", "served_code: {", 8, "is called community_code and is of type code"),
    "choices of a number": ("width_m: {type: number,", "width_m: {type: number, choices: {a: {zh: 甲, en: a}},", 10, "choices are for"),
    "a choice without any": (
        "kind: {type: choice, zh: 类别, en: kind, choices: {hall: {zh: 室内, en: hall, aliases: [棚内]}, open: {zh: 露天, en: open air}}}",
        "kind: {type: choice, zh: 类别, en: kind}",
        12,
        "choices are for",
    ),
    "two choices of one word": ("open: {zh: 露天", "open: {zh: 棚内", 12, "is what both hall and open go by"),
    "an alias of another field": ("en: width}", "en: width, aliases: [摊位数]}", 10, "is what both stalls and width_m go by"),
    "a fact that is there already": ("    markets: {count", "    population: {count", 16, "community has a fact population already"),
    "a fact that is a measure of the rules": (
        "    market_stalls: {sum",
        "    open_duties: {sum",
        17,
        "open_duties is a measure that rules share",
    ),
    "a subject that no field names": ("  community:\n", "  project:\n", 16, "no field of this table names a project"),
    "where that is no yes or no": ("where: opened_on <= as_of", "where: stalls + 1", 16, "a bool is expected here, not a number"),
    "where of another table": ("where: opened_on <= as_of", "where: population > 1", 16, "unknown name population"),
    "SQL": ("where: opened_on <= as_of", "where: (select count(*) from offices) > 1", 16, "not allowed here"),
    "a function that is not allowed": ("where: opened_on <= as_of", "where: read_text('x') = 'y'", 16, "not allowed"),
    "an unknown choice": ("kind = 'hall'", "kind = 'tent'", 17, "no such value 'tent'"),
    "a sum of texts": ("sum: stalls", "sum: kind", 17, "is of type choice and cannot be added up"),
    "by what has no order": ("by: opened_on", "by: kind", 18, "has no order"),
    "the latest of nothing": ("latest: kind, by: opened_on", "latest: kind", 18, "by is missing"),
    "by beside a sum": ("sum: stalls", "sum: stalls, by: opened_on", 17, "by does not go here"),
    "neither count nor sum": ("count: yes, where: opened_on <= as_of, ", "", 16, "one of count, sum and latest is needed"),
    "a count for what looks up": ("people: {lookup: community.population", "people: {count: yes", 20, "count does not go here"),
    "a lookup of an unknown fact": ("community.population", "community.inhabitants", 20, "community has no fact inhabitants"),
    "a lookup of itself": ("community.population", "markets.beside", 20, "a row belongs to no markets"),
    "without a label": ("zh: 菜市场数, en: markets}", "en: markets}", 16, "zh is missing"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_stops_the_load_with_file_and_line(folder, mistake):
    old, new, line, said = MISTAKES[mistake]
    error = refused(folder, old, new)
    assert error.exit_code == 2
    assert error.where.get("en") == f"own/tables/markets.yaml:{line}"
    assert said in error.render("en")
    assert error.what.zh != error.what.en


def test_a_table_of_two_folders_is_refused(folder, tmp_path):
    other = tmp_path / "other" / "tables"
    other.mkdir(parents=True)
    (other / "markets.yaml").write_text(MARKETS, "utf-8")
    with pytest.raises(RulebookError, match="already defined in own/tables/markets"):
        book(folder, tmp_path / "other")


def test_a_fact_of_two_tables_is_refused(folder):
    halls = (
        MARKETS.partition("facts:")[0]
        .replace("markets", "halls")
        .replace("菜市场", "大厅")
        .replace("农贸市场", "农贸大厅")
        .replace("market id", "hall id")
    )
    facts = "facts:\n  community:\n    markets: {count: yes, zh: 大厅数, en: halls}\n"
    (folder / "tables" / "halls.yaml").write_text(halls + facts, "utf-8")
    with pytest.raises(RulebookError, match="community has a fact markets already"):
        book(folder)


def test_a_folder_with_a_mistake_leaves_nothing_in_force(folder):
    refused(folder, "sum: stalls", "sum: kind")
    assert following.current() == () and "markets" not in schema.BY_NAME


def test_the_digest_of_a_book_knows_its_tables(folder):
    before = book(folder).hashes
    path = folder / "tables" / "markets.yaml"
    path.write_text(MARKETS.replace("zh: 摊位数", "zh: 摊位"), "utf-8")
    after = book(folder).hashes
    assert {name for name in before if before[name] != after[name]} == {"own/tables/markets.yaml"}


_MADE = re.compile(
    r"CREATE (?:OR REPLACE )?(?:TEMP )?(?:TABLE|VIEW|MACRO) ([a-z_]+)\b(?![.{])|"
    r"create_with\(\s*con,\s*\"([a-z_]+)\"|\.register\(\"([a-z_]+)\""
)


def test_no_table_that_the_program_makes_can_be_overwritten_by_one_of_that_name():
    made = {
        name
        for path in (ROOT / "planning_check").rglob("*")
        if path.suffix in (".py", ".sql") and path.parent.parent.name != "report"  # which writes files of its own
        for found in _MADE.findall(path.read_text("utf-8"))
        for name in found
        if name and not name.endswith("_")  # a part of a name
    }
    assert len(made) > 150
    known = reserved.TABLES | schema.BY_NAME.keys() | words.SUBJECTS.keys()
    assert {name for name in made if name not in known and not name.startswith(reserved.PREFIXES)} == set()


@pytest.mark.parametrize("name", ["order", "problem", "raw_markets", "fact_x", "offices", "office"])
def test_a_table_of_a_taken_name_is_refused(folder, name):
    (folder / "tables" / "markets.yaml").rename(folder / "tables" / f"{name}.yaml")
    error = refused(folder, "table: markets", f"table: {name}", name)
    assert error.where.get("en") == f"own/tables/{name}.yaml:1"


def test_two_declarations_of_a_table_are_both_told_and_the_first_goes_before(folder):
    own = book(folder).own
    path = folder / "tables" / "markets.yaml"
    path.write_text(MARKETS.replace("width_m:", "length_m:").replace("zh: 摊位数, en: stalls", "zh: 摊位, en: stands"), "utf-8")
    other = book(folder).own
    with following.restored():
        declared.also(own)
        declared.also(other)
        fields = [f.name for f in schema.BY_NAME["markets"].fields]
        assert fields[-1] == "length_m" and "width_m" in fields
        assert schema.BY_NAME["markets"].field("stalls").label.en == "stalls"
        assert {"width_m", "length_m", "people", "beside"} <= SUBJECTS["markets"].facts.keys()
        with following.in_force(other):
            assert "width_m" not in SUBJECTS["markets"].facts
