"""The configuration file: nearest upwards, relative to itself, behind the command line, told in one line, wrong by file and line."""

import json
import os
import re
from contextlib import suppress
from pathlib import Path

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning_check.cli.configuration import FILE, KEYS, read_configuration
from planning_check.cli.main import cli
from planning_check.errors import UsageError

ALL = """\
folder = ["报送", "more"]
db = "runs.sqlite"
rules = "examples/tiers"
as_of = 2011-06-30
language = "zh"
mapping = "mapping.yaml"
crs = "a.shp=EPSG:4545"
series = "棠川"
threads = 2
memory = "2GB"
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder with a configuration, and one below, in which is worked."""
    monkeypatch.delenv("PLANNING_CHECK_CONFIG", raising=False)
    for name in ("报送", "more", "our_city", "a/b"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "mapping.yaml").write_text("version: 1\nsheets: []\n", "utf-8")
    (tmp_path / FILE).write_text(ALL, "utf-8")
    monkeypatch.chdir(tmp_path / "a" / "b")
    return tmp_path


def test_every_setting_is_heard_relative_to_its_file(tiny, call, home):
    code, out, err = call("check")
    ((options, apart),) = tiny
    assert code == 0, err
    assert options.paths == (home / "报送", home / "more")
    assert (str(options.as_of), options.series, options.threads, options.memory) == ("2011-06-30", "棠川", 2, "2GB")
    assert (options.rule_dirs, options.mapping, options.crs) == ((Path("examples/tiers"),), home / "mapping.yaml", ("a.shp=EPSG:4545",))
    assert apart["db_url"] == str(home / "runs.sqlite")
    assert f"按配置文件 {home / FILE}：folder = {home / '报送'}, {home / 'more'}, db = " in err
    assert f"截至日 2011-06-30 是 {FILE} 第 4 行写的" in err and "已记入" in out


def test_the_command_line_goes_before_the_file(tiny, call, home):
    code, _, err = call("check", home / "more", "--as-of", "2010-01-01", "--db", "other.sqlite", "--lang", "en", "--threads", "1")
    ((options, apart),) = tiny
    assert code == 0, err
    assert (options.paths, str(options.as_of), apart["db_url"], options.threads) == ((home / "more",), "2010-01-01", "other.sqlite", 1)
    assert "The day of the check" not in err and "folder = " not in err and "threads" not in err and "series = 棠川" in err


@pytest.mark.parametrize(
    ("more", "is_told"), [((), False), (("--db", "other.sqlite"), True), (("--config", "named.toml"), True), (("--config", "off"), False)]
)
def test_what_to_type_next_leaves_out_what_the_next_command_finds_by_itself(tiny, call, home, more, is_told):
    Path("named.toml").write_text("db = 'named.sqlite'\n", "utf-8")
    code, out, err = call("check", *more)
    assert code == 0, err
    (line,) = [line for line in out.splitlines() if line.startswith("  planning-check report")]
    assert (" --db " in line) is is_told and "--db named.sqlite" not in line  # a path that holds from everywhere


@pytest.mark.parametrize("how", ["option", "variable"])
def test_another_file_may_be_named_and_none_at_all(tiny, call, home, monkeypatch, how):
    (home / "other.toml").write_text('series = "别的"\n', "utf-8")
    for named, wanted in ((home / "other.toml", "别的"), ("off", None)):
        tiny.clear()
        if how == "variable":
            monkeypatch.setenv("PLANNING_CHECK_CONFIG", str(named))
        call("check", *(("--config", named) if how == "option" else ()))
        assert (tiny[0][0].series, tiny[0][0].threads) == (wanted, None)


