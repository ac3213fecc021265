"""``province run`` and ``province status`` as they are typed: what is printed, the exit codes, what is refused before anything begins."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from planning_check.cli import province_run as commands
from planning_check.pipeline.province import executing
from planning_check.province.plan_file import as_json, with_digest
from planning_check.report.console.layout import display_width
from tests.province import stand_in
from tests.province.stand_in import leftovers, roots


@pytest.fixture
def planned(tmp_path, monkeypatch):
    """A plan on file, of cities that do what they are told; the check is the stand-in."""
    real = executing.run
    monkeypatch.setattr(executing, "run", lambda *given, **named: real(*given, check=stand_in.check, **named))

    def write(behaviour):
        plan = with_digest(replace(stand_in.province(tmp_path, behaviour), digest=""))
        Path("plan.json").write_text(as_json(plan), "utf-8")
        return plan

    return write


def test_all_there(planned, call):
    plan = planned({"甲市": {}, "乙市": {}})
    code, out, err = call("province", "run", "plan.json", "--out", "R", "--workers", "0", "--lang", "zh")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "全省检查：2 个分片中 2 个有结果", "", "接着可以：",
        "  planning-check province merge plan.json --out R  把已有的结果合成一次检查",
    ]  # fmt: skip
    assert sorted(roots(plan, "R")) == ["s001", "s002"]
    code, out, _ = call("province", "run", "plan.json", "--out", "R", "--workers", "0", "--lang", "en")
    assert (code, out.splitlines()[0]) == (0, "Province: 2 of 2 shards have a result (2 from before)")


@pytest.mark.parametrize("columns", ["80", "120"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_fails_is_printed_at_once_and_in_the_end(planned, call, monkeypatch, columns, lang):
    monkeypatch.setenv("COLUMNS", columns)
    planned({"a": {}, "坏市": {"fails": "delivery"}, "c": {"fails": "disk"}})
    code, out, err = call("province", "run", "plan.json", "--out", "R", "--workers", "0", "--lang", lang)
    assert code == 4
    assert "planning-check province run plan.json --out R" in out
    assert "planning-check province plan ..." in out
    for text in (out, err):
        assert "坏市" in text
        assert "s003" in text
        assert max(map(display_width, text.splitlines())) <= int(columns)
        text.encode("gbk")
    assert ("没有可读的文件" if lang == "zh" else "no file that can be read") in out
    assert leftovers("R") == []


@pytest.mark.parametrize(("fails", "code"), [("delivery", 3), ("changed", 3), ("disk", 4), ("bug", 70)])
def test_exit_codes(planned, call, fails, code):
    planned({"a": {}, "b": {"fails": fails}, "c": {"fails": "delivery"}})
    assert call("province", "run", "plan.json", "--out", "R", "--workers", "0")[0] == code


def test_quiet_says_nothing_and_json_says_all(planned, call):
    plan = planned({"a": {}, "b": {"fails": "delivery"}})
    assert call("province", "run", "plan.json", "--out", "R", "--workers", "0", "-q") == (3, "", "")
    code, out, err = call("province", "run", "plan.json", "--out", "R", "--workers", "0", "-q", "--format", "json")
    told = json.loads(out)
    assert (code, err) == (3, "")
    assert told["run"] == plan.digest
    assert (told["shards"], told["done"], told["before"], told["taken"], told["missing"]) == (2, ["s001"], 1, 0, ["s002"])
    assert [(f["shard"], f["cities"], f["kind"], f["tries"]) for f in told["failures"]] == [("s002", ["b"], "delivery", 1)]
    assert set(told["failures"][0]["why"]) == {"zh", "en"}


def test_the_traceback_of_a_bug_with_v(planned, call):
    planned({"a": {"fails": "bug"}})
    assert "Traceback" not in call("province", "run", "plan.json", "--out", "R", "--workers", "0")[2]
    assert "Traceback" in call("province", "run", "plan.json", "--out", "R", "--workers", "0", "-v")[2]


def test_status(planned, call):
    planned({"a": {}, "b": {"fails": "delivery"}})
    code, out, _ = call("province", "status", "plan.json", "--out", "R", "--lang", "en")
    assert (code, out.splitlines()[0]) == (3, "Province: 0 of 2 shards have a result, 2 without")
    assert "s002  b, 10 projects" in out
    assert not Path("R").exists(), "looking makes nothing"
    call("province", "run", "plan.json", "--out", "R", "--workers", "0")
    code, out, _ = call("province", "status", "plan.json", "--out", "R", "--lang", "zh")
    assert code == 3
    assert "2 个分片中 1 个有结果，1 个没有" in out
    assert "s002  b：报送读不出或判不了" in out
    code, out, _ = call("province", "status", "plan.json", "--out", "R", "--format", "json")
    assert (code, json.loads(out)["missing"], json.loads(out)["failures"][0]["kind"]) == (3, ["s002"], "delivery")
    Path("cities/b/do.json").write_text("{}", "utf-8")
    call("province", "run", "plan.json", "--out", "R", "--workers", "0")
    assert call("province", "status", "plan.json", "--out", "R", "-q") == (0, "", "")


def test_ctrl_c_says_what_stays(planned, call, monkeypatch):
    plan = planned({"a": {}, "b": {}})
    true = stand_in._do

    def interrupted(folder, task):
        if folder.name == "b":
            raise KeyboardInterrupt
        true(folder, task)

    monkeypatch.setattr(stand_in, "_do", interrupted)
    code, out, err = call("province", "run", "plan.json", "--out", "R", "--workers", "0", "--lang", "en")
    assert (code, out) == (130, "")
    assert "1 of 2 shards have a result, 1 without" in err
    assert "Interrupted" in err
    assert (list(roots(plan, "R")), leftovers("R")) == (["s001"], [])


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--workers", "2", "--scheduler", "tcp://127.0.0.1:8786"], "exclude each other"),
        (["--scheduler", "tcp://10.0.0.1:8786"], "without TLS"),
        (["--scheduler", "10.0.0.1:8786"], "--insecure"),
        (["--scheduler", "tls://10.0.0.1:8786"], "--tls-ca"),
        (["--scheduler", "inproc://x"], "tcp://HOST:PORT"),
        (["--scheduler", "127.0.0.1"], "tcp://HOST:PORT"),
        (["--scheduler", "tcp://:8786"], "tcp://HOST:PORT"),
        (["--scheduler", "tcp://127.0.0.1:8786", "--tls-ca", "x.pem"], "together"),
        (["--memory", "much"], "2GB"),
        (["--workers", "-1"], "range"),
    ],
)
def test_what_is_refused_before_anything_begins(planned, call, options, says):
    planned({"a": {}})
    Path("x.pem").write_text("", "utf-8")
    code, out, err = call("province", "run", "plan.json", "--out", "R", "--lang", "en", *options)
    assert (code, out) == (2, "")
    assert says in err
    assert not Path("R").exists()


@pytest.mark.parametrize(
    ("address", "is_this"),
    [("tcp://127.0.0.1:1", True), ("tcp://127.8.8.8:1", True), ("tcp://[::1]:1", True), ("tcp://localhost:1", True),
     ("tcp://127.0.0.1.evil.example:1", False), ("tcp://0.0.0.0:1", False), ("tcp://192.168.1.2:1", False), ("tcp://server:1", False)],
)  # fmt: skip
def test_what_is_this_machine(address, is_this):
    assert commands._is_this_machine(address) == is_this


def test_where_no_scheduler_answers(planned, call, monkeypatch):
    from planning_check.province import workers

    monkeypatch.setattr(workers, "_CONNECT_SECONDS", 0.3)
    planned({"a": {}})
    code, out, err = call("province", "run", "plan.json", "--out", "R", "--scheduler", "tcp://127.0.0.1:9", "--lang", "en")
    assert (code, out) == (4, "")
    assert "no scheduler answers" in err
    assert leftovers("R") == []


def test_a_plan_that_was_changed_is_refused(planned, call):
    planned({"a": {}})
    told = json.loads(Path("plan.json").read_text("utf-8"))
    told["shards"][0]["code"] = "../x"
    Path("plan.json").write_text(json.dumps(told), "utf-8")
    for command in ("run", "status"):
        assert call("province", command, "plan.json", "--out", "R")[0] == 2


def test_without_the_extra_it_says_what_to_install(planned, call, monkeypatch):
    import sys

    planned({"a": {}})
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, _, err = call("province", "run", "plan.json", "--out", "R", "--workers", "2", "--lang", "en")
    assert code == 2
    assert "planning-check[province]" in err
