"""A run is recorded whole or not at all, exactly as it was found, and never touches the runs before it."""

import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from planning_check.store import check_runs, findings, load_run, open_store, runs, save_run
from planning_check.store.models import Finding, ListLine, Record, RegisterLine, SubjectGeometry
from tests.store.tables import FINDINGS, NOTICE, TELLINGS, TITLE, connection, manifest


def rows_of(engine, run_id):
    return list(findings(engine, run_id))


def test_a_run_reads_back_as_it_was_written(engine):
    run = load_run(engine)
    assert (run.id, run.as_of.isoformat(), run.digest, run.tool_version) == (1, "2011-06-30", "d" * 64, "0.1.0")
    assert (run.title.zh, run.notice.en) == (TITLE["zh"], NOTICE["en"])
    assert run.created_at == "2011-07-01T09:30:00+00:00"
    first = rows_of(engine, 1)[0]
    assert (first["rule_id"], first["subject_key"], first["area_m2"], first["yuan"]) == (
        "AR03",
        "P1",
        Decimal("620.00"),
        Decimal("2480000.00"),
    )
    assert first["facts"] == FINDINGS[0]["facts"]
    assert first["law"] == {"share": "0.01", "tiers": None}
    assert (first["status_zh"], first["consequence"], first["yuan_min"]) == ("不足", ["order_make_up"], None)
    assert first["sources"] == [
        {"table": "projects", "file": "规划局/项目.xlsx", "sheet": "台账", "row": 2},
        {"table": "projects", "file": "房管局/实测.csv", "sheet": "", "row": 2},
    ]
    assert [row["rule_id"] for row in rows_of(engine, 1)] == ["AR03", "AR03", "HO01", "US01", "MO05", "OF01", "OF02"]


def test_decimals_are_whole_steps_in_the_database_and_add_up_exactly(engine):
    with engine.connect() as connection_:
        assert connection_.scalar(sa.text("SELECT amount_min_fen FROM finding WHERE amount_min_fen IS NOT NULL")) == 30000050
        assert connection_.scalar(sa.select(sa.func.sum(Finding.area_m2))) == Decimal("1520.00")
        assert connection_.scalar(sa.select(SubjectGeometry.geometry)) == b"\x01\x02"


def test_more_decimals_than_the_column_holds_are_refused():
    from planning_check.store.types import Scaled

    assert Scaled(2).process_bind_param(Decimal("0.01"), None) == 1
    with pytest.raises(ValueError, match="decimal places"):
        Scaled(2).process_bind_param(Decimal("0.001"), None)


def test_a_second_run_adds_a_run_and_leaves_the_first(engine):
    before = rows_of(engine, 1)
    assert save_run(engine, connection(FINDINGS[:1]), manifest(digest="e" * 64), TELLINGS) == 2
    assert rows_of(engine, 1) == before
    assert len(rows_of(engine, 2)) == 1
    assert [run.digest[0] for run in runs(engine)] == ["d", "e"]


def test_one_line_of_a_list_a_project_with_the_largest_area(engine):
    with engine.connect() as connection_:
        lines = connection_.execute(sa.select(ListLine.__table__).order_by(ListLine.list, ListLine.number)).all()
    violations = [line for line in lines if line.list == "violations"]
    assert [(line.subject_key, line.findings, line.rules, line.area_m2) for line in violations] == [
        ("P1", 3, "AR03,HO01,US01", Decimal("620.00"))
    ]
    assert violations[0].subject_name == "花园P1"
    assert violations[0].statuses == "AR03:short,US01:sold"
    office = next(line for line in lines if line.list == "offices")
    assert (office.severity, office.rules, office.statuses) == ("major", "OF01,OF02", "OF02:renewal")


def test_a_rule_that_the_manifest_does_not_describe_goes_by_its_id(url):
    engine = open_store(url)
    save_run(engine, connection(), manifest(rules_run=[]), TELLINGS)
    first = rows_of(engine, 1)[0]
    assert (first["rule_title_zh"], first["list"], first["responsible"], first["consequence"]) == (
        "AR03",
        "violations",
        "planning",
        ["order_make_up"],
    )


