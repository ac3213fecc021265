"""Findings sorted, chosen by project, and what they come to: the sums of parts are those of the whole."""

import json
from decimal import Decimal

import pytest

from planning_check.report.told.chosen import Chosen
from planning_check.report.told.dossier import by_developer
from planning_check.report.told.summarising import summarise
from planning_check.store import Filters, balance_lines, findings, led, load_run, open_store, save_run, totals
from planning_check.words import BUREAUS, SORTS
from tests import kept
from tests.cli.test_dossier import MORE
from tests.store.tables import FINDINGS, TELLINGS, connection, manifest

STAGES = [{"code": code, "zh": code, "en": code} for code in ("handover", "as_built", "use")]
OF = {"HO01": "handover", "AR03": "as_built", "US01": "use"}


def more(engine):
    told = manifest()
    told |= {"stages": STAGES, "rules_run": [rule | ({"stage": OF[rule["id"]]} if rule["id"] in OF else {}) for rule in told["rules_run"]]}
    save_run(engine, connection([*FINDINGS, *MORE]), told, TELLINGS)


@pytest.fixture
def db(tmp_path):
    return kept.store(tmp_path / "库.sqlite", more)


def listed(db, call, *options):
    code, out, err = call("findings", "--db", db.url.database, "--format", "jsonl", *options)
    assert code == 0, err
    return [json.loads(line) for line in out.splitlines()]


def come_to(db, **chosen):
    found = Chosen(led(db, 1))
    list(found.counting(findings(db, 1, Filters(**chosen))))
    return found


def test_what_a_choice_comes_to_is_what_the_lists_say(db):
    of_lists = {one.code: one.total for one in summarise(totals(db, 1)).lists}
    parts = come_to(db).parts
    assert set(parts) == {"violations", "deposits", "offices"}
    for code, part in parts.items():
        total = of_lists[code]
        assert (part.lines, part.violations, part.area_m2, part.yuan, part.yuan_min) == (
            total.lines, total.findings, total.area_m2, total.yuan, total.yuan_min,
        )  # fmt: skip


def test_parts_add_up_to_the_whole_and_nothing_is_counted_twice(db):
    whole = come_to(db, list="violations").parts["violations"]
    parts = [come_to(db, list="violations", rule=rule).parts["violations"] for rule in ("AR03", "HO01", "US01")]
    assert [one.area_m2 for one in parts] == [Decimal("660.00"), None, None]
    assert sum(one.area_m2 or 0 for one in parts) == whole.area_m2 == Decimal("660.00")
    assert [one.without_area for one in parts] == [0, 1, 1]


def test_what_is_in_no_sum_is_said(db):
    for lang, words in (("zh", "其中 1 行的面积、金额按没有选中的问题计，不在数内"), ("en", "of 1 line a finding that is not chosen says")):
        told = [text.get(lang) for text in come_to(db, rule="HO01").told()]
        assert words in told[1]
        assert "㎡" not in told[1]


def test_of_nothing_there_is_no_sum(db):
    found = come_to(db, rule="OF", outcome="undetermined")
    assert (found.findings, found.projects, found.parts, len(found.told())) == (0, set(), {}, 1)


@pytest.mark.parametrize(("sort", "field"), [("yuan", "yuan"), ("area", "area_m2"), ("severity", "severity"), ("district", "district_code"),
                                             ("developer", "developer_name")])  # fmt: skip
def test_the_largest_come_first_and_what_has_none_last(db, call, sort, field):
    found = [row[field] for row in listed(db, call, "--sort", sort)]
    known = [one for one in found if one is not None]
    assert len(set(known)) > 1
    assert found[: len(known)] == known, "unknown at the end"
    orders = {"yuan": lambda one: -Decimal(one), "area": lambda one: -Decimal(one),
              "severity": ["critical", "major", "minor", "lead", "data", "info"].index}  # fmt: skip
    assert known == sorted(known, key=orders.get(sort))


def test_every_sort_keeps_every_finding(db, call):
    whole = {row["fingerprint"] for row in listed(db, call)}
    for sort, word in SORTS.items():
        assert {row["fingerprint"] for row in listed(db, call, "--sort", sort)} == whole
        assert listed(db, call, "--sort", word.zh) == listed(db, call, "--sort", sort), "the Chinese word"


def test_a_project_is_told_as_a_story_and_by_its_id_or_name(db, call):
    assert [row["rule_id"] for row in listed(db, call, "--project", "P1")] == ["HO01", "AR03", "US01", "US01"]
    both = listed(db, call, "--project", "P1", "--project", "P9")
    assert [row["project_id"] for row in both] == ["P1"] * 4 + ["P9"]
    name = next(row["subject_name"] for row in both if row["subject"] == "project" and row["project_id"] == "P1")
    assert listed(db, call, "--project", name) == listed(db, call, "--project", "P1")
    assert [row["rule_id"] for row in listed(db, call, "--project", "P1", "--sort", "area")] == ["AR03", "HO01", "US01", "US01"]


def test_a_project_without_findings_is_known_and_another_is_told_its_nearest(tmp_path, call):
    engine = open_store(f"sqlite:///{tmp_path / 'clean.sqlite'}")
    save_run(engine, connection([one for one in FINDINGS if one["project_id"] == "P1"]), manifest(), TELLINGS)
    code, _, err = call("findings", "--db", engine.url.database, "--project", "P2", "--lang", "zh")
    assert (code, err) == (0, "没有符合条件的问题\n")
    code, _, err = call("findings", "--db", engine.url.database, "--project", "P77", "--lang", "zh")
    assert (code, "没有这个项目：P77" in err, "相近的有：P" in err) == (2, True, True)


def test_a_run_without_stages_keeps_its_order(tmp_path, call):
    engine = open_store(f"sqlite:///{tmp_path / 'old.sqlite'}")
    save_run(engine, connection(), manifest(), TELLINGS)
    assert [row["rule_id"] for row in listed(engine, call, "--project", "P1")] == ["AR03", "HO01", "US01"]


def test_the_sums_of_developers_and_of_bureaus_are_those_of_the_lists(db):
    whole = come_to(db).parts
    developers = [one.dossier.parts for one in by_developer(load_run(db), findings(db, 1), balance_lines(db, 1), led(db, 1))]
    bureaus = [come_to(db, responsible=code).parts for code in BUREAUS]
    for parts in (developers, bureaus):
        assert len([one for one in parts if one]) > 1
        for code, part in whole.items():
            of_list = [one[code] for one in parts if code in one]
            assert sum(one.area_m2 or 0 for one in of_list) == (part.area_m2 or 0)
            assert sum(one.yuan or 0 for one in of_list) == (part.yuan or 0)
            assert sum(one.violations for one in of_list) == part.violations
