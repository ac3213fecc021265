"""LibreOffice opens the workbooks and the notices: it counts the sums anew, finds no error, and lays the pages out for A4."""

import re
import shutil
import subprocess

import pytest

from planning_check.pipeline.reporting import gather
from planning_check.report import notices, workbook
from planning_check.store import Told, load_run, open_store
from planning_check.words import BUREAUS, PAPERS
from tests import city
from tests.office import convert, laid_out, printed, sizes_of, told_of
from tests.outside import require
from tests.report.golden import assert_golden_words

pytestmark = require("soffice", "pdftotext", "pdfinfo", "pdftohtml")


#: Where the papers of a language are.
IN = {"zh": "", "en": "en"}
ADDS_UP = {"zh": "相符", "en": "adds up"}
#: The bureaus with most to do.
BIG = ("planning", "civil_affairs")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Pack, annex and notices of the bundled city in both languages, as PDF: the Chinese ones here, the English ones in ``en``."""
    folder = tmp_path_factory.mktemp("office")
    engine = open_store(city.checked(folder), write=False)
    english = folder / IN["en"]
    english.mkdir()
    with Told(1) as told:
        pack = gather(engine, load_run(engine, 1), told)
        for lang, into in (("zh", folder), ("en", english)):
            workbook.write(pack, into, lang)
            notices.write(pack, into, lang)
        for bureau in BIG:
            workbook.write_bureau(pack, folder, "zh", bureau)
    papers = [
        *(folder / PAPERS[name].zh for name in ("meeting", "annex")),
        *(folder / f"部门材料_{BUREAUS[code].zh}.xlsx" for code in BIG),
        *sorted((folder / "文书").glob("*.docx")),
        *sorted(folder.glob("文书/*/001_*.docx")),
    ]
    convert(papers, "pdf", folder)
    convert([*(english / PAPERS[name].en for name in ("meeting", "annex")), *sorted(english.glob("notices/*/001_*.docx"))], "pdf", english)
    return folder


def of(folder, lang, name):
    """A workbook of this language as PDF, by its code."""
    return folder / IN[lang] / PAPERS[name].get(lang).replace(".xlsx", ".pdf")


#: The most pages that a meeting, or a bureau, is handed for the bundled city, and how small their text may be.
MOST_PAGES, LEAST_POINTS = 40, 7.5


@pytest.mark.parametrize(
    ("lang", "name", "parts"),
    [
        ("zh", "meeting", ("编制", "复核", "审批", "合计", "拟没收保证金", "未能判定的事项", "各列说明", "第1页")),
        ("zh", "annex", ("合计", "拟没收保证金", "未能判定", "报送数据的问题", "第1页")),
        ("en", "meeting", ("drawnup", "approved", "total", "Deposits", "Notdetermined", "Columns", "Page1of")),
        ("en", "annex", ("total", "Deposits", "Notdetermined", "Page1of")),
    ],
)
def test_a_workbook_adds_up_there_too_and_prints_on_a4_landscape(folder, lang, name, parts):
    path = of(folder, lang, name)
    text, (_pages, wide, high) = laid_out(path), told_of(path)
    assert not re.search(r"#(NAME|REF|VALUE|DIV/0|N/A)|Err:\d", text)
    checked = re.findall(r"\s(相符|不符|adds up|does not add up)\s*$", text, re.M)
    assert set(checked) == {ADDS_UP[lang]}
    closed_up = re.sub(r"\s+", "", text)
    for part in parts:
        assert part in closed_up, part
    assert (round(wide), round(high)) == (842, 595)
    assert "###" not in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pack_of_a_meeting_is_no_book_and_can_be_read(folder, lang):
    path = of(folder, lang, "meeting")
    assert told_of(path)[0] <= MOST_PAGES
    assert min(sizes_of(path)) >= LEAST_POINTS


@pytest.mark.parametrize("bureau", BIG)
def test_what_a_bureau_gets_is_not_a_book(folder, bureau):
    path = folder / f"部门材料_{BUREAUS[bureau].zh}.pdf"
    assert told_of(path)[0] <= MOST_PAGES and "###" not in laid_out(path)


def test_every_kind_of_notice_is_laid_out_whole(folder):
    merged, single = sorted(folder.glob("[1-7]_*.pdf")), sorted(folder.glob("001_*.pdf"))
    assert (len(merged), len(single)) == (6, 7)
    for paper in merged + single:
        text = laid_out(paper)
        assert "{{" not in text
        assert "{%" not in text
        assert len(text) > 200, paper.name


def _first_of_each_sheet(pdf):
    """The first page that each sheet of a workbook is printed on."""
    pages = {}
    for page in printed(pdf):
        pages.setdefault(re.search(r"^\S+\.xlsx (.+?) (?:第|Page) \d+ ", page, re.M).group(1), page)
    return list(pages.values())


#: Which rows come onto a page depends on the fonts that stand in for those of the papers: these were looked at.
LOOKED_AT_WITH = {"Arial": "DejaVu Sans", "Times New Roman": "DejaVu Serif", ":lang=zh-cn": "Noto Sans CJK SC"}


def _fonts():
    asked = (["fc-match", "-f", "%{family[0]}", name] for name in LOOKED_AT_WITH)
    return dict(zip(LOOKED_AT_WITH, (subprocess.run(one, capture_output=True, text=True, check=True).stdout for one in asked), strict=True))


@pytest.fixture(scope="module")
def _with_the_same_fonts():
    if shutil.which("fc-match") is None or _fonts() != LOOKED_AT_WITH:
        pytest.skip("the papers were looked at with other fonts")


@pytest.mark.usefixtures("_with_the_same_fonts")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_meeting_has_on_paper_is_what_was_looked_at(folder, lang):
    sheets = _first_of_each_sheet(of(folder, lang, "meeting"))
    assert len(sheets) == 7
    assert_golden_words(f"printed/pack_{lang}.txt", "\n".join(sheets))
    assert_golden_words(f"printed/annex_{lang}.txt", printed(of(folder, lang, "annex"))[0])


@pytest.mark.usefixtures("_with_the_same_fonts")
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", range(1, 8))
def test_a_letter_of_each_kind_on_paper_is_what_was_looked_at(folder, lang, kind):
    [letter] = (folder / IN[lang]).glob(f"*/{kind}_*/001_*.docx")
    pages = printed(folder / IN[lang] / f"{letter.stem}.pdf")
    assert_golden_words(f"printed/letter_{kind}_{lang}.txt", "\n".join(pages[:2]))  # the minutes have long annexes
