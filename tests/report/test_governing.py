"""Why this version of the law and not the others: what is told agrees with what judges, and every way of being turned down is said."""

import datetime as dt
import random
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from planning_check import assess
from planning_check.assess.law import MILESTONES, possible_days
from planning_check.facts.dictionary import PROJECT
from planning_check.report.told.governing import ALWAYS, differing, on_day, weigh
from planning_check.report.told.law_history import history
from planning_check.rulebook.case_rows import columns_of
from planning_check.rulebook.compile import make_plan
from planning_check.rulebook.loading import load
from planning_check.rulebook.texts import ordinance_record
from planning_check.sql import create_with

FIRST = dt.date(2006, 1, 1)


def ordinance(own: str, place: str, begins: str, ends: str = "null", values=(("", "0.01"),), anchor="plan_approved_on", base="") -> str:
    dated = ", ".join(f"{{from: {day or begins}, value: {value}}}" for day, value in values)
    built_on = f"based_on: {base}\n" if base else ""
    return (
        f"id: {own}\n{built_on}title: {{zh: 办法{own}, en: Ordinance {own}}}\njurisdiction: \"{place}\"\nfrom: {begins}\nto: {ends}\n"
        f"anchor: {anchor}\nverified: no\nclauses:\n  share: {{values: [{dated}], unit: \"1\", cite: 第三条}}\ncases: []\n"
    )  # fmt: skip


def written(folder: Path, *texts: str, overrides: str = "") -> list:
    (folder / "ordinances").mkdir(parents=True, exist_ok=True)
    if overrides:
        (folder / "overrides.yaml").write_text(overrides, "utf-8")
    for text in texts:
        (folder / "ordinances" / f"{text.split()[1]}.yaml").write_text(text, "utf-8")
    return list(load([folder]).ordinances)


def records(folder: Path, *texts: str, overrides: str = "") -> list[dict]:
    return [ordinance_record(one) for one in written(folder, *texts, overrides=overrides)]


def governed(ordinances, projects) -> list[tuple]:
    """State, ordinance, first day of the version and share of each project, as they are judged."""
    plan = make_plan(ordinances, [], [])
    rows = [{**one, "project_id": f"{n:04d}", "as_of": dt.date(2011, 6, 30)} for n, one in enumerate(projects)]
    with duckdb.connect() as con:
        create_with(con, "fact_project", columns_of(PROJECT, lawful=False), rows)
        assess.create_law(con, plan)
        assess.govern(con, plan)
        return con.execute(
            "SELECT law_state, ordinance_id, from_on, law_share FROM governing_project LEFT JOIN law_version USING (version_no) "
            "ORDER BY project_id"
        ).fetchall()


def some_ordinances(chance: random.Random) -> tuple[list[str], str]:
    """Ordinances, some of which build on others, and values of theirs for places and days."""
    texts, placed, made = [], [], {}
    for n in range(chance.randint(1, 4)):
        place, anchor = chance.choice(["", "99", "9901", "990101", "88"]), chance.choice(["plan_approved_on", "permitted_on"])
        begins = FIRST + dt.timedelta(days=chance.randint(0, 60))
        base = chance.choice(["", *made])
        if base and chance.random() < 0.7:
            place, begins = made[base][0], max(made[base][1], begins)
        elif base:
            begins = max(made[base][1], begins)
        ends = chance.choice(["null", "null", begins + dt.timedelta(days=chance.randint(0, 40))])
        later = begins + dt.timedelta(days=chance.randint(1, 30))
        values = [("", "0.01"), (later, "0.02")] if chance.random() < 0.5 and ends == "null" else [("", "0.01")]
        texts.append(ordinance(f"o{n}", place, str(begins), str(ends), values, anchor, base))
        made[f"o{n}"] = (place, begins)
        if chance.random() < 0.4 and ends == "null" and place != "88":
            within = chance.choice(["990101", "990102"]) if place != "990101" else place
            day = begins + dt.timedelta(days=chance.randint(0, 20))
            placed.append(f'  o{n}.share: [{{jurisdiction: "{within}", from: {day}, value: 0.03, cite: 第九条}}]\n')
    return texts, "clauses:\n" + "".join(placed) if placed else ""


def some_project(chance: random.Random) -> dict:
    told = {"district_code": chance.choice(["990101", "990102", "880101", None])}
    day = FIRST
    for name in MILESTONES[:4]:
        day += dt.timedelta(days=chance.randint(0, 25))
        kind = chance.random()
        first, last = (day, day) if kind < 0.5 else (day, day + dt.timedelta(days=20)) if kind < 0.7 else (None, None)
        if kind > 0.95:
            first, last = dt.date.min, dt.date.max  # written, and no day
        told |= {f"{name}_lo": first, f"{name}_hi": last}
    return told


