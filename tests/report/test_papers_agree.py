"""The papers of one run say the same: every list is read back from each of them as its reader sees it, added up, and held against a count
of its own, made from the run's CSV and its database (``recount``)."""

import csv
import datetime as dt
import json
import re
import sqlite3
import subprocess
import sys
from decimal import ROUND_HALF_UP, Decimal
from types import SimpleNamespace

import openpyxl
import pytest
from docx import Document

from planning_check.errors import Text
from planning_check.pipeline.reporting import gather
from planning_check.report import layers, notices, page, workbook
from planning_check.report.console.first_screen import first_screen
from planning_check.report.console.summary import summary_lines
from planning_check.report.tables import folder as tables
from planning_check.report.told.summarising import summarise
from planning_check.store import Entry, Told, append, load_run, open_store, totals
from planning_check.store.connecting import writing
from tests import city
from tests.office import convert
from tests.outside import require
from tests.report.recount import count, counts, findings_of, lines, passed

RUN, DAY = 2, dt.datetime(2011, 7, 8, tzinfo=dt.UTC)
MAIN = ("violations", "deposits", "offices")
BUREAUS = {"planning": "规划", "housing": "住建", "civil_affairs": "民政", "real_estate": "房管"}
NAMES = {
    "zh": {"violations": "违规", "deposits": "拟没收保证金", "offices": "未解决的租借办公用房", "programme": "待建设达标",
           "controls": "部门履职", "leads": "线索与提示", "data": "数据"},
    "en": {"violations": "Violations", "deposits": "Deposits to forfeit", "offices": "Rented or borrowed offices without resolution",
           "programme": "To be built up to standard", "controls": "Bureaus' own controls", "leads": "Leads and notes", "data": "Data"},
}  # fmt: skip
FILES = {
    "zh": {"meeting": "会议材料.xlsx", "annex": "附册.xlsx", "page": "findings_zh.html", "layers": "layers_zh.gpkg",
           "minutes": "文书/7_*/*.docx", "letters": "文书/{}_*/*.docx", "csv": "findings.csv", "bureau": "部门材料_{}.xlsx"},
    "en": {"meeting": "meeting.xlsx", "annex": "annex.xlsx", "page": "findings_en.html", "layers": "layers_en.gpkg",
           "minutes": "notices/7_*/*.docx", "letters": "notices/{}_*/*.docx", "csv": "findings_en.csv",
           "bureau": "bureau_{}.xlsx"},
}  # fmt: skip
LANGS = pytest.mark.parametrize("lang", ["zh", "en"])


def findings(url, *options):
    """What the command prints."""
    command = [sys.executable, "-m", "planning_check", "findings", "--db", url, "--run", str(RUN), *options]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8")


def facts(told):
    """``name=value; name=``: nothing for what is not known."""
    return {name: value or None for name, value in (part.split("=", 1) for part in told.split("; "))}


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    """All papers of the bundled city's second run after a meeting that dismissed the first project wholly, of the second the finding that
    says what is missing, and one deposit; and the lists counted anew."""
    folder = tmp_path_factory.mktemp("papers")
    url = city.checked(folder)
    before = findings_of(findings(url, "--wide", "--format", "csv"))
    passes = passed(folder / "runs.sqlite", RUN)
    worst = sorted(lines(before, passes)["violations"].items(), key=lambda one: -(one[1].area or 0))
    (first, _), (second, _) = worst[:2]
    gone = [row for row in before if row["list"] == "violations" and (
        row["project_id"] == first or (row["project_id"], row["rule_id"]) == (second, "HO01"))]  # fmt: skip
    gone.append(next(row for row in before if row["list"] == "deposits"))
    engine = open_store(url)
    said = {"resolution_no": "纪要〔2011〕3号", "decided_on": "2011-07-08", "conclusion": "dismissed"}
    entries = [Entry("dismiss", "secretary", {**said, "facts": facts(row["facts"])}, row["fingerprint"], RUN) for row in gone]
    with writing(engine) as connection:
        append(connection, load_run(engine, RUN).series, DAY, "王秘书", entries)
    (folder / "out").mkdir()
    with Told(RUN) as told:
        pack = gather(engine, load_run(engine, RUN), told)
        for lang in FILES:
            for part in (tables, workbook, page, layers, notices):
                part.write(pack, folder / "out", lang)
            for bureau in BUREAUS:
                workbook.write_bureau(pack, folder / "out", lang, bureau)
    violations = findings_of(findings(url, "--wide", "--format", "csv"))
    found = lines(violations, passes)
    assert sum(line.is_dismissed for of_list in found.values() for line in of_list.values()) == 2
    return SimpleNamespace(
        url=url, out=folder / "out", folder=folder, violations=violations, lines=found, counts=counts(found),
        summary=summarise(totals(engine, RUN)),
    )  # fmt: skip