def test_findings_as_a_view_are_numbered_alike(url):
    con = connection(copies=300)
    con.execute("ALTER TABLE finding RENAME TO found")
    con.execute("CREATE VIEW finding AS (SELECT * FROM found WHERE list = 'violations' ORDER BY rule_id, subject_key) UNION ALL "
                "(SELECT * FROM found WHERE list <> 'violations' ORDER BY rule_id, subject_key)")  # fmt: skip
    engine = open_store(url)
    save_run(engine, con, manifest(), TELLINGS)
    with engine.connect() as connection_:
        joined = sa.select(ListLine.subject_key, Finding.subject_key).join_from(
            ListLine, Finding, sa.and_(Finding.run_id == ListLine.run_id, Finding.number == ListLine.finding_number)
        ).where(ListLine.list == "offices")  # fmt: skip
        pairs = connection_.execute(joined).all()
    assert len(pairs) == 300
    assert all(line == found for line, found in pairs)


def test_a_driver_with_named_parameters_gets_the_same_rows(engine):
    other = sa.create_engine("sqlite://", paramstyle="named", poolclass=sa.pool.StaticPool)
    Record.metadata.create_all(other)
    save_run(other, connection(), manifest(), TELLINGS)
    assert rows_of(other, 1) == rows_of(engine, 1)


def test_a_failure_in_the_middle_leaves_nothing(engine):
    con = connection()
    con.execute("DROP TABLE profile")
    with pytest.raises(Exception, match="profile"):
        save_run(engine, con, manifest(), TELLINGS)
    assert len(runs(engine)) == 1
    with engine.connect() as connection_:
        assert connection_.scalar(sa.select(sa.func.count()).select_from(RegisterLine)) == 4


KILLED = """
    import sys, time
    from planning_check.store import open_store, save_run, saving
    from tests.store.tables import TELLINGS, connection, manifest

    engine = open_store(sys.argv[1])
    save_run(engine, connection(), manifest(), TELLINGS)
    put, written = saving._put, 0

    def slow(connection, into, run_id, width, rows):
        global written
        put(connection, into, run_id, width, rows)
        written += 1
        if written > 14:
            connection.exec_driver_sql("PRAGMA cache_size = 10")  # pages of the run are in the file before it is whole
            put(connection, '"profile" ("run_id", "number", "name", "group_key", "value_ten_thousandths")', run_id, 4,
                ((1000 + n, "x" * 4000, "", 1) for n in range(2000)))
            print("in the middle", flush=True)
            time.sleep(60)

    saving._put = slow
    save_run(engine, connection(copies=2000), manifest(digest="e" * 64), TELLINGS)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_a_killed_run_leaves_the_database_as_it_was(tmp_path):
    path = tmp_path / "runs.sqlite"
    child = subprocess.Popen([sys.executable, "-c", textwrap.dedent(KILLED), f"sqlite:///{path}"], stdout=subprocess.PIPE, text=True,
                             cwd=Path(__file__).parents[2])  # fmt: skip
    assert child.stdout.readline().strip() == "in the middle"
    child.kill()
    assert child.wait() == -signal.SIGKILL
    child.stdout.close()
    assert path.with_name("runs.sqlite-wal").stat().st_size > 1_000_000, "the run was to be cut off with pages already written"

    engine = open_store(f"sqlite:///{path}")
    assert [run.id for run in runs(engine)] == [1]
    assert len(rows_of(engine, 1)) == 7
    with sqlite3.connect(path) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert plain.execute("SELECT count(*) FROM finding").fetchone() == (7,)
    assert save_run(engine, connection(), manifest(), TELLINGS) == 2


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_killed_again_and_again_it_does_not_grow(tmp_path):
    sizes = []
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path / "runs.sqlite")],
                                 stdout=subprocess.PIPE, text=True,
                                 cwd=Path(__file__).parents[2])  # fmt: skip
        assert child.stdout.readline().strip() == "in the middle"
        child.kill()
        child.wait()
        child.stdout.close()
        save_run(open_store(str(tmp_path / "runs.sqlite")), connection(), manifest(), TELLINGS)
        assert [path.name for path in tmp_path.iterdir()] == ["runs.sqlite"]
        sizes.append((tmp_path / "runs.sqlite").stat().st_size)
    assert len(runs(open_store(str(tmp_path / "runs.sqlite")))) == 6
    assert sizes[-1] < sizes[0] + 1_000_000, "what was cut off (8 MB each time) takes no room"


KILLED_ANYWHERE = """
    import sys
    from planning_check.store import open_store, save_run
    from tests.store.tables import TELLINGS, connection, manifest

    long = connection(copies=60)
    print("begins", flush=True)
    while True:
        save_run(open_store(sys.argv[1]), long, manifest(), TELLINGS)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_killed_at_any_moment_it_holds_whole_runs_only(tmp_path):
    path, chance, before = tmp_path / "runs.sqlite", random.Random(11), 0
    for _ in range(4):
        child = subprocess.Popen([sys.executable, "-c", textwrap.dedent(KILLED_ANYWHERE), str(path)], stdout=subprocess.PIPE, text=True,
                                 cwd=Path(__file__).parents[2])  # fmt: skip
        assert child.stdout.readline().strip() == "begins"
        time.sleep(chance.uniform(0.0, 1.5))
        child.kill()
        child.wait()
        child.stdout.close()
        engine = open_store(str(path))
        assert [run.id for run in runs(engine)] == list(range(1, len(runs(engine)) + 1))
        assert all(one.has_root and not one.differs for one in check_runs(engine))
        assert len(runs(engine)) >= before
        before = len(runs(engine))
        with sqlite3.connect(path) as plain:
            assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert save_run(open_store(str(path)), connection(), manifest(), TELLINGS) == before + 1


