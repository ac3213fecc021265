"""A rule's sentence as it stands in a letter, and which documents a letter may rest on."""

import pytest

from planning_check.errors import Text
from planning_check.report.notices.prose import may_be_cited, prose, without_remarks


@pytest.mark.parametrize(("told", "zh"), [
    ("应在 2008-01-18 前移交", "应在 2008年1月18日 前移交"), ("详规 2006-07 批准", "详规 2006年7月 批准"),
    ("逾期 未知 天", "逾期＿＿＿＿＿＿天"), ("产权人 未载明", "产权人 未载明"), ("按现行办法 share_1。", "按现行办法《百分之一》。"),
    ("文号 2008-01-18-3", "文号 2008-01-18-3"), ("2009-02-30 缴", "2009-02-30 缴"), ("编号 share_12", "编号 share_12"),
    ("用途未知的用房", "用途未知的用房"),
])  # fmt: skip
def test_a_sentence_of_a_letter_has_days_in_words_titles_of_law_and_blanks(told, zh):
    assert prose(told, {"share_1": Text("百分之一", "one percent")}, "zh") == zh


def test_a_sentence_of_an_english_letter_likewise():
    told = "due on 2008-01-18, overdue unknown days, by share_1; plan of 2006-07"
    named = {"share_1": Text("百分之一", "one percent")}
    assert prose(told, named, "en") == 'due on 18 January 2008, overdue ____________ days, by "one percent"; plan of July 2006'


@pytest.mark.parametrize(("line", "cited"), [
    ("城乡规划法第四十五条：规划核实（条文未核实）", "城乡规划法第四十五条：规划核实"),
    ("不动产登记暂行条例（未核实）；某市办法（参照，未核实）", None), ("调研报告三（二）：配建", None), ("某法（条文未核实，适用存疑）", None),
    ("某条例（未核实）：登记的一般规定", "某条例：登记的一般规定"),
])  # fmt: skip
def test_what_is_doubted_or_the_law_of_another_city_is_not_cited(line, cited):
    assert (without_remarks(line) if may_be_cited(line) else None) == cited
