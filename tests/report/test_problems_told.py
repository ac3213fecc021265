"""The problems on the first screen: every file that was not read by name, and each way to mend it once."""

import pytest

from planning_check.errors import Place
from planning_check.ingest.problems import CATALOGUE
from planning_check.report.console.layout import WIDTH, display_width
from planning_check.report.console.problems import problem_lines, problems_within
from planning_check.report.told.summary import ProblemKind

SENT = {
    "archive_file": ("民政移交.rar", "备份.7z"), "database_file": ("房管.mdb", "房管.accdb"), "drawing_file": ("宗地.dwg",),
    "document_file": ("台账.doc", "台账.docx", "说明.pdf"), "picture_file": ("一.jpg", "二.png", "三.tif", "四.jpg", "五.jpg"),
}  # fmt: skip
HEADS = {"zh": "怎么办：", "en": "what to do: "}


def kind(code: str, file: str, weight: int = 0, column: str | None = None) -> ProblemKind:
    told = CATALOGUE[code]
    return ProblemKind(code, weight, False, 1, Place(file, None, None, column), told.what, told.fix)


def unread() -> list[ProblemKind]:
    return [kind(code, file) for code, files in SENT.items() for file in files]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_file_is_named_and_each_way_to_mend_it_told_once(lang: str):
    lines = problems_within(unread(), lang, WIDTH, {"zh": 17, "en": 21}[lang])
    told = "".join("".join(lines).split())
    assert [file for files in SENT.values() for file in files if file not in told] == []
    assert sum(HEADS[lang].strip() in line for line in lines) == len(SENT)
    assert all("".join(CATALOGUE[code].fix.get(lang).split()) in told for code in SENT)
    assert all(display_width(line) <= WIDTH + 2 for line in lines)
    assert ("- 另有 2 类（--full 全部列出）" in lines[-1]) if lang == "zh" else ("- 2 more kinds" in lines[-1])
    assert "四.jpg, 五.jpg" in lines[-1]


def test_in_full_nothing_is_left_out():
    lines = problem_lines(unread(), "zh")
    assert sum(line.startswith("  - ") for line in lines) == sum(map(len, SENT.values()))
    assert not any("另有" in line for line in lines)


def test_unused_columns_stand_below_what_was_not_read_whatever_their_number():
    columns = [kind("unused_columns", f"{n}.xlsx", weight=2) for n in range(14)]
    lines = problem_lines([*columns, *unread()], "zh")
    starts = [line for line in lines if line.startswith("  - ")]
    assert starts.index("  - 民政移交.rar：{detail}，没有解开，里面的文件都没有读取") < next(
        n for n, line in enumerate(starts) if line.startswith("  - 0.xlsx")
    )
    assert sum(".xlsx：" in line for line in starts) == 14


def test_without_problems_nothing_is_told():
    assert problem_lines([], "zh") == problems_within([], "zh", 80, 5) == []


@pytest.mark.parametrize("most", range(1, 30))
def test_within_so_many_lines_all_is_told_whole_or_counted(most: int):
    found = [*unread(), *(kind("unused_columns", f"{n}.xlsx", weight=2) for n in range(3))]
    lines = problems_within(found, "en", 80, most)
    assert len(lines) <= most and all(display_width(line) <= 80 for line in lines)
    named = sum(line.startswith("  - ") for line in lines)
    left = [int(line.split()[1]) for line in lines if "more kinds" in line]
    assert named - len(left) + sum(left) == len(found)
