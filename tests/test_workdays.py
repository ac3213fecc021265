"""Which days are worked, and on which day a number of working days ends; a year that is not known is never guessed."""

import datetime as dt

import pytest

from planning_check import pipeline
from planning_check.errors import RulebookError, UsageError
from planning_check.pipeline.rules import bundled, load_workdays
from planning_check.rulebook.loading import load
from planning_check.workdays import UnknownYear, Workdays, library_years

FROM = dt.date(2011, 9, 28)  # a Wednesday before the National Day of 2011: off 1-7 October, worked on Saturday the 8th and Sunday the 9th


def day(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    "count, ends", [(1, "2011-09-29"), (2, "2011-09-30"), (3, "2011-10-08"), (4, "2011-10-09"), (5, "2011-10-10"), (10, "2011-10-17")]
)
def test_holidays_and_days_made_up_for_are_counted_as_they_were_arranged(count, ends):
    table = Workdays()
    assert table.after(FROM, count) == day(ends)
    assert table.between(FROM, day(ends)) == count and table.between(day(ends), FROM) == -count


def test_a_day_itself_is_not_counted_and_a_day_off_after_it_neither():
    assert Workdays().between(FROM, FROM) == 0 == Workdays().between(day("2011-09-30"), day("2011-10-07"))


def test_a_year_that_nobody_arranged_is_said_and_not_taken_for_weekdays():
    first = max(library_years()) + 1
    assert 2011 in library_years() and 2003 not in library_years()
    with pytest.raises(UnknownYear) as told:
        Workdays().after(dt.date(first - 1, 12, 30), 5)
    assert told.value.year == first and str(first) in told.value.why.zh and str(first) in told.value.why.en
    with pytest.raises(UnknownYear):
        Workdays().between(dt.date(2003, 6, 1), dt.date(2004, 2, 1))


TABLE = """\
years: [2099]
holidays: [2099-01-01, {from: 2099-01-05, to: 2099-01-06}, 2011-09-29]
workdays: [2099-01-04, 2011-10-01]
cite: 某市通知（虚构）
"""


def folder(tmp_path, text=TABLE, name="city"):
    made = tmp_path / name
    made.mkdir(exist_ok=True)
    (made / "workdays.yaml").write_text(text, "utf-8")
    return made


def test_a_citys_own_table_goes_before_the_library_day_by_day_and_tells_years_of_its_own(tmp_path):
    table = load_workdays([folder(tmp_path)])
    assert table.after(FROM, 1) == day("2011-09-30") and table.after(FROM, 2) == day("2011-10-01"), "others of 2011 stay the library's"
    assert [table.is_workday(dt.date(2099, 1, n)) for n in range(1, 8)] == [False, True, False, True, False, False, True]
    assert 2099 in table.known and 2098 not in table.known


def test_of_two_folders_the_later_says_it(tmp_path):
    other = folder(tmp_path, "holidays: [2011-09-30]\nworkdays: [2011-09-29]\ncite: x\n", "district")
    table = load_workdays([folder(tmp_path), other])
    assert (table.is_workday(day("2011-09-29")), table.is_workday(day("2011-09-30"))) == (True, False)
    assert table.is_workday(day("2011-10-01")), "what the later does not tell stays"


@pytest.mark.parametrize(
    "text, line, said",
    [
        ("holidays: [2011-09-29]\n", 1, "cite"),
        ("cite: x\nholidays: [2011-09-29]\nworkdays: [2011-09-29]\n", 3, "told twice"),
        ("cite: x\nholidays: [2098-01-01]\n", 2, "not known"),
        ("cite: x\nyears: [2098]\n", 2, "not one holiday"),
        ("cite: x\nyears: [20.5]\n", 2, "not a year"),
        ("cite: x\nholidays: [{from: 2011-05-04, to: 2011-05-01}]\n", 2, "not be after"),
        ("cite: x\nholidays: [{from: 2011-01-01, to: 9999-12-31}]\n", 2, "60 days"),
        ("cite: x\nholidays: [五一]\n", 2, "date"),
        ("cite: x\nfestivals: []\n", 2, "unknown key"),
    ],
)
def test_a_table_that_is_wrong_stops_every_command_with_file_and_line(tmp_path, text, line, said):
    made = folder(tmp_path, text)
    for read in (load_workdays, lambda folders: load([bundled("rules"), *folders])):
        with pytest.raises(RulebookError) as told:
            read([made])
        assert told.value.where.get("en") == f"city/workdays.yaml:{line}" and said in told.value.what.en and told.value.what.zh


def test_a_folder_that_has_gone_is_said(tmp_path):
    with pytest.raises(UsageError, match="gone") as told:
        load_workdays([tmp_path / "gone"])
    assert "--rules" in told.value.fix.zh


def test_the_table_is_no_part_of_what_a_run_is_judged_by(tmp_path):
    made = folder(tmp_path)
    (made / "overrides.yaml").write_text("off: {AR02: 试}\n", "utf-8")
    assert set(pipeline.load_rules([made]).hashes) - set(pipeline.load_rules().hashes) == {"city/overrides.yaml"}