def test_what_is_told_is_what_judges(tmp_path):
    """On random ordinances and projects: state, ordinance and version, and never a reason for what governs to be turned down."""
    chance, seen = random.Random(7), set()
    for number in range(40):
        texts, overrides = some_ordinances(chance)
        ordinances = written(tmp_path / str(number), *texts, overrides=overrides)
        projects = [some_project(chance) for _ in range(25)]
        told = [ordinance_record(one) for one in ordinances]
        for project, judged in zip(projects, governed(ordinances, projects), strict=True):
            days = {name: (project.get(f"{name}_lo"), project.get(f"{name}_hi")) for name in MILESTONES}
            found = weigh(told, project["district_code"], lambda anchor, days=days: possible_days(anchor, days))
            governs = found.having("governs")
            assert len(governs) <= 1
            told_so = [(v.id, v.first, Decimal(v.value("share"))) for v in governs] or [(None, None, None)]
            assert (found.state, *told_so[0]) == judged
            seen |= {"placed" for v in governs if v.placed("share")}
            seen |= {found.state} | {one.verdict for one in found.weighed}
    assert seen >= {"governed", "legacy", "none", "gap", "conflict", "anchor_unclear"}
    assert seen >= {"governs", "may", "conflict", "gives_way", "narrower", "early", "late", "elsewhere", "placed"}


def said(found) -> dict[tuple[str, str], tuple[str, str]]:
    return {(one.version.id, one.version.first.isoformat()): (one.verdict, one.why.en) for one in found.weighed}


def test_each_is_turned_down_for_its_own_reason(tmp_path):
    law = records(
        tmp_path, ordinance("nation", "", "2006-04-09", values=(("", "0.01"), ("2009-01-01", "0.02"))),
        ordinance("old", "99", "2005-01-01", "2007-12-31"),
        ordinance("district", "990101", "2008-07-01"), ordinance("next", "990102", "2006-04-09"),
    )  # fmt: skip
    found = weigh(law, "990101", on_day(dt.date(2008, 8, 1)))
    assert (found.state, [v.id for v in found.having("governs")]) == ("governed", ["district"])
    assert said(found) == {
        ("district", "2008-07-01"): ("governs", "detailed plan approved on 2008-08-01, within its days"),
        ("nation", "2006-04-09"): ("narrower", "district, of a narrower place (990101), goes before it"),
        ("nation", "2009-01-01"): ("early", "detailed plan approved on 2008-08-01, before its first day 2009-01-01"),
        ("old", "2005-01-01"): ("late", "detailed plan approved on 2008-08-01, after its last day 2007-12-31 (when the ordinance ended)"),
        ("next", "2006-04-09"): ("elsewhere", "it is of 990102, and this is 990101"),
    }
    assert all(one.why.zh for one in found.weighed)
    found = weigh(law, "990103", on_day(dt.date(2010, 8, 1)))
    assert said(found)["nation", "2006-04-09"] == (
        "late", "detailed plan approved on 2010-08-01, after its last day 2008-12-31 (from 2009-01-01 it has other values)",
    )  # fmt: skip


def test_what_it_may_be_and_in_what_that_differs(tmp_path):
    law = records(tmp_path, ordinance("nation", "", "2006-04-09", values=(("", "0.01"), ("2009-01-01", "0.02"))))
    found = weigh(law, "990101", lambda _anchor: (dt.date(2008, 12, 1), dt.date(2009, 1, 31)))
    assert found.state == "anchor_unclear" and {one.verdict for one in found.weighed} == {"may"}
    assert found.weighed[0].why.en == "detailed plan approved on: between 2008-12-01 and 2009-01-31: it may lie within its days, or not"
    assert differing(found.having("may"), ["share", "base"]) == [("share", ["0.01", "0.02"])]
    assert "unknown" in weigh(law, "990101", lambda _anchor: ALWAYS).weighed[0].why.en
    assert "not before 2008-01-01" in weigh(law, None, lambda _anchor: (dt.date(2008, 1, 1), dt.date.max)).weighed[0].why.en


def test_two_of_one_place_are_in_conflict(tmp_path):
    law = records(
        tmp_path, ordinance("one", "99", "2006-04-09"), ordinance("two", "99", "2007-01-01"), ordinance("nation", "", "2006-04-09")
    )
    found = weigh(law, "990101", on_day(dt.date(2008, 8, 1)))
    assert (found.state, [v.id for v in found.having("conflict")]) == ("conflict", ["one", "two"])
    assert said(found)["nation", "2006-04-09"][0] == "narrower"


