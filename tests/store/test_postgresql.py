"""On PostgreSQL the same: the same bytes, in any language of the server, by several writers at once, for a reader who may only read."""

import os
import uuid
from dataclasses import replace

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from shapely import box, to_wkb

from planning_check import pipeline
from planning_check.assess import OUTCOMES
from planning_check.errors import UsageError
from planning_check.pipeline.recorded import letters
from planning_check.pipeline.verifying import recorded_points
from planning_check.store import (
    cases,
    check_log,
    check_runs,
    connecting,
    events,
    findings,
    head,
    league_rows,
    load_run,
    open_store,
    reopened_by,
    runs,
    save_run,
    since,
    stood_before,
    things,
    upgrade,
    verdicts_between,
)  # fmt: skip
from planning_check.store.between import short_since
from planning_check.store.models import SCHEMA_VERSION, Record
from planning_check.store.opening import shape_of
from planning_check.store.trends import aged, trend_rows
from tests.outside import SERVER, require_postgresql
from tests.store.tables import CREATED, FINDINGS, TELLINGS, connection, finding, fingerprint, manifest
from tests.store.test_patience import four_at_once
from tests.tampering import recorded

pytestmark = require_postgresql()
SERIES = "小城（虚构）"
AR03, HO01, MO05 = (fingerprint(rule, key) for rule, key in (("AR03", "P1"), ("HO01", "P1"), ("MO05", "P2")))
PROOFS = {"kinds": {"inspection": {"zh": "核查", "en": "inspection"}, "title": {"zh": "产权证", "en": "title"}},
          "rules": {"HO01": [["title"], ["inspection"]], "AR03": []}}  # fmt: skip
#: Keys that a server orders otherwise than their bytes where it follows a language.
KEYS = ("P-1", "P10", "P2", "XM-3", "p2", "xm1", "张", "李", "a b", "aB", "Ab")


@pytest.fixture(params=["C", "zh-Hans-x-icu"])
def server_url(request):
    """An empty database of its own, ordered by bytes or by a language."""
    server = sa.make_url(os.environ[SERVER])
    name = f"planning_{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    kind = (
        "LOCALE_PROVIDER icu ICU_LOCALE 'zh-Hans' LOCALE 'C.UTF-8'" if "icu" in request.param else "LOCALE_PROVIDER libc LOCALE 'C.UTF-8'"
    )
    with admin.connect() as connection_:
        connection_.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' {kind}")
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection_:
        connection_.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


def mixed():
    """Findings whose keys, names and districts sort differently by language."""
    return connection([*FINDINGS, *(finding("AR03", "P1", area_m2="1.00") | {"subject_key": f"{key}{n}", "project_id": f"{key}{n}",
            "fingerprint": f"{n:016x}", "district_code": key, "district_name": key} for n, key in enumerate(KEYS, 16))])  # fmt: skip


def exported(address, kind):
    return "".join(pipeline.export(kind, pipeline.findings(address), "zh"))


def test_the_same_bytes_and_the_same_root(server_url, tmp_path):
    on_disk = str(tmp_path / "runs.sqlite")
    for address in (server_url, on_disk):
        save_run(open_store(address), mixed(), manifest(), TELLINGS)
    assert [run.root for run in runs(open_store(server_url, write=False))] == [run.root for run in runs(open_store(on_disk, write=False))]
    assert not any(one.differs for one in pipeline.check_database(server_url))
    for kind in ("csv", "json", "jsonl", "table"):
        assert exported(server_url, kind) == exported(on_disk, kind)
    for one in (pipeline.balance, pipeline.funds, pipeline.coverage):
        assert one(server_url) == one(on_disk)
    written = [pipeline.report(address, folder=tmp_path / name, langs=("zh",), parts=("tables", "workbook", "page"))
               for name, address in (("server", server_url), ("disk", on_disk))]  # fmt: skip
    assert replace(written[0], folder=tmp_path) == replace(written[1], folder=tmp_path)


def test_four_programs_on_an_empty_database(server_url):
    assert four_at_once(server_url) == [1, 2, 3, 4]
    engine = open_store(server_url, write=False)
    assert [run.parent_run_id for run in runs(engine)] == [None, 1, 2, 3]
    assert len({run.root for run in runs(engine)}) == 1


