"""What of the machine a check may take: told on the command line, kept by the engine, and no other result for it."""

import pytest

from planning_check import engine, pipeline
from planning_check.pipeline.room import usually_enough

DISTRICTS = "区县代码,区县名称\n990102,棠城区\n"
PROJECTS = "项目编号,项目名称,区县代码,用途,方案批准日期,规划总建筑面积\n" + "".join(
    f"P{n},第{n}苑,990102,住宅,2008-03-04,{1000 * n}\n" for n in range(1, 6)
)


@pytest.fixture
def delivery(tmp_path):
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / "区县.csv").write_text(DISTRICTS, "utf-8")
    (folder / "项目.csv").write_text(PROJECTS, "utf-8")
    return folder


def test_limits_reach_the_engine_and_change_no_finding(call, delivery, monkeypatch):
    seen = []
    opened = engine.opened

    def watched(*arguments, **limits):
        seen.append(limits)
        return opened(*arguments, **limits)

    monkeypatch.setattr(engine, "opened", watched)
    free = call("check", delivery, "--as-of", "2011-06-30", "--format", "csv", "-q")
    bound = call("check", delivery, "--as-of", "2011-06-30", "--format", "csv", "-q", "--threads", 1, "--memory", "500mb", "--again")
    assert free[0] == bound[0] == 0 and free[1] == bound[1] and free[1].count("\n") > 1
    assert seen[0] == {"threads": None, "memory": "600MB"}, "what so little a delivery needs, not what the machine has"
    assert {"threads": 1, "memory": "500MB"} in seen


@pytest.mark.parametrize("command", [["simulate", "--set", "AR02=off"], ["thresholds"], ["rules", "diff", "rules", "rules"]])
def test_every_command_that_computes_takes_limits(call, delivery, monkeypatch, command):
    seen = []
    opened = engine.opened
    monkeypatch.setattr(engine, "opened", lambda *a, **limits: seen.append(limits) or opened(*a, **limits))
    rules = str(pipeline.bundled("rules"))
    given = [rules if part == "rules" and n else part for n, part in enumerate(command)]
    code, _, err = call(*given, delivery, "--as-of", "2011-06-30", "--threads", 1, "--memory", "500mb", "-q")
    assert code == 0, err
    assert {"threads": 1, "memory": "500MB"} in seen


def test_an_engine_keeps_its_limits():
    with engine.opened(threads=1, memory="500MB") as con:
        told = con.execute("SELECT current_setting('threads'), current_setting('memory_limit')").fetchone()
    assert told == (1, "476.8 MiB")


def test_as_many_jobs_at_once_as_threads():
    with engine.opened(threads=1) as con:
        engine.at_once(con, [lambda con, n=n: con.execute(f"CREATE TABLE t{n} AS SELECT {n} AS n") for n in range(3)])
        assert con.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (3,)


def test_where_the_usual_memory_is_too_little_it_takes_what_there_is(call, delivery, monkeypatch):
    usual = call("check", delivery, "--as-of", "2011-06-30", "--format", "csv", "-q")
    monkeypatch.setattr("planning_check.pipeline.room.usually_enough", lambda _paths: "1MB")
    again = call("check", delivery, "--as-of", "2011-06-30", "--format", "csv", "-q", "--again")
    assert again[:2] == usual[:2] and again[0] == 0
    code, out, _ = call("runs", "--lang", "en")
    assert code == 0 and out.count("2011-06-30") == 2, "nothing is recorded of what was begun and did not fit"


def test_what_is_usually_enough_grows_with_what_is_delivered(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "ledger.csv").write_bytes(b"," * 50_000_000)
    (tmp_path / "ledger.xlsx").write_bytes(b"," * 1_000_000)
    assert usually_enough([tmp_path]) == "716MB"
    assert usually_enough([tmp_path / "ledger.xlsx"]) == "616MB", "a workbook is packed"
    assert usually_enough([tmp_path / "nowhere"]) == "600MB"


def test_too_little_memory_is_told_with_what_to_do(call, delivery):
    code, out, err = call("check", delivery, "--as-of", "2011-06-30", "--memory", "1MB", "--lang", "en", "-q")
    assert (code, out) == (4, "") and "not enough memory" in err and "--memory" in err
    code, _, err = call("runs", "--lang", "en")
    assert code != 0 or "2011-06-30" not in err


@pytest.mark.parametrize("size", ["2", "GB", "0GB", "-1GB", "2 XB", "half"])
def test_a_size_that_is_none_is_refused(call, delivery, size):
    code, _, err = call("check", delivery, "--memory", size, "--lang", "en")
    assert code == 2 and "2GB" in err


@pytest.mark.parametrize("threads", ["0", "-1", "many"])
def test_a_number_of_cores_that_is_none_is_refused(call, delivery, threads):
    code, _, err = call("check", delivery, "--threads", threads, "--lang", "en")
    assert code == 2 and "--threads" in err
