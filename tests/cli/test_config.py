"""``config``: every setting with its value and its origin; what the file does not know is not there, and no password is told."""

import json

import pytest

from planning_check.cli.config import _SETTINGS
from planning_check.cli.configuration import FILE, KEYS
from planning_check.cli.main import cli


def told(call, *more):
    code, out, err = call("config", "--format", "json", "--lang", "en", *more)
    assert code == 0, err
    return {row["key"]: row for row in json.loads(out)}


def test_where_nothing_is_said_the_defaults_are_told(call, monkeypatch):
    for name in ("PLANNING_CHECK_CONFIG", "PLANNING_CHECK_CACHE", "SOURCE_DATE_EPOCH", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    rows = told(call)
    assert {row["from"] for row in rows.values()} == {"default"}
    assert rows["db"]["value"] == "planning_check.sqlite" and rows["folder"]["value"] == "the bundled city"
    code, out, _ = call("config", "--lang", "zh")
    assert code == 0 and "没有配置文件" in out and "自带的示例城市  ← 默认" in out


def test_what_the_file_says_is_told_with_its_line(call, tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    (tmp_path / FILE).write_text(
        '# ours\nfolder = "in"\nlanguage = "zh"\nthreads = 2\ndb = "postgresql+psycopg://me:secret@host/city"\n', "utf-8"
    )
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1309392000")
    rows = told(call)
    place = (tmp_path / FILE).resolve()
    assert rows["folder"] == {"key": "folder", "option": "FOLDER", "value": str(tmp_path / "in"), "from": f"{place}:2"}
    assert (rows["threads"]["value"], rows["threads"]["from"]) == ("2", f"{place}:4")
    assert rows["db"]["value"] == "..." and rows["mapping"]["from"] == "default"
    assert (rows["SOURCE_DATE_EPOCH"]["value"], rows["SOURCE_DATE_EPOCH"]["from"]) == ("1309392000", "environment")
    assert told(call, "--config", "off")["threads"]["from"] == "default"
    assert "secret" not in call("config", "--lang", "zh")[1]


@pytest.mark.parametrize("key", KEYS)
def test_the_option_that_goes_before_a_key_is_one(key):
    option = _SETTINGS[key][0]
    known = {name for command in cli.commands.values() for param in command.params for name in param.opts}
    assert option in known or option == "FOLDER"
    assert list(_SETTINGS) == list(KEYS)