def test_the_log_is_the_same_and_cases_stand_the_same(server_url, tmp_path):
    """Decided, reported, struck off and reopened by the checks: entry by entry, hash by hash."""
    addresses = [server_url, str(tmp_path / "runs.sqlite")]
    for address in addresses:
        engine = open_store(address)
        save_run(engine, mixed(), manifest(proofs=PROOFS), TELLINGS)
        for key, action, role, body in (
            (AR03, "dismiss", "chair", {"resolution_no": "张3号", "decided_on": "2011-07-08", "facts": {"survey_total_m2": "1.00"}}),
            (MO05, "report", "bureau", {"done_on": "2011-08-01"}),
            (HO01, "prove", "bureau", {"proof": "inspection", "file": "照片.pdf", "sha256": "0" * 64, "proved_on": "2011-08-01"}),
        ):  # fmt: skip
            done = pipeline.take_steps(address, [pipeline.Step(key, action, body)], role=role, by="王", at=CREATED)
            assert done.head and not done.refused
        assert pipeline.take_steps(address, [pipeline.Step(AR03, "close")], role="chair", by="王", at=CREATED).refused, "it still fails"
        save_run(engine, mixed(), manifest(digest="e" * 64, as_of="2011-09-30", proofs=PROOFS), TELLINGS)
        assert list(check_log(engine)) == []
    server, disk = (open_store(address, write=False) for address in addresses)
    assert events(server, SERIES) == events(disk, SERIES) and head(server, SERIES) == head(disk, SERIES)
    assert cases(server, SERIES) == cases(disk, SERIES) and len(reopened_by(server, 2)) == 2
    assert {key: case.state for key, case in cases(server, SERIES).items()} == {AR03: "open", MO05: "open", HO01: "open"}
    assert cases(server, SERIES)[MO05].reason == {"why": "on_paper", "done_on": "2011-08-01", "run": 2}
    assert pipeline.case_file(server_url, HO01).lacking == pipeline.case_file(addresses[1], HO01).lacking != []
    assert pipeline.case_list(server_url, reopened=True).lines == pipeline.case_list(addresses[1], reopened=True).lines


def test_two_runs_are_compared_the_same(server_url, tmp_path):
    """What is new, gone, back again and changed, which things differ, and since when what is open has been known."""
    told = []
    for address in (server_url, str(tmp_path / "runs.sqlite")):
        engine = open_store(address)
        for day, without in (("2011-06-30", ""), ("2011-09-30", "HO01"), ("2011-12-31", "OF01")):
            save_run(engine, connection([f for f in FINDINGS if f["rule_id"] != without]), manifest(as_of=day), TELLINGS)
        one, other = load_run(engine, 2), load_run(engine, 3)
        letters = {letter: outcome for outcome, letter in OUTCOMES.items()}
        told.append(
            (verdicts_between(engine, 2, 3, letters), things(engine, one, other), short_since(engine, other),
             stood_before(engine, SERIES, 2, [HO01]), aged(engine, 3, SERIES), trend_rows(engine, [1, 2, 3], "district"))
        )  # fmt: skip
    assert told[0] == told[1]
    assert told[0][2].counts == (("reopened", 1), ("gone", 1)) and told[0][2].factors == ("time",)


def test_cities_are_compared_the_same(server_url):
    told = []
    for address in (server_url, "sqlite://"):
        engine = open_store(address)
        save_run(engine, connection(), manifest(), TELLINGS)
        rows = league_rows(engine, 1, letters())
        told.append([sorted(map(tuple, part), key=str) for part in (rows.lists, rows.balance, rows.outcomes)])
        engine.dispose()
    assert told[0] == told[1] and all(told[0])


@pytest.mark.parametrize("statement", ["UPDATE case_event SET actor = 'x'", "DELETE FROM case_event", "TRUNCATE case_event"])
def test_the_server_refuses_to_change_the_log(server_url, statement):
    engine = open_store(server_url)
    save_run(engine, connection(), manifest(), TELLINGS)
    with pytest.raises(sa.exc.DBAPIError, match="only ever added to"), engine.begin() as connection_:
        connection_.execute(sa.text(statement))
    assert len(events(engine, SERIES)) == 1