@pytest.mark.parametrize("name", MILESTONES)
def test_an_unknown_day_lies_between_those_before_and_after_it(name):
    place = MILESTONES.index(name)
    days = {m: (dt.date(2006, 1, 1 + n), dt.date(2006, 1, 2 + n)) for n, m in enumerate(MILESTONES)}
    assert possible_days(name, days) == days[name]
    days[name] = (None, None)
    first, last = possible_days(name, days)
    assert first == (days[MILESTONES[place - 1]][0] if place else dt.date.min)
    assert last == (days[MILESTONES[place + 1]][1] if place + 1 < len(MILESTONES) else dt.date.max)


def test_a_clause_over_time_where_it_governs_and_where_it_does_not(tmp_path):
    law = records(
        tmp_path, ordinance("province", "99", "2006-04-09", "2008-12-31", values=(("", "0.005"), ("2007-01-01", "0.01"))),
        ordinance("district", "990101", "2008-07-01", "2009-12-31", values=(("", "0.02"),)), ordinance("later", "99", "2011-01-01"),
    )  # fmt: skip
    stated = [(s.first.isoformat(), s.value, s.version.id) for s in history(law, "share", None).stretches]
    assert stated == [
        ("2006-04-09", "0.005", "province"), ("2007-01-01", "0.01", "province"), ("2008-07-01", "0.02", "district"),
        ("2011-01-01", "0.01", "later"),
    ]  # fmt: skip
    there = [(s.first.isoformat(), s.last.isoformat(), s.state, s.value) for s in history(law, "share", "990101").stretches]
    assert there == [
        ("0001-01-01", "2006-04-08", "legacy", None),
        ("2006-04-09", "2006-12-31", "governed", "0.005"),
        ("2007-01-01", "2008-06-30", "governed", "0.01"),
        ("2008-07-01", "2009-12-31", "governed", "0.02"),
        ("2008-07-01", "2008-12-31", "yields", "0.01"),
        ("2010-01-01", "2010-12-31", "gap", None),
        ("2011-01-01", "9999-12-31", "governed", "0.01"),
    ]
    assert [s.state for s in history(law, "share", "880101").stretches] == ["none"]
    assert history(law, "base", None).stretches == () and history(law, "base", None).silent == ("district", "later", "province")


def test_days_with_one_value_are_one_stretch(tmp_path):
    """Another clause that changes does not cut them."""
    text = ordinance("own", "99", "2006-04-09").replace(
        "cases:", "  minimum_m2: {values: [{from: 2006-04-09, value: 0}, {from: 2008-01-01, value: 300}], unit: m2, cite: 第四条}\ncases:"
    )
    found = history(records(tmp_path, text), "share", "990101")
    assert [(s.first.isoformat(), s.state) for s in found.stretches] == [("0001-01-01", "legacy"), ("2006-04-09", "governed")]
    assert [s.first.isoformat() for s in history(records(tmp_path, text), "minimum_m2", None).stretches] == ["2006-04-09", "2008-01-01"]


def test_a_base_gives_way_and_a_place_has_its_own_value(tmp_path):
    law = records(
        tmp_path, ordinance("nation", "99", "2006-04-09"),
        ordinance("own", "99", "2008-01-01", "2009-12-31", base="nation", values=(("", "0.02"),)),
        overrides='clauses:\n  own.share: [{jurisdiction: "990103", from: 2008-07-01, value: 0.008, cite: 第九条, verified: yes}]\n',
    )  # fmt: skip
    found = weigh(law, "990101", on_day(dt.date(2008, 8, 1)))
    assert said(found)["nation", "2006-04-09"] == ("gives_way", "gives way to own, which builds on it")
    there = history(law, "share", "990103").stretches
    assert [(s.first.isoformat(), s.state, s.value) for s in there] == [
        ("0001-01-01", "legacy", None), ("2006-04-09", "governed", "0.01"), ("2008-01-01", "governed", "0.02"),
        ("2008-01-01", "yields", "0.01"), ("2008-07-01", "governed", "0.008"), ("2010-01-01", "governed", "0.01"),
    ]  # fmt: skip
    placed = there[4]
    assert (placed.verified, placed.source.en.startswith("第九条 (")) == (True, True) and "overrides.yaml:2" in placed.source.zh
    everywhere = [(s.first.isoformat(), s.version.place, s.value) for s in history(law, "share", None).stretches]
    assert ("2008-07-01", "990103", "0.008") in everywhere and ("2008-01-01", "99", "0.02") in everywhere
    stated = '  share: {values: [{from: 2008-01-01, value: 0.01}], unit: "1", cite: 第三条}'
    other = ordinance("own", "99", "2008-01-01", base="nation").replace(stated, "  minimum_m2: {value: 0, unit: m2, cite: 第四条}")
    inherited = records(tmp_path / "b", ordinance("nation", "99", "2006-04-09"), other)
    [own] = [s for s in history(inherited, "share", None).stretches if s.version.id == "own"]
    assert own.source.zh == "第三条（承 nation）" and own.source.en == "第三条 (from nation)"
