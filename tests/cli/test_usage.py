"""Wrong options and values are told in the reader's language, with the nearest that is right."""

import datetime as dt

import click
import pytest

from planning_check.cli.values import DAY, OneOf
from planning_check.words import BUREAUS, LISTS

ENGLISH = ("Usage", "Options", "Commands", "Error", "Try '", "No such", "Missing", "Invalid value", "Got unexpected", "Did you mean",
           "Choose from", "does not exist", "requires an argument", "is not in the range", "not a valid", "does not take")  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (("findings", "--lsit", "x"), "没有选项 --lsit。 是不是 '--list'", "No such option '--lsit'"),
        (("finding",), "没有命令 finding。 是不是 'findings'", "No such command 'finding'. Did you mean 'findings'?"),
        (("explain",), "缺少参数 'RULE'", "Missing argument 'RULE'"),
        (("explain", "a", "b", "c"), "多写了参数：c", "Got unexpected extra argument (c)"),
        (("findings", "--list", "deposit"), "是不是 拟没收保证金（deposits）？", "Did you mean deposits?"),
        (("balance", "--by", "distric"), "是不是 区县（district）？", "Did you mean district?"),
        (("report", "--only", "map"), "可以写 数据表（tables）", "Choose from tables, workbook"),
        (("findings", "--bureau", "城管"), "没有“城管”", "'城管' is not one of them"),
        (
            ("check", "--as-of", "2011-13-01", "."),
            "没有 2011-13-01 这一天，写成 2011-06-30",
            "there is no day 2011-13-01; write it as 2011-06-30",
        ),
        (("check", "--as-of", "明天", "."), "“明天”看不出是哪一天，写成 2011-06-30", "'明天' is no day; write it as 2011-06-30"),
        (("check", "--threads", "0", "."), "0 不在范围 x>=1 内", "0 is not in the range x>=1"),
        (("check", "--threads", "x", "."), "x 不是数字", "'x' is not a valid integer"),
        (("check", "--memory", "much", "."), "写成 2GB 或 500MB", "write it as 2GB or 500MB"),
        (("due", "--within", "soon"), "写成 60d 或 60天", "write it as 60d"),
        (("findings", "--rule"), "选项 --rule 后面要写一个值", "Option '--rule' requires an argument"),
        (("decide", "gone.xlsx"), "gone.xlsx 不存在", "File 'gone.xlsx' does not exist"),
        (("case", "show", "12"), "键是 16 位十六进制数", "a key has 16 hexadecimal digits"),
    ],
)
def test_wrong_usage_is_told_in_the_language(call, monkeypatch, arguments, zh, en):
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert zh in err
    assert not [word for word in ENGLISH if word in err], err
    monkeypatch.setenv("LANG", "C.UTF-8")
    code, _, err = call(*arguments)
    assert code == 2
    assert en in err
    for argument in arguments:
        err = err.replace(argument, "")
    assert not any("\u4e00" <= c <= "\u9fff" for c in err), err


def test_the_language_of_the_locale_is_that_of_usage_errors(call, monkeypatch):
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "错误：没有选项 --nix" in call("runs", "--nix")[2]
    monkeypatch.setenv("LANG", "C.UTF-8")
    assert "Error: No such option '--nix'" in call("runs", "--nix")[2]


def test_help_is_in_the_language_each_time_it_is_asked_for(call):
    for lang, head, options in (("zh", "用法：", "选项:"), ("en", "Usage:", "Options:"), ("zh", "用法：", "选项:")):
        _, out, _ = call("findings", "--lang", lang, "--help")
        assert out.startswith(head)
        assert options in out


@pytest.mark.parametrize("given", ["2011-06-30", "2011/6/30", "2011年6月30日", "2011.06.30", " 2011 年 6 月 30 日 "])
def test_a_day_in_the_ways_that_people_write_it(given):
    assert DAY.convert(given, None, None) == dt.datetime(2011, 6, 30)


@pytest.mark.parametrize("given", ["30.06.2011", "2011", "2011-6", "2011-02-29", "2011-06-30x", "", "11-06-30", "0000-01-01"])
def test_what_is_no_day_is_refused(given):
    with pytest.raises(click.BadParameter, match="2011-06-30"):
        DAY.convert(given, None, None)


@pytest.mark.parametrize(
    ("words", "given", "code"),
    [
        (LISTS, "violations", "violations"), (LISTS, "Violations", "violations"), (LISTS, "违规", "violations"),
        (LISTS, "没收", "deposits"), (LISTS, "拟没收保证金", "deposits"), (LISTS, "办公用房", "offices"),
        (BUREAUS, "住建局", "housing"), (BUREAUS, "civil-affairs", "civil_affairs"), (BUREAUS, "Civil affairs", "civil_affairs"),
    ],
)  # fmt: skip
def test_a_word_stands_for_its_code(words, given, code):
    assert OneOf(words).convert(given, None, None) == code


@pytest.mark.parametrize(("words", "given"), [(LISTS, "用"), (LISTS, "viol"), (BUREAUS, "局"), (BUREAUS, "规划住建"), (LISTS, "")])
def test_a_word_of_two_or_of_none_is_not_guessed(words, given):
    with pytest.raises(click.BadParameter):
        OneOf(words).convert(given, None, None)
