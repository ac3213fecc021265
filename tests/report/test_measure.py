"""Rows of a workbook are as high as their text needs: words are not broken, Latin letters are narrower than Chinese characters."""

import pytest

from planning_check.report.workbook.measure import leading, lines, width


def test_letters_are_as_wide_as_their_font_has_them():
    assert width("0123456789", "Arial") == width("0123456789", "宋体") == 10
    assert width("ill", "Arial") < width("ann", "Arial") == width("ill", "宋体") == 3
    assert width("桐水岸", "宋体") == 6
    assert width("桐水岸", "Arial") == pytest.approx(5.4)


@pytest.mark.parametrize(
    ("text", "room", "count"),
    [
        ("", 10, 1),
        ("anna hanna", 10, 1),
        ("anna hanna", 9, 2),  # 4 + a blank + 5 are more than 9
        ("anna hanna banana", 10, 2),
        ("banana", 2, 3),  # a word wider than the column is broken
        ("anna\nanna", 100, 2),
        ("\n\n", 100, 3),
        ("anna", 0.1, 4),  # never less than one letter a line
    ],
)
def test_words_go_whole_to_the_next_line(text, room, count):
    assert lines(text, room, "Arial") == count


def test_chinese_breaks_after_any_character():
    assert lines("棠川市骏远房地产开发有限公司", 14, "宋体") == 2
    assert lines("棠川市骏远房地产开发有限公司", 13, "宋体") == 3  # six a line


def test_a_line_of_chinese_is_higher():
    assert leading("not handed over") == 1.3 < leading("not handed over 桐水岸") == 1.45