@pytest.mark.parametrize(
    ("line", "zh", "en"),
    [
        ("foldr = 'x'", "不认得“foldr”，是不是“folder”", "unknown key 'foldr'; did you mean 'folder'"),
        ("asof = 2011-06-30", "是不是“as_of”", "did you mean 'as_of'"),
        ("as_of = '2011'", "应为日期", "expected a day"),
        ("as_of = 2011-06-30T00:00:00", "应为日期", "expected a day"),
        ("as_of = 2011-06-31", "不是合法的 TOML", "not valid TOML"),
        ("language = 'fr'", '应为 "zh" 或 "en"', 'expected "zh" or "en"'),
        ("threads = 0", "应为 1 以上的整数", "expected a whole number"),
        ("threads = true", "应为 1 以上的整数", "expected a whole number"),
        ("memory = 'much'", "写成", "write it as"),
        ("memory = 2", "应为文字", "expected a text"),
        ("folder = 3", "应为文字", "expected a text"),
        ("folder = ['a', 1]", "应为文字", "expected a text"),
        ('folder = "D:\\data"', "不是合法的 TOML", "not valid TOML"),
        ("series = 'a'\nseries = 'b'", "不是合法的 TOML", "not valid TOML"),
        ("folder = 'nowhere'", "没有", "there is no"),
        ("mapping = '报送'", "没有", "there is no"),
        ("[check]\nfolder = 'x'", "不认得“check”", "unknown key 'check'"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tiny, call, home, line, zh, en):
    (home / FILE).write_text(f"# one\n\n{line}\n", "utf-8")
    for lang, said in (("zh", zh), ("en", en)):
        code, _, err = call("check", "--lang", lang)
        assert (code, tiny) == (2, []) and said in err, err
        number = 4 if "\nseries" in line else 3
        assert re.match(re.escape(f"{home / FILE}:{number}"), err), err


@pytest.mark.parametrize("data", [b"series = '\xcc\xc4\xb4\xa8'\n", b"\xff\xfe", b"series = 'a\0'\n", b"a" * 1_100_000])
def test_what_is_no_configuration_is_refused_and_named(tiny, call, home, data):
    (home / FILE).write_bytes(data)
    code, _, err = call("check", "--lang", "zh")
    assert (code, tiny, err.startswith(f"{home / FILE}:1")) == (2, [], True), err


def test_what_an_editor_of_windows_saves_is_read(home):
    (home / FILE).write_bytes("\ufeffseries = '棠川'\r\n".encode())
    assert read_configuration(home / FILE).settings["series"].value == "棠川"


def test_a_file_that_there_is_not_is_named(call):
    code, _, err = call("runs", "--config", "nowhere.toml", "--lang", "zh")
    assert code == 2 and err.startswith("nowhere.toml：配置文件打不开")


def test_a_command_minds_only_what_it_uses(call, home):
    (home / FILE).write_text("mapping = 'gone.yaml'\nfolder = 'gone'\n", "utf-8")
    assert call("rules", "list", "--config", home / FILE)[0] == 0
    assert call("check", "--config", home / FILE)[0] == 2


def test_one_of_another_user_is_not_followed(tiny, call, home, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    os.chown(home / FILE, 4712, -1) if os.geteuid() == 0 else pytest.skip("only root gives files away")
    code, _, err = call("check", "--lang", "zh")
    assert (code, tiny[0][0].series) == (0, None) and "属于别的用户" in err
    tiny.clear()
    assert call("check", "--config", home / FILE)[0] == 0 and tiny[0][0].series == "棠川"


def test_no_password_is_told(tiny, call, home):
    (home / FILE).write_text("db = 'postgresql+psycopg://me:secret@host/runs'\n", "utf-8")
    _, out, err = call("runs", "--lang", "en")
    assert "db = ..." in err and "secret" not in out + err


def test_every_command_hears_it():
    def commands(group):
        for one in group.commands.values():
            yield from commands(one) if isinstance(one, click.Group) else [one]

    assert all("config" in {param.name for param in one.params} for one in commands(cli))


def test_a_database_named_by_address_is_beside_the_file_too(home):
    for told, wanted in (("sqlite:///x.sqlite", f"sqlite:///{home / 'x.sqlite'}"), ("sqlite:///:memory:", "sqlite:///:memory:"),
                          ("sqlite:////tmp/x.sqlite", "sqlite:////tmp/x.sqlite"), ("postgresql://h/d", "postgresql://h/d")):  # fmt: skip
        (home / FILE).write_text(f"db = '{told}'\n", "utf-8")
        assert read_configuration(home / FILE).settings["db_url"].value == wanted


def test_nesting_without_end_is_no_bug(home):
    (home / FILE).write_text("folder = " + "[" * 100_000, "utf-8")
    with pytest.raises(UsageError):
        read_configuration(home / FILE)


def test_rules_are_a_folder_beside_the_file_or_an_example(home):
    (home / FILE).write_text("rules = ['our_city', 'examples/tiers']\n", "utf-8")
    assert read_configuration(home / FILE).settings["rule_dirs"].value == [str(home / "our_city"), "examples/tiers"]


VALUES = st.one_of(
    st.integers(-3, 3), st.booleans(), st.floats(allow_nan=False), st.text(max_size=8), st.dates().map(str),
    st.lists(st.text(max_size=4), max_size=3),
    st.just("2GB"), st.just("zh"),
)  # fmt: skip


@given(st.dictionaries(st.sampled_from([*KEYS, "foldr", "x-y", "DB"]), VALUES, max_size=4))
@settings(max_examples=150, deadline=None)
def test_whatever_is_written_is_a_setting_or_named_with_its_line(tmp_path_factory, written):
    path = tmp_path_factory.mktemp("home") / FILE
    path.write_text("".join(f"{json.dumps(key)} = {json.dumps(value)}\n" for key, value in written.items()), "utf-8")
    try:
        found = read_configuration(path)
    except UsageError as error:
        assert error.where and 1 <= error.where.line <= max(1, len(written)) and error.fix
        if "\\ud" not in path.read_text("utf-8") and "\\u007f" not in path.read_text("utf-8"):
            assert "TOML" in error.what.en or list(written)[error.where.line - 1] in error.what.en
    else:
        assert set(written) <= set(KEYS) and [one.line for one in found.settings.values()] == list(range(1, len(written) + 1))


@given(st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_no_bytes_are_a_bug(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("home") / FILE
    path.write_bytes(data)
    with suppress(UsageError):
        read_configuration(path)
