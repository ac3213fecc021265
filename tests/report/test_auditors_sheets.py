"""The sheets for the auditors have the numbers of the commands: what waiting costs, what was not checked, what stands against whom."""

import datetime as dt
import re
from collections import Counter
from decimal import Decimal as D
from types import SimpleNamespace

import openpyxl
import pytest

from planning_check import pipeline
from planning_check.ingest.meeting import read_meeting
from planning_check.pipeline.reporting import gather
from planning_check.record.unchecked import Last, NotChecked, Unchecked
from planning_check.report import workbook
from planning_check.report.console.rents import rents_lines
from planning_check.report.console.unchecked import unchecked_lines
from planning_check.report.told.numbers import number
from planning_check.report.workbook.alone import alone
from planning_check.report.workbook.unchecked import write_unchecked
from planning_check.store import load_run, open_store
from planning_check.words import PAPERS, UNKNOWN
from tests import city

NAMES = {"zh": ("等待的代价", "开发企业总账", "没有核对的"), "en": ("Cost of waiting", "Developers", "Not checked")}


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    return city.checked(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module", params=["zh", "en"])
def written(request, url, tmp_path_factory):
    """The workbook of the bundled city: its path, and its language."""
    store = open_store(url, write=False)
    folder = tmp_path_factory.mktemp("auditors")
    workbook.write(gather(store, load_run(store)), folder, request.param)
    store.dispose()
    return folder / PAPERS["annex"].get(request.param), request.param


def rows_of(written, which, **options):
    sheet = openpyxl.load_workbook(written[0], data_only=True)[NAMES[written[1]][which]]
    return [list(row) for row in sheet.iter_rows(min_row=4, values_only=True)]


def test_they_stand_behind_the_lists_print_like_them_and_the_book_is_read_back(written):
    book = openpyxl.load_workbook(written[0])
    places = [book.sheetnames.index(name) for name in NAMES[written[1]]]
    assert places == sorted(places) and min(places) > book.sheetnames.index({"zh": "调研表", "en": "Survey tables"}[written[1]])
    for name in NAMES[written[1]]:
        sheet = book[name]
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.print_title_rows) == ("landscape", 9, "$3:$3"), name
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    filled = read_meeting(written[0])
    assert filled.has_keys and not filled.rows and not filled.unread


def test_rents_are_those_of_the_console_and_add_up(written, url):
    found, lang = pipeline.rents(url, costs={}), written[1]
    rows = rows_of(written, 0)
    offices = rows[: len(found.offices)]
    assert [row[0] for row in offices] == [one.key for one in found.offices]
    unknown = [one.paid is None for one in found.offices]
    assert any(unknown) and [row[3] == UNKNOWN.get(lang) for row in offices] == unknown, "unknown is no 0 and no blank"
    ends = [sum(D(str(row[n])) for row in offices if row[n] != UNKNOWN.get(lang)) for n in (3, 4)]
    assert ends == [found.paid.least, found.paid.most] == [D(str(value)) for value in rows[len(offices)][3:5]]
    years = rows[len(offices) + 1 :][: len(found.by_year)]
    assert [(re.sub(r"\D", "", row[1]), *(D(str(value)) for value in row[3:5])) for row in years] == [
        (str(year), span.least, span.most) for year, span in found.by_year.items()
    ]
    assert f"{number(found.paid.least)} - {number(found.paid.most)}" in "\n".join(rents_lines(found, lang))


def test_what_was_not_checked_is_that_of_the_console_and_adds_up(written, url):
    found, lang = pipeline.unchecked(url), written[1]
    rows = [row for row in rows_of(written, 2) if row[0]]
    *rules, total = rows
    assert sum(row[4] + row[5] + row[6] for row in rules) == len(found.lines) == total[4] + total[5] + total[6]
    assert Counter({row[0]: row[4] for row in rules}) == Counter(line.rule_id for line in found.lines)
    assert all(row[1] and row[2] and row[7] + row[8] == row[4] + row[5] + row[6] for row in rules)
    page = "\n".join(unchecked_lines(found, lang))
    assert number(len(found.lines)) in page
    for row in rules:
        told = next(line for line in page.splitlines() if line.split()[:1] == [row[0]]).split()
        assert told[1:7] == [number(value) for value in row[3:9]], row[0]


def test_developers_are_those_of_their_dossiers_and_each_finding_is_in_one(written, url):
    lang = written[1]
    rows = [row for row in rows_of(written, 1) if row[0]]
    store = open_store(url, write=False)
    counts = Counter(finding["outcome"] for finding in pipeline.findings(url).rows)
    pack = gather(store, load_run(store))
    assert sum(row[1] + row[15] for row in rows) == counts["violation"], "nobody has reported or struck off a case"
    assert sum(row[2] for row in rows) == counts["undetermined"]
    assert sum(D(str(row[9])) for row in rows if isinstance(row[9], int | float)) == sum(one.residual_m2 or 0 for one in pack.balance)
    store.dispose()
    assert [row[1] for row in rows[:-1]] == sorted((row[1] for row in rows[:-1]), reverse=True)
    assert rows[-1][0] == {"zh": "没有开发企业的", "en": "without a developer"}[lang]
    for row in rows[:12] + [row for row in rows if row[9] == UNKNOWN.get(lang)]:
        told = pipeline.dossier(url, developer=row[14] or row[0])
        violations, deposits = told.parts.get("violations"), told.parts.get("deposits")
        assert (row[1], row[12], row[13]) == (told.pending, told.credit_now, told.credit_later)
        assert shown(row[4]) == (violations.area_m2 if violations else None) and shown(row[6]) == (violations.yuan if violations else None)
        assert shown(row[8]) == (deposits.yuan if deposits else None)
        assert told.owed.projects == 0 or [row[9], row[10]] == [
            UNKNOWN.get(lang) if value is None else pytest.approx(float(value))
            for value in (told.owed.residual_m2, told.owed.residual_yuan)
        ]


def shown(value):
    return None if value == "—" else D(str(value))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_days_since_the_last_verdict_and_that_all_was_checked(tmp_path, lang):
    run = SimpleNamespace(id=3, as_of=dt.date(2011, 6, 30))
    lasts = [Last(2, dt.date(2011, 3, 31), "pass"), Last(1, dt.date(2010, 12, 31), "violation"), None]
    lines = [NotChecked("AR03", "project", f"P{n}", outcome, last)
             for n, (outcome, last) in enumerate(zip(("undetermined", "error", "not_delivered"), lasts, strict=True))]  # fmt: skip
    rules = [SimpleNamespace(rule_id="AR03", title_zh="面积", title_en="area", responsible="planning")]

    def written_of(lines):
        found = Unchecked(run, {"AR03": "project"}, Counter({("AR03", "pass"): 7, ("AR03", "undetermined"): 1}), lines)
        pack = SimpleNamespace(unchecked=lambda: found, rules=rules)
        (tmp_path / "x.xlsx").write_bytes(alone("x", "x", run.as_of, lang, lambda book: write_unchecked(book, pack)))
        return [
            list(row) for row in openpyxl.load_workbook(tmp_path / "x.xlsx", data_only=True).active.iter_rows(min_row=4, values_only=True)
        ]

    assert written_of(lines)[0][3:] == [7, 1, 1, 1, 1, 2, 91, 181]
    assert written_of(lines[2:])[0][3:] == [7, 0, 0, 1, 1, 0, "—", "—"], "never judged has no days"
    assert {"zh": "都有结论", "en": "every rule came to a verdict"}[lang] in written_of([])[0][0]