@pytest.mark.parametrize(
    ("says", "amounts"),
    [
        ("('P1', 'HO01', 'AR03')", (Decimal("500.00"), Decimal("2480000.00"))),
        ("('P1', 'AR03', 'AR03')", (Decimal("620.00"), Decimal("2480000.00"))),
        ("('P1', 'HO01', NULL)", (Decimal("500.00"), None)),
        ("('P2', 'AR03', 'AR03')", (None, None)),  # of P1 nothing is missing: what else it fails is in no sum
    ],
)
def test_a_line_tells_what_is_missing_and_what_that_is_worth(says, amounts):
    engine, con = open_store("sqlite://"), connection()
    con.execute(f"INSERT INTO leading_finding VALUES {says}")
    con.execute("INSERT INTO leading_list VALUES ('violations')")
    save_run(engine, con, manifest(), TELLINGS)
    with engine.connect() as connection_:
        line = connection_.execute(sa.select(ListLine.__table__).where(ListLine.list == "violations")).one()
        assert (line.area_m2, line.yuan, line.findings) == (*amounts, 3)
        rule = connection_.scalar(sa.select(Finding.rule_id).where(Finding.number == line.finding_number))
        assert rule == (says.split("'")[3] if "'P1'" in says else "AR03")
        deposit = connection_.execute(sa.select(ListLine.__table__).where(ListLine.list == "deposits")).one()
        assert (deposit.area_m2, deposit.yuan_min, deposit.yuan) == (Decimal("300.00"), Decimal("300000.50"), Decimal("500000.00"))


def test_a_line_bears_the_name_of_its_project_though_a_room_alone_put_it_there():
    engine, con = open_store("sqlite://"), connection([one for one in FINDINGS if one["rule_id"] == "US01"])
    con.execute("INSERT INTO named_subject VALUES ('project', 'P1', '花园', '610902', '汉滨区', '新城', '甲置业有限公司')")
    save_run(engine, con, manifest(), TELLINGS)
    with engine.connect() as connection_:
        line = connection_.execute(sa.select(ListLine.__table__)).one()
    assert (line.subject, line.subject_key, line.subject_name, line.developer_name) == ("project", "P1", "花园", "甲置业有限公司")