def amount(text):
    return Decimal(re.sub(r"[^\d.]", "", text) or 0)


def numbers(text):
    return [Decimal(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


def near(value):
    """A cell of a workbook as money or square metres."""
    return Decimal(value or 0).quantize(Decimal("0.01"), ROUND_HALF_UP)


def known(papers, code):
    """The sums of a list as papers tell them: an amount that no line of it has is none."""
    one = papers.counts[code]
    return [value for value in (one.area, *({one.least, one.most} if code == "deposits" else {one.most})) if value]


def block(text, name):
    """The lines of a list on the screen."""
    start = next(i for i, line in enumerate(text) if re.match(rf"{re.escape(name)}[：:]", line))
    return text[start : next((i for i in range(start, len(text)) if not text[i].strip()), len(text))]


@LANGS
@pytest.mark.parametrize("width", [80, 120])
def test_the_first_screen(papers, lang, width):
    told = first_screen(papers.summary, [("planning-check report", Text("材料", "papers"))], Text("在此", "here"), lang, width=width)
    unit = {"zh": (10_000, Decimal("0.01")), "en": (1_000, Decimal("0.1"))}[lang]
    for code in MAIN:
        said, one = block(told, NAMES[lang][code]), papers.counts[code]
        assert numbers(said[0])[0] == one.lines, code
        sums = next(re.split(r"合计|in all", line)[1] for line in said if re.search("合计|in all", line))
        money = [(value / unit[0]).quantize(unit[1], ROUND_HALF_UP) for value in (one.least, one.most) if value]
        assert numbers(sums) == [one.area, *money], code
    start = next(i for i, line in enumerate(told) if line.startswith(("另：", "Also: ")))
    others = " ".join(told[start : told.index("", start)])
    assert numbers(others) == [papers.counts[code].lines for code in NAMES[lang] if code not in MAIN]


@LANGS
def test_all_of_it_on_the_screen(papers, lang):
    told = summary_lines(papers.summary, lang)
    for code, name in NAMES[lang].items():
        said, one = block(told, name), papers.counts[code]
        assert numbers(said[0])[:2] == [one.lines, one.findings], code
        if code in MAIN:
            *_, sums = [line for line in said if re.match(r"\s+(合计|扣除不予认定|total|less dismissed) ", line)]
            assert numbers(sums) == [v for v in (one.lines, one.findings, one.area, one.least, one.most) if v], code
    start = max(i for i, line in enumerate(told) if line in ("小结", "In short"))
    for code in MAIN[:2]:
        at = next(i for i, line in enumerate(told) if i > start and line.strip().startswith(NAMES[lang][code]))
        line = " ".join(told[at : at + 2])  # where it is long it goes on below
        one = papers.counts[code]
        wanted = [v for v in (one.lines, one.area, one.least, one.most) if v]
        assert numbers(line)[: len(wanted)] == wanted


@LANGS
def test_the_findings_that_are_listed(papers, lang):
    """What was dismissed is listed, and in no sum."""
    told = findings(papers.url, "--lang", lang).splitlines()
    for code, name in NAMES[lang].items():
        line, one = next(line for line in told if re.match(rf"  {re.escape(name)}[：:]", line)), papers.counts[code]
        assert numbers(re.split("[：:]", line, maxsplit=1)[1])[:2] == [one.findings, one.lines], line
        if code in MAIN:
            assert set(known(papers, code)) <= set(numbers(line)), line


@LANGS
def test_the_findings_for_a_spreadsheet(papers, lang):
    with (papers.out / FILES[lang]["csv"]).open(encoding="utf-8-sig", newline="") as opened:
        rows = [[cell.strip() for cell in row] for row in csv.reader(opened)]
    head = rows[0]
    at = {name: head.index(Text(*pair).get(lang)) for name, pair in {
        "list": ("名单", "list"), "outcome": ("结论", "outcome"), "project": ("项目编号", "project id"), "key": ("对象编号", "subject key"),
        "area": ("面积（㎡）", "area (㎡)"), "case": ("案件", "case"), "fingerprint": ("键", "key")}.items()}  # fmt: skip
    for code, name in NAMES[lang].items():
        own = [row for row in rows if row[at["list"]] == name and row[at["outcome"]] in ("违规", "violation")]
        accused = [row for row in own if not row[at["case"]].startswith(("不予认定", "dismissed"))]
        one = papers.counts[code]
        assert (len(accused), len({row[at["project"]] or row[at["key"]] for row in accused})) == (one.findings, one.lines), code
        of_run = [row for row in papers.violations if row["list"] == code]
        assert {(row[at["fingerprint"]], row[at["area"]]) for row in own} == {(row["fingerprint"], row["area_m2"]) for row in of_run}


@pytest.fixture(scope="module")
def books(papers):
    """The workbooks as LibreOffice counts them: path within the folder -> workbook."""
    found = {}
    target = papers.folder / "counted"
    sources = [(lang, what, papers.out / FILES[lang][what]) for lang in FILES for what in ("meeting", "annex")]
    sources += [
        (lang, code, papers.out / FILES[lang]["bureau"].format(BUREAUS[code] if lang == "zh" else code))
        for lang in FILES
        for code in BUREAUS
    ]
    convert([path for *_, path in sources], "xlsx", target)
    for lang, what, path in sources:
        found[lang, what] = openpyxl.load_workbook(target / path.name, data_only=True)
    return found


def cells(sheet):
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@require("soffice")
@LANGS
def test_the_pack_of_the_meeting(papers, books, lang):
    book = books[lang, "meeting"]
    sheets = dict(zip(MAIN, book.worksheets[2:5], strict=True))
    page, at = cells(book.worksheets[1]), 1
    own = next(row for row in page if row[0] in ("各名单页合计", "the lists' own sums"))
    assert own[-1] in ("相符", "adds up")
    for code, sheet in sheets.items():
        one, rows = papers.counts[code], cells(sheet)
        columns, sums = rows[3], rows[2]
        at_first = 4 if code == "offices" else 5
        values = {"violations": (one.area, one.most), "deposits": (one.area, one.least, one.most), "offices": (one.area,)}[code]
        amounts = list(enumerate(values, at_first))
        body = [row for row in rows[4:] if row[len(columns) - 1]]
        assert len(body) == sums[0] == own[at] == one.lines, code
        assert [row[0] for row in body] == list(range(1, one.lines + 1))
        for place, (column, value) in enumerate(amounts, 1):
            assert sum((near(row[column]) for row in body), Decimal(0)) == near(sums[column]) == near(own[at + place]) == value, code
        assert {row[1] for row in body} == {key for key, line in papers.lines[code].items() if not line.is_dismissed}
        for row in body:
            line = papers.lines[code][row[1]]
            known = {"violations": (line.area, line.most), "deposits": (line.area, line.least, line.most), "offices": (line.area,)}[code]
            assert [near(row[column]) for column, _ in amounts] == [near(value) for value in known], row[1]
        at += 1 + len(amounts)


@require("soffice")
@LANGS
def test_the_annex(papers, books, lang):
    book = books[lang, "annex"]
    rows = cells(book.worksheets[1])
    assert not {row[7] for row in rows} & {"不符", "does not add up"}
    for code, name in NAMES[lang].items():
        own = [(i, row) for i, row in enumerate(rows) if row[0] == name and row[1] in ("合计", "total")]
        ((place, total),) = own
        less = rows[place + 1] if place + 1 < len(rows) and rows[place + 1][1] in ("其中不予认定", "of which dismissed") else [0] * 8
        told = [total[column] - (less[column] or 0) for column in (2, 3)]
        one = papers.counts[code]
        assert told == [one.lines, one.findings], code
        if code in MAIN:
            sums = [near(total[column]) - near(less[column]) for column in (4, 5, 6)]
            assert sums == [one.area, one.least, one.most if code != "offices" else 0], code
    sheets = dict(zip(NAMES[lang], book.worksheets[2:9], strict=True))
    for code, sheet in sheets.items():
        listed = cells(sheet)[3:]
        fingerprints = {row["fingerprint"] for row in papers.violations if row["list"] == code and row["case_state"] != "dismissed"}
        assert {row[-1] for row in listed if row[-1]} == fingerprints, code


@require("soffice")
@LANGS
def test_the_workbooks_of_the_bureaus_are_the_lists_once_more(papers, books, lang):
    of_name = {name: code for code, name in NAMES[lang].items()}
    found = {code: {} for code in MAIN}
    for bureau in BUREAUS:
        rows = cells(books[lang, bureau].worksheets[1])
        for row in rows[3:]:
            if row[-1]:
                code = of_name[row[5]]
                line = papers.lines[code][row[1]]
                assert line.bureau == bureau and row[1] not in found[code]
                found[code][row[1]] = [near(row[column]) for column in (6, 7, 8)]
    for code in MAIN:
        one = papers.counts[code]
        assert len(found[code]) == one.lines, code
        assert [sum(column) for column in zip(*found[code].values(), strict=True)] == [one.area, one.least, one.most], code


@LANGS
def test_the_minutes(papers, lang):
    (paper,) = papers.out.glob(FILES[lang]["minutes"])
    sums, *agenda = [[[cell.text for cell in row.cells] for row in table.rows] for table in Document(str(paper)).tables[:3]]
    of_name = {name: code for code, name in NAMES[lang].items()}
    for row in sums[1:]:
        code, one = of_name[row[0]], papers.counts[of_name[row[0]]]
        assert [numbers(cell)[0] for cell in row[1:3]] == [one.lines, one.findings]
        assert amount(row[3]) == one.area
        assert numbers(row[4]) == [v for v in (one.least, one.most) if v]
    listed = {code: [] for code in MAIN}
    for row in [row for table in agenda for row in table[1:] if row[1] in of_name]:
        listed[of_name[row[1]]].append((amount(row[5]), (numbers(row[6]) or [Decimal(0)])))
    for code, rows in listed.items():
        one = papers.counts[code]
        told = (len(rows), sum(area for area, _ in rows), sum(money[-1] for _, money in rows))
        assert told == (one.lines, one.area, one.most), code
        if code == "deposits":
            assert sum(money[0] for _, money in rows) == one.least


@LANGS
def test_the_letters_demand_what_the_lists_say(papers, lang):
    """Of what is missing one sum, that of the line; nobody is written to who was dismissed."""
    demands = {}
    for paper in papers.out.glob(FILES[lang]["letters"].format(1)):
        key = paper.stem.rsplit("_", 1)[1]
        body = "\n".join(part.text for part in Document(str(paper)).paragraphs)
        demands[key] = [amount(found) for found in re.findall(r"(?:可以折资的，为|where money is allowed,) ([\d,.]+\d) (?:元|yuan)", body)]
    told = papers.lines["violations"]
    assert set(demands) <= {key for key, line in told.items() if not line.is_dismissed} and len(demands) == 100
    for key, sums in demands.items():
        assert sums in ([told[key].most], []), key
    assert sum(map(bool, demands.values())) > 20


@LANGS
def test_the_page(papers, lang):
    text = (papers.out / FILES[lang]["page"]).read_text("utf-8")
    for code in MAIN:
        one = papers.counts[code]
        card = re.search(rf'<li class="card {code}">(.*?)</li>', text, re.S).group(1)
        told = {name: re.sub(r"<[^>]+>", "", found) for name, found in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", card)}
        assert amount(re.search(r'<p class="figure">([^<]+)</p>', card).group(1)) == one.lines, code
        area, *money = known(papers, code)
        unit = {"zh": (10_000, Decimal("0.01")), "en": (1_000, Decimal("0.1"))}[lang]
        shown = [area, *((value / unit[0]).quantize(unit[1], ROUND_HALF_UP) for value in money)]
        assert sorted(value for cell in told.values() for value in numbers(cell)) == sorted(shown), code
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S).group(1))
    of_run = {row["fingerprint"] for row in papers.violations}
    assert of_run <= {row[0] for row in data["rows"]}, "with them stands what could not be judged"


@LANGS
def test_the_layers(papers, lang):
    with sqlite3.connect(papers.out / FILES[lang]["layers"]) as opened:
        query = "SELECT class, project_id, subject_key, fingerprint, area_m2 FROM findings_"
        rows = [row for layer in ("areas", "points", "unplaced") for row in opened.execute(query + layer)]
    for code, one in papers.counts.items():
        own = [row for row in rows if row[0] == code]
        assert (len({row[1] or row[2] for row in own}), len(own)) == (one.lines, one.findings), code
        areas = sum(near(row[4]) for row in own)
        live = [row for row in papers.violations if row["list"] == code and row["case_state"] != "dismissed"]
        assert areas == sum(Decimal(row["area_m2"] or 0) for row in live), code


def test_the_count_itself_sees_a_line_that_is_missing(papers):
    key = next(key for key, line in papers.lines["deposits"].items() if line.most and not line.is_dismissed)
    others = [line for name, line in papers.lines["deposits"].items() if name != key and not line.is_dismissed]
    assert count(others) != papers.counts["deposits"] == count([*others, papers.lines["deposits"][key]])
