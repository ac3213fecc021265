"""The bundled city is the survey's city: a check reproduces its table from the records, and names where it contradicts itself."""

import datetime as dt
from decimal import Decimal

import pytest

from planning_check import pipeline
from planning_check.store import findings, open_store, totals
from planning_check.store.findings import Filters

DISTRICTS = [47, 8, 10, 9, 15, 6, 4, 1, 26, 3]
KINDS = {"former_committee": 61, "former_village": 40, "estate": 28}
FACILITIES = {
    "service_station": 124, "one_stop_hall": 5, "health_station": 125, "police_room": 129, "library": 117,
    "culture_sports_station": 78, "charity_shop": 1, "disabled_services": 15, "elderly_day_care": 14,
}  # fmt: skip
#: what the survey states: part, whole, stated percent
SHARES = {
    "居改社型": (61, 129, "47.3"),
    "村改社型": (40, 129, "31"),
    "小区型": (28, 129, "21.7"),
    "已得项目支援": (115, 129, "88"),
    "租用或借用": (23, 129, "18"),
}
#: the statements that do not follow from the survey's own numbers, with the number that does
CONTRADICTIONS = {"已得项目支援": Decimal("89.15")}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('survey') / 'run.sqlite'}"
    now = dt.datetime(2011, 6, 30, 9, 0)
    result = pipeline.check(pipeline.Options([], as_of=None, today=dt.date(2000, 1, 1)), created_at=now, db_url=url)
    return open_store(url, write=False), result


@pytest.fixture(scope="module")
def profile(run):
    figures: dict[str, dict[str, Decimal]] = {}
    for row in totals(run[0]).profile:
        figures.setdefault(row.name, {})[row.group_key] = row.value
    return figures


def test_the_delivery_names_its_own_day(run):
    assert run[1].summary.as_of == dt.date(2011, 6, 30)


def test_communities(profile):
    assert profile["communities"][""] == 129
    assert [int(profile["communities_by_district"][code]) for code in sorted(profile["communities_by_district"])] == DISTRICTS
    assert {k: int(v) for k, v in profile["communities_by_kind"].items()} == KINDS
    assert 490_000 <= profile["population"][""] < 500_000


def test_facilities(profile):
    counted = {k: int(v) for k, v in profile["facilities_by_kind"].items()}
    assert {k: counted[k] for k in FACILITIES} == FACILITIES


def test_offices_and_project_support(profile):
    assert profile["rented_or_borrowed"][""] == 23
    assert profile["project_supported"][""] == 115
    assert sum(profile["offices_by_tenure"].values()) == 129


def test_where_the_survey_contradicts_itself(profile):
    """A stated percent is right if it is the computed one rounded to the stated decimals; 115 of 129 is 89 %, not 88 %."""
    wrong = {}
    for name, (part, whole, stated) in SHARES.items():
        computed = Decimal(part) * 100 / whole
        if computed.quantize(Decimal(stated)) != Decimal(stated):
            wrong[name] = computed.quantize(Decimal("0.01"))
    assert wrong == CONTRADICTIONS
    assert profile["project_supported_share"][""].quantize(Decimal("0.0001")) == Decimal("0.8915")
    assert profile["rented_or_borrowed_share"][""].quantize(Decimal("0.0001")) == Decimal("0.1783")
    assert sum(DISTRICTS) == sum(KINDS.values()) == 129


def test_the_reported_figures_are_the_surveys_and_only_its_slip_is_found(run):
    """Sixteen stated figures: those of the table above, the ten districts' communities, and the population."""
    found = findings(run[0], 1, Filters(rule="DA05", outcome="violation"))
    assert [(f["facts"]["figure"], Decimal(str(f["facts"]["stated"]))) for f in found] == [("project_supported_percent", 88)]
    assert {c.outcome: c.subjects for c in totals(run[0]).counts if c.rule_id == "DA05"} == {"pass": 15, "violation": 1}


def test_the_three_lists_are_not_empty_and_the_offices_are_the_23_and_the_coordinated_one(run):
    offices = {f["subject_key"]: f["facts"]["tenure"] for f in findings(run[0], 1, Filters(list="offices", rule="OF01"))}
    assert sorted(offices.values()) == ["borrowed"] * 9 + ["coordinated"] + ["rented"] * 14
    stages = {f["status"] for f in findings(run[0], 1, Filters(list="deposits", outcome="violation"))}
    assert stages == {"demand_to_serve", "demand_running", "ready_for_decision", "partly_decided", "decided"}


def test_no_development_is_in_proven_compliance(run):
    """至今没有一家: every completed housing project that the ordinance governs fails, or cannot be judged, on some rule."""
    engine, _ = run
    stored = totals(engine)
    rules = [r.rule_id for r in stored.rules if r.subject == "project"]
    with engine.connect() as connection:
        import sqlalchemy as sa

        lines = connection.execute(sa.text("SELECT subject_key, outcomes FROM register_line WHERE subject = 'project'")).all()
    position = rules.index("AR03")
    completed = [line for line in lines if line.outcomes[position] in "PVU"]
    failing_elsewhere = {f["project_id"] for f in findings(engine, 1) if f["outcome"] in ("violation", "undetermined") and f["project_id"]}
    compliant = [
        line.subject_key for line in completed if not set(line.outcomes) & {"V", "U"} and line.subject_key not in failing_elsewhere
    ]
    assert len(completed) > 100
    assert compliant == []


def test_every_row_read_is_used_or_set_aside(run):
    for source in totals(run[0]).sources:
        assert source.rows_read == source.rows_used + source.rows_quarantined