def test_a_writer_is_waited_for_with_a_word(server_url, monkeypatch):
    monkeypatch.setattr(connecting, "_SAID_AFTER_SECONDS", 0.0)
    heard = []
    engine = open_store(server_url, told=heard.append)
    impatient = open_store(server_url, wait_seconds=0.2)
    with connecting.writing(open_store(server_url)), pytest.raises(UsageError, match="another program is using the database"):
        save_run(impatient, connection(), manifest(), TELLINGS)
    other = open_store(server_url)
    with connecting.writing(other):
        with pytest.raises(UsageError):
            save_run(impatient, connection(), manifest(), TELLINGS)
        assert runs(open_store(server_url, write=False)) == [], "reading goes on"
    assert save_run(engine, connection(), manifest(), TELLINGS) == 1


def test_whole_or_not_at_all(server_url):
    engine = open_store(server_url)
    save_run(engine, connection(), manifest(), TELLINGS)
    broken = connection()
    broken.execute("DROP TABLE profile")
    with pytest.raises(Exception, match="profile"):
        save_run(engine, broken, manifest(), TELLINGS)
    save_run(engine, connection(FINDINGS[:1]), manifest(digest="e" * 64), TELLINGS)
    assert [len(list(findings(engine, run.id))) for run in runs(engine)] == [7, 1]
    later = runs(engine)[-1]
    assert later.parent_run_id == 1 and len(since(engine, later.id).gone) > 0


def as_shape_5(engine):
    """Take back what later shapes added."""
    with engine.begin() as connection_:
        for statement in (
            "ALTER TABLE run DROP COLUMN series, DROP COLUMN parent_run_id, DROP COLUMN root",
            "DROP TABLE run_facet, run_root, sheet_seen, heading_seen, correction, outcome_without, disagreement, case_event, run_shard",
            "DROP INDEX finding_by_fingerprint, finding_by_outcome",
            'ALTER TABLE finding ALTER COLUMN subject_key TYPE text COLLATE "default"',
            'ALTER TABLE run_rule ALTER COLUMN rule_id TYPE varchar(20) COLLATE "default"', "UPDATE planning_check_schema SET version = 5",
        ):  # fmt: skip
            connection_.exec_driver_sql(statement)


def test_an_older_database_is_upgraded(server_url):
    engine = open_store(server_url)
    save_run(engine, mixed(), manifest(), TELLINGS)
    as_shape_5(engine)
    with pytest.raises(UsageError, match="planning-check db upgrade"):
        open_store(server_url, write=False)
    done = upgrade(server_url)
    assert (done.before, done.after, done.copy) == (5, SCHEMA_VERSION, None)
    with engine.connect() as connection_:
        assert compare_metadata(MigrationContext.configure(connection_, opts={"compare_type": True}), Record.metadata) == []
        collated = connection_.execute(sa.text(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND data_type IN ('text', 'character varying') "
            "AND collation_name IS DISTINCT FROM 'C' AND table_name <> 'alembic_version' ORDER BY 1, 2")).all()  # fmt: skip
    assert [tuple(one) for one in collated if one[0] != "alembic_version"] == []
    assert save_run(engine, mixed(), manifest(), TELLINGS) == 2
    assert [(one.has_root, one.differs) for one in check_runs(engine)] == [(False, ()), (True, ())]


def test_who_may_only_read_reads(server_url):
    engine = open_store(server_url)
    save_run(engine, connection(), manifest(), TELLINGS)
    role = f"auditor_{uuid.uuid4().hex[:8]}"
    with engine.begin() as connection_:
        connection_.exec_driver_sql(f"CREATE ROLE {role} LOGIN PASSWORD 'secret'")
        connection_.exec_driver_sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
    url = sa.make_url(server_url).set(username=role, password="secret").render_as_string(hide_password=False)
    try:
        assert len(list(findings(open_store(url, write=False), 1))) == 7
        with pytest.raises(UsageError, match="no right to do this in the database") as caught:
            open_store(url)
        assert "secret" not in caught.value.render("en")
    finally:
        with engine.begin() as connection_:
            connection_.exec_driver_sql(f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_what_is_wrong_is_told_whatever_language_the_server_speaks(server_url):
    gone = sa.make_url(server_url).set(database="planning_none").render_as_string(hide_password=False)
    with pytest.raises(UsageError, match=r"cannot be opened|no such database"):
        open_store(gone)
    engine = open_store(server_url)
    with engine.begin() as connection_:
        connection_.exec_driver_sql("DROP TABLE run_facet")
    with pytest.raises(UsageError, match="run_facet is missing"):
        open_store(server_url, write=False)
    with engine.connect() as connection_, pytest.raises(UsageError, match="incomplete"):
        shape_of(connection_)


def test_tables_of_others_are_left_alone(server_url):
    with sa.create_engine(server_url).begin() as connection_:
        connection_.exec_driver_sql("CREATE TABLE parcels_of_others (id integer)")
    assert save_run(open_store(server_url), connection(), manifest(), TELLINGS) == 1


def test_where_postgis_is_the_shapes_are_a_view(server_url):
    """In QGIS the view is a layer; what PostGIS cannot read is no shape, and no reason to lose a run."""
    engine = open_store(server_url)
    with engine.begin() as connection_:
        if not connection_.scalar(sa.text("SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'")):
            assert not os.environ.get("PLANNING_CHECK_NEEDS_ALL"), "the server has no PostGIS"
            pytest.skip("the server has no PostGIS")
        connection_.exec_driver_sql("CREATE EXTENSION postgis")
    assert "subject_shape" not in sa.inspect(engine).get_view_names()
    engine = open_store(server_url)
    run = connection()
    for key, crs in (("D2", "EPSG:4490"), ("D3", None)):
        run.execute("INSERT INTO subject_geometry VALUES ('parcel', ?, 'P1', NULL, ?, ?)", [key, crs, to_wkb(box(116, 39, 117, 40))])
    save_run(open_store(server_url), run, manifest(), TELLINGS)
    with engine.connect() as connection_:
        told = connection_.exec_driver_sql(
            "SELECT subject_key, ST_SRID(shape), ST_AsText(ST_Envelope(shape)) FROM subject_shape WHERE run_id = 1 ORDER BY subject_key"
        ).all()
        found = connection_.exec_driver_sql(
            "SELECT subject_key FROM subject_shape WHERE shape && ST_SetSRID(ST_MakePoint(116.5, 39.5), 4490) AND ST_SRID(shape) = 4490"
        ).all()
    around = "POLYGON((116 39,116 40,117 40,117 39,116 39))"
    assert [tuple(row) for row in told] == [("D1", None, None), ("D2", 4490, around), ("D3", 0, around)]
    assert [row.subject_key for row in found] == ["D2"]
    assert not any(one.differs for one in check_runs(open_store(server_url, write=False)))


def test_a_bundle_has_the_same_bytes_and_what_was_changed_is_found(server_url, tmp_path):
    rules, bundles = pipeline.load_rules().hashes, []
    for number, address in enumerate((server_url, str(tmp_path / "runs.sqlite"))):
        recorded(address, rules=rules)
        pipeline.bundle(address, tmp_path / f"{number}.zip")
        bundles.append((tmp_path / f"{number}.zip").read_bytes())
    assert bundles[0] == bundles[1] and pipeline.verify_bundle(tmp_path / "0.zip").state == "unproved"
    engine = open_store(server_url)
    run = runs(engine)[-1]
    assert [point.state for point in recorded_points(engine, run)] == ["same", "same"]
    with engine.begin() as connection_:
        connection_.execute(sa.text("UPDATE finding SET number = number + 100 WHERE run_id = 2 AND number = 7"))
        connection_.execute(sa.text("ALTER TABLE case_event DISABLE TRIGGER case_event_no_change"))
    told = [point.said.en for point in recorded_points(engine, run) if point.state == "differs"]
    assert told == ["somebody took away the triggers by which the database guards the log",
                    "the tables finding of run 2 are not as they were recorded"]  # fmt: skip
