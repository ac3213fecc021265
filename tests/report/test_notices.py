"""Notices: who gets which, what is never put on one, hostile text, own templates, caps, the same bytes twice."""

import datetime as dt
import zipfile
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest
from docx import Document

from planning_check.errors import Text, UsageError
from planning_check.record.finding import FIELDS as FINDING_FIELDS
from planning_check.report import notices
from planning_check.report.notices.kinds import FIELDS, KINDS
from planning_check.report.notices.templating import Template, template_path
from planning_check.report.told.open_questions import Open
from planning_check.report.told.pack import Pack
from planning_check.report.told.standing import Stands
from planning_check.report.told.summary import Sums
from planning_check.store.standing import case_fields
from planning_check.words import PAPERS
from tools import draft_templates
from tools.wording import FOOT, TEXTS

HOSTILE = "<b>甲&乙</b> {{ 7*7 }} {% raw %} =cmd|' /C calc'!A0 \x0b ]]>"
RULE = SimpleNamespace(
    rule_id="MO05",
    title_zh="保证金没收案",
    title_en="forfeiture case",
    text={"basis": ["调研报告四（二）", "存疑：行政处罚法第三十八条"], "trap": {"zh": "只由会议决定", "en": "the meeting decides"}},
)


def finding(key="P1", consequence=("order_make_up",), **more):
    empty = dict.fromkeys(("status", "status_zh", "status_en", "reason_zh", "reason_en", "yuan", "yuan_min", "area_m2", "robustness"))
    empty |= dict.fromkeys(name for name, field in FINDING_FIELDS.items() if field.kept == "waiver")
    return empty | case_fields(None) | {
        "fingerprint": "f" * 16, "rule_id": "MO05", "rule_title_zh": "保证金没收案", "rule_title_en": "case",
        "subject": "project", "subject_key": key,
        "subject_name": "甲苑", "project_id": key, "outcome": "violation", "list": "violations",
        "severity": "major", "responsible": "housing",
        "consequence": list(consequence), "facts": {}, "sources": [], "developer_name": "甲公司",
        "developer_code": "91", "district_name": "甲区", "district_code": None,
        "community_name": "乙", "message_zh": "尚缺 10 平方米", "message_en": "10 m2 missing", "cure_zh": "补建", "cure_en": "build",
    } | more  # fmt: skip


def forfeiture(status="ready_for_decision", **more):
    given = {"list": "deposits", "status": status, "yuan": Decimal("260000.00"), "yuan_min": Decimal("260000.00")}
    return finding(consequence=("propose_forfeit", "joint_meeting"), **(given | more))


def line(name):
    return SimpleNamespace(
        key="P1", name=name, district="甲区", district_code="", developer="甲公司", statuses=(Text("不足", "short"), Text("不足", "short")),
        severity="major", area_m2=None, stage=Text("实测", "as built"), robustness="fragile", is_marginal=False, yuan_min=None,
        yuan=None, message=Text("缺", "short"), rules=("MO05",), leads="MO05", stands=Stands(), is_dismissed=False,
    )  # fmt: skip


def pack(findings=(), lines=(), problems=(), templates=None):
    total = SimpleNamespace(lines=len(lines), findings=len(lines), area_m2=None, yuan=None)
    summary = SimpleNamespace(
        ordinances=(SimpleNamespace(title=Text("某办法", "ordinance"), id="o", verified=False),),
        lists=(
            SimpleNamespace(
                code="violations",
                lines=tuple(lines),
                accused_lines=[one for one in lines if not one.is_dismissed],
                nobody_accused=Text("没有查出", "none found"),
                accused=total,
                dismissed=Sums(0, 0, None, None, None),
                open=Open(456, 0, 456, (), ()),
            ),
        ),
        register=SimpleNamespace(outcomes=(("undetermined", 456),)),
    )
    run = SimpleNamespace(
        as_of=dt.date(2011, 6, 30),
        digest="d" * 64,
        tool_version="1",
        title=Text("某市", "city"),
        notice=Text("数据虚构", "invented"),
        manifest={"stages": []},
    )
    return Pack(run, summary, (RULE,), lambda **_: iter(findings), lambda **_: len(findings), (), list, problems, None, templates=templates)


def write(folder, lang="zh", **given):
    folder.mkdir(exist_ok=True)
    notices.write(pack(**given), folder, lang)
    return folder / PAPERS["notices"].get(lang)


def words(path):
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def papers(top, kind):
    number = 1 + [k.code for k in KINDS].index(kind)
    return sorted(top.glob(f"{number}_*/*.docx"))


def test_bundled_templates_are_what_the_script_makes():
    for kind in KINDS:
        for lang in ("zh", "en"):
            with zipfile.ZipFile(template_path(kind, lang, None)) as held:
                made = {name: held.read(name) for name in held.namelist()}
            assert dict(draft_templates.parts(TEXTS[kind.code, lang], FOOT[lang], across=kind.code in draft_templates.ACROSS)) == made, (
                "stale: python -m tools.draft_templates"
            )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_kind_is_written_with_no_tag_left_and_says_what_it_rests_on(tmp_path, lang):
    problem = SimpleNamespace(
        file="住建局/a.xlsx",
        sheet="项目",
        row=3,
        letter="C",
        table_name="projects",
        key="P1",
        what_zh="户数不一致",
        what_en="differs",
        fix_zh="核定",
        fix_en="settle",
    )
    found = [
        finding(), forfeiture(), finding(consequence=("order_return",), subject_key="R1", subject="premises"),
        finding(consequence=("credit_record",), facts={"conclusion": "confirmed", "decided_on": "2010-06-18"}, list="controls"),
    ]  # fmt: skip
    top = write(tmp_path / "r", lang, findings=found, lines=[line("甲苑")], problems=[problem])
    for kind in KINDS:
        text = words(papers(top, kind.code)[0])
        assert "{" not in text
        assert kind.title.get(lang) in text
        assert "d" * 64 in text
        assert ("数据虚构" if lang == "zh" else "invented") in text
        assert ("某办法（未核实）" if lang == "zh" else "ordinance (not verified)") in text
    letter = words(papers(top, "return_to_source")[0])
    assert ("住建局/a.xlsx > 项目 > 第 3 行 > C 列" if lang == "zh" else "住建局/a.xlsx > 项目 > row 3 > column C") in letter
    assert "456" in words(papers(top, "minutes")[0])
    assert ("Translation" in text) == (lang == "en")


def test_a_forfeiture_is_a_draft_until_a_decision_is_on_record(tmp_path):
    taken = {"forfeiture_decision_no": "示例〔2010〕9号", "deposit_forfeited_yuan": "120000.00"}
    decided = forfeiture("partly_decided", facts=taken, project_id="P2")
    found = [forfeiture(), decided, forfeiture("decided", project_id="P3"), forfeiture("demand_running", project_id="P4")]
    top = write(tmp_path, findings=found)
    texts = [words(path) for path in papers(top, "forfeiture_decision")]
    assert ["【草稿：待联席会议决定，不得送达】" in text for text in texts] == [True, False, True]
    assert "示例〔2010〕9号" in texts[1]
    assert "没收数额：人民币 120,000.00 元" in texts[1]  # not what is still open
    [notice] = papers(top, "intended_forfeiture")
    assert "要求听证的权利" in words(notice)
    assert "人民币 260,000.00 元（大写：贰拾陆万元整）" in words(notice)


def test_doubtful_law_is_told_to_the_officer_and_not_cited(tmp_path):
    review = finding(rule_id="MO06", rule_title_zh="依据存疑", consequence=("legal_review",), list="controls", message_zh="没有依据")
    [notice] = papers(write(tmp_path, findings=[forfeiture(), review]), "intended_forfeiture")
    document = Document(str(notice))
    body, box = "\n".join(p.text for p in document.paragraphs), document.tables[0].cell(0, 0).text
    assert "调研报告" not in body and "· ＿＿＿＿＿＿＿＿＿＿＿＿（由制发机关填写）" in body, (
        "a survey is no law: the office fills in what is"
    )
    assert "存疑" not in body and "未核实" not in body and "不得引用" not in body
    assert "没有核对过原文" in box
    assert "存疑：行政处罚法第三十八条" in box
    assert "MO06 依据存疑" in box
    assert "只由会议决定" in box


def test_two_amounts_are_both_told_and_an_unknown_one_is_said(tmp_path):
    found = [forfeiture(yuan_min=Decimal("1000.50")), forfeiture(project_id="P2", yuan=None, yuan_min=None)]
    both, unknown = (words(path) for path in papers(write(tmp_path, findings=found), "intended_forfeiture"))
    assert "壹仟元伍角整" in both
    assert "取何者由联席会议定" in both
    assert "最低（按比例）人民币 1,000.50 元" in both
    assert "数额：＿＿＿＿＿＿元（数额待核定）" in unknown
    assert "零元" not in unknown


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (finding(severity="lead"), "rectification"),
        (finding(list="controls"), "rectification"),
        (finding(outcome="undetermined"), "rectification"),
        (finding(consequence=("order_return",), severity="lead"), "return_order"),
        (finding(consequence=("credit_record",), facts={"conclusion": "open"}), "credit_record"),
        (finding(consequence=("order_return", "credit_record")), "credit_record"),
        (forfeiture("demand_to_serve"), "intended_forfeiture"),
        (forfeiture("decided"), "intended_forfeiture"),
    ],
)
def test_what_gets_no_paper(tmp_path, found, kind):
    assert papers(write(tmp_path, findings=[found]), kind) == []


def test_hostile_text_stays_text(tmp_path):
    top = write(tmp_path, findings=[finding(key="../../x", developer_name=HOSTILE, message_zh=HOSTILE)], lines=[line(HOSTILE)])
    text = words(papers(top, "rectification")[0])
    assert HOSTILE.replace("\x0b", "\ufffd") in text
    assert "49" not in text
    assert "<b>甲&乙</b> {{ 7*7 }}" in words(papers(top, "minutes")[0])
    assert all(path.resolve().is_relative_to(top.resolve()) for path in tmp_path.rglob("*.docx"))
    assert papers(top, "rectification")[0].name == "001_限期改正通知书__x.docx"


def test_nothing_to_notify_says_so(tmp_path):
    top = write(tmp_path)
    assert list(top.rglob("*.docx")) == []
    note = (top / "说明.txt").read_text("utf-8-sig")
    assert note.count("没有应发的案件") == len(KINDS)


def test_ten_thousand_cases_are_capped_and_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(notices, "MOST_FILES", 3)
    monkeypatch.setattr(notices, "MOST_CASES", 20)
    top = write(tmp_path, findings=[finding(key=f"P{i}") for i in range(10_000)])
    assert len(papers(top, "rectification")) == 3
    merged = words(top / "1_限期改正通知书_合并.docx")
    assert merged.count("你单位开发的") == 20
    note = (top / "说明.txt").read_text("utf-8-sig")
    assert "单件只写前 3 份" in note
    assert "共 10000 个案件，还有 9980 个没有写" in note


def test_findings_of_a_project_share_a_paper(tmp_path):
    top = write(tmp_path, findings=[finding(), finding(cure_zh="备案", subject_key="R1"), finding(key="P2")])
    first, _ = papers(top, "rectification")
    assert "1. 补建。" in words(first)
    assert "2. 备案。" in words(first)


@pytest.mark.parametrize("name", ["柳岸", "柳岸社区"])
def test_a_community_is_called_one_once(tmp_path, name):
    (paper,) = papers(write(tmp_path, findings=[finding(community_name=name)]), "rectification")
    assert "柳岸社区）" in words(paper) and "社区社区" not in words(paper)


def test_the_same_run_gives_the_same_bytes(tmp_path):
    made = [write(tmp_path / name, findings=[finding(), finding(key="P2")], lines=[line("甲")]) for name in "ab"]
    files = [{p.relative_to(top): p.read_bytes() for p in top.rglob("*.*")} for top in made]
    assert files[0] == files[1]
    assert len(files[0]) == 5


def own_template(folder, *texts, kind="rectification"):
    folder.mkdir(exist_ok=True)
    document = Document()
    for text in texts:
        document.add_paragraph(text)
    document.save(str(folder / f"{kind}_zh.docx"))
    return folder


def test_an_own_template_takes_the_place_of_the_bundled_one(tmp_path):
    own = own_template(tmp_path / "own", "致 {{ developer }}", "{%p for item in items %}", "{{ item.message }}", "{%p endfor %}")
    notices.check(own)
    text = words(papers(write(tmp_path / "r", findings=[finding()], templates=own), "rectification")[0])
    assert text == "致 甲公司\n尚缺 10 平方米"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{{ chairman }}", "chairman"),
        ("{% for item in items %}{{ item.price }}{% endfor %}", "price"),
        ("{% if False %}{{ total }}{% endif %}", "total"),
        ("{{ developer.__class__ }}", "__class__"),
        ("{{ developer", "rectification_zh.docx"),
        ("{{ developer | nosuchfilter }}", "nosuchfilter"),
    ],
)
def test_a_template_that_cannot_be_filled_in_is_refused_with_file_and_name(tmp_path, text, named):
    own = own_template(tmp_path / "own", text)
    with pytest.raises(UsageError) as refused:
        notices.check(own)
    assert named in refused.value.render("en")
    assert "rectification_zh.docx" in refused.value.render("zh")


@pytest.mark.parametrize(
    "text",
    [
        "{{ range(10**9)|list|length }}", "{{ 'x' * 10**12 }}", "{{ 10**10**7 }}", "{{ developer * 3 }}", "{{ developer|center(10**9) }}",
        "{{ '%1000000000d'|format(1) }}", "{{ lipsum() }}", "{{ joiner() }}", "{{ [1, 2]|random }}", "{{ developer|attr('format') }}",
        "{{ developer['upper'] }}", "{{ [developer['upper']] }}", "{{ self }}", "{{ 1/0 }}", "{% include 'x' %}", "{% extends 'x' %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "{% macro m() %}{% endmacro %}{{ m }}",
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "{% for a in items %}" * 30 + "{% endfor %}" * 30, "{{ items[0]['message'].__class__ }}",
        "{% for item in items %}{{ loop }}{% endfor %}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["body", "foot"])
def test_a_template_that_would_never_end_or_never_be_the_same_is_refused(tmp_path, text, place):
    own = own_template(
        tmp_path / "own", *(["{%p for item in items %}", "{{ item.message }}", "{%p endfor %}"] if place == "foot" else [text])
    )
    if place == "foot":
        path = own / "rectification_zh.docx"
        document = Document(str(path))
        document.sections[0].footer.paragraphs[0].text = text
        document.save(str(path))
    with pytest.raises(UsageError) as refused:
        write(tmp_path / "r", findings=[finding()], templates=own)
    assert "rectification_zh.docx" in refused.value.render("zh")
    assert len(refused.value.render("en")) < 1000


def test_a_file_that_is_no_docx_a_wrong_name_and_an_empty_folder_are_refused(tmp_path):
    (tmp_path / "minutes_zh.docx").write_text("x")
    with pytest.raises(UsageError, match="not a sound docx"):
        notices.check(tmp_path)
    (tmp_path / "minutes_zh.docx").rename(tmp_path / "protokoll.docx")
    with pytest.raises(UsageError, match=r"protokoll\.docx"):
        notices.check(tmp_path)
    (tmp_path / "protokoll.docx").unlink()
    with pytest.raises(UsageError, match=r"no \.docx template"):
        notices.check(tmp_path)


def test_every_field_a_paper_offers_is_filled(tmp_path, monkeypatch):
    filled = {}
    monkeypatch.setattr(Template, "filled", lambda self, fields: filled.setdefault(self.kind.code, fields))
    monkeypatch.setattr(Template, "save", lambda *_: None)
    found = [finding(), forfeiture(), finding(consequence=("order_return",)), finding(consequence=("data_request",), list="data")]
    found.append(finding(consequence=("credit_record",), facts={"conclusion": "confirmed"}))
    write(tmp_path, findings=found, lines=[line("甲")])
    assert {kind: set(fields) for kind, fields in filled.items()} == {kind: set(names) for kind, names in FIELDS.items()}


CONFIRMED = {
    "case_state": "confirmed", "decision": "confirmed", "decision_on": "2011-07-08", "decision_no": "纪要〔2011〕3号",
    "decision_due_on": "2011-09-30",
}  # fmt: skip


def test_what_was_confirmed_is_quoted_with_resolution_day_and_deadline(tmp_path):
    found = [finding(consequence=("order_return",), **CONFIRMED), finding("P2", consequence=("order_return",))]
    decided, open_ = (words(path) for path in papers(write(tmp_path, findings=found), "return_order"))
    assert "联席会议2011年7月8日认定（纪要〔2011〕3号），办理期限2011年9月30日。" in decided and "请你单位在2011年9月30日前归还" in decided
    assert "联席会议" not in open_.split("信用档案")[0] and "请你单位在＿＿＿＿年＿＿月＿＿日前归还" in open_


def test_of_several_items_the_decided_ones_are_named_and_the_deadline_is_theirs_only_where_it_is_of_all(tmp_path):
    both = [finding(fingerprint="a" * 16, **CONFIRMED), finding(fingerprint="b" * 16)]
    [order] = papers(write(tmp_path / "one", findings=both), "rectification")
    assert "第 1 项：联席会议2011年7月8日认定" in words(order) and "请你单位在＿＿＿＿年＿＿月＿＿日前按" in words(order)
    same = [finding(fingerprint="a" * 16, **CONFIRMED), finding(fingerprint="b" * 16, **CONFIRMED)]
    [order] = papers(write(tmp_path / "two", findings=same), "rectification")
    assert "第 1、2 项：联席会议" in words(order) and "请你单位在2011年9月30日前按" in words(order)


@pytest.mark.parametrize(
    ("decided", "told"),
    [({"decision_yuan": Decimal("120000.00")}, "数额：人民币 120,000.00 元（大写：壹拾贰万元整）"),
     ({"decision_scope": "whole"}, "数额：人民币 260,000.00 元"), ({"decision_scope": "proportional"}, "数额：人民币 90,000.00 元"),
     ({}, "数额：＿＿＿＿＿＿元（决议没有写明金额，请核对纪要）")],
)  # fmt: skip
def test_a_forfeiture_that_the_meeting_confirmed_is_no_draft_and_takes_what_was_decided(tmp_path, decided, told):
    case = forfeiture(yuan_min=Decimal("90000.00"), **CONFIRMED, **decided)
    [paper] = papers(write(tmp_path, findings=[case]), "forfeiture_decision")
    text = words(paper)
    assert "草稿" not in text and f"联席会议2011年7月8日决定（纪要〔2011〕3号）：没收你单位缴存的保证金，{told}" in text


@pytest.mark.parametrize(
    ("decided", "why"),
    [({"case_state": "dismissed", "decision": "dismissed"}, "联席会议不予认定 1 件，不制发"),
     ({"case_state": "deferred", "decision": "deferred"}, "联席会议暂缓 1 件，不制发"),
     (CONFIRMED | {"decision_scope": "none"}, "联席会议已定不没收 1 件，不制发")],
)  # fmt: skip
def test_no_forfeiture_goes_out_of_what_was_dismissed_deferred_or_let_go_and_the_list_says_why(tmp_path, decided, why):
    top = write(tmp_path, findings=[forfeiture(**decided)])
    assert papers(top, "forfeiture_decision") == papers(top, "intended_forfeiture") == []
    told = (top / "说明.txt").read_text("utf-8-sig").splitlines()
    assert [why in line for line in told if "保证金" in line] == [True, True]


def test_what_was_dismissed_on_other_facts_goes_out_again(tmp_path):
    again = {"case_state": "open", "case_why": "facts_changed", "decision": "dismissed", "decision_on": "2011-07-08"}
    [paper] = papers(write(tmp_path, findings=[finding(**again)]), "rectification")
    assert "认定情况" not in words(paper)


def test_the_credit_record_is_proposed_once_the_meeting_has_confirmed_it(tmp_path):
    noted = {"consequence": ("credit_record",), "list": "controls"}
    found = [
        finding("P1", **noted),
        finding("P2", **noted, **CONFIRMED),
        finding("P3", **noted, case_state="dismissed", decision="dismissed"),
    ]
    [paper] = papers(write(tmp_path, findings=found), "credit_record")
    assert "联席会议2011年7月8日认定（纪要〔2011〕3号）" in words(paper) and "P2" in words(paper)


def test_every_paper_bears_the_head_of_the_log_at_its_foot(tmp_path):
    given = pack(findings=[finding(), forfeiture()])
    notices.write(replace(given, head="某市:7:" + "c" * 64), tmp_path, "zh")
    for paper in (tmp_path / "文书").rglob("*.docx"):
        feet = [p.text for section in Document(str(paper)).sections for p in section.footer.paragraphs]
        assert "日志末尾 某市:7:" + "c" * 64 in feet, paper


def test_the_minutes_leave_out_what_was_dismissed_and_tell_what_was_decided_before(tmp_path):
    gone, stood = line("甲苑"), line("乙苑")
    gone.is_dismissed = True
    stood.stands = Stands((("deferred", 2),))
    [paper] = papers(write(tmp_path, lines=[gone, stood]), "minutes")
    text = words(paper)
    assert "甲苑" not in text and "乙苑" in text and "暂缓 2" in text


CITED = SimpleNamespace(rule_id="AR01", title_zh="规划", title_en="plan", severity="major", text={"basis": [
    "调研报告三（二）：按百分之一配建（引国务院要求，未注文号，未核实）", "调研报告四（二）“先移交”（建议，非现行规定）", "城乡规划法第四十五条：规划核实",
]})  # fmt: skip


def short(rule, yuan, *, consequence=("order_make_up", "pay_in_lieu"), **more):
    area = None if yuan is None else Decimal(yuan) / 2000
    told = {"cure_zh": f"{rule} 补足", "message_zh": f"{rule} 尚缺", "rule_title_zh": rule, "yuan": None if yuan is None else Decimal(yuan)}
    return finding(rule_id=rule, consequence=consequence, fingerprint=rule.ljust(16, "0"), area_m2=area, **told | more)


def worth(yuan, area="500.00"):
    one = line("甲苑")
    one.yuan, one.area_m2 = None if yuan is None else Decimal(yuan), Decimal(area)
    return one


def body_of(paper):
    return "\n".join(p.text for p in Document(str(paper)).paragraphs)


def test_of_one_shortage_one_sum_is_demanded_and_the_stages_before_it_are_told_in_the_annex(tmp_path):
    found = [short("AR01", "1003381.80"), short("AR02", "1003381.80"), short("AR03", "1002376.00"),
             short("HO01", None, consequence=("order_handover",)), short("PL02", None, consequence=("order_file",))]  # fmt: skip
    [paper] = papers(write(tmp_path, findings=found, lines=[worth("1002376.00")]), "rectification")
    text = body_of(paper)
    demands, annex = text.split("附：同一缺口在此前各阶段的情况")
    assert [f"{rule} 补足" in demands for rule in ("AR01", "AR02", "AR03", "HO01", "PL02")] == [False, False, True, True, True]
    assert [f"{rule} 尚缺" in annex for rule in ("AR01", "AR02", "AR03")] == [True, True, False]
    assert "补足" not in annex


def test_what_was_made_up_since_demands_nothing_and_has_no_letter(tmp_path):
    top = write(tmp_path, findings=[short("AR01", "5000.00"), short("AR02", "5000.00")], lines=[worth(None)])
    assert papers(top, "rectification") == []
    assert "前几个阶段不足、后来已补足的 1 件，不制发" in (top / "说明.txt").read_text("utf-8-sig")


def test_a_payment_that_fell_short_is_demanded_where_nothing_else_is_missing(tmp_path):
    found = [short("AR01", "5000.00"), short("MO01", "800.00", consequence=("pay_in_lieu",), subject="payment")]
    [paper] = papers(write(tmp_path, findings=found, lines=[worth(None)]), "rectification")
    assert "1. MO01 补足" in body_of(paper) and "AR01 补足" not in body_of(paper)


def test_no_letter_goes_out_for_what_is_marginal_unless_it_is_asked_for(tmp_path):
    found = [short("AR01", "143.36", severity="minor")]
    given = replace(pack(findings=found, lines=[worth("143.36")]), rules=(CITED,))
    notices.write(given, tmp_path, "zh")
    assert papers(tmp_path / "文书", "rectification") == []
    assert "微差的（report --marginal 也写） 1 件，不制发" in (tmp_path / "文书" / "说明.txt").read_text("utf-8-sig")
    (tmp_path / "asked").mkdir()
    notices.write(replace(given, marginal=True), tmp_path / "asked", "zh")
    assert len(papers(tmp_path / "asked" / "文书", "rectification")) == 1


def test_a_letter_cites_without_remarks_and_no_proposal_and_the_officer_is_told_of_both(tmp_path):
    notices.write(replace(pack(findings=[short("AR01", "5000.00")]), rules=(CITED,)), tmp_path, "zh")
    [paper] = papers(tmp_path / "文书", "rectification")
    box = Document(str(paper)).tables[-1].cell(0, 0).text
    assert "所依据的文件：\n· 城乡规划法第四十五条：规划核实\n" in body_of(paper)
    assert "先移交" not in body_of(paper) and "调研报告" not in body_of(paper)
    assert "未列入正文：调研报告四（二）“先移交”（建议，非现行规定）" in box and "未注文号" in box


def test_no_unknown_stands_in_a_sentence(tmp_path):
    found = finding(developer_name=None, developer_code=None, district_name=None, community_name=None)
    [paper] = papers(write(tmp_path, findings=[found]), "rectification")
    assert "未知" not in body_of(paper) and "＿＿＿＿＿＿社区）" in body_of(paper)


def test_what_the_title_says_is_not_said_again_behind_it(tmp_path):
    found = [
        finding(rule_title_zh="实测面积不足", status_zh="不足"),
        finding(fingerprint="2", rule_title_zh="应移交未移交", status_zh="逾期"),
    ]
    [paper] = papers(write(tmp_path, findings=found), "rectification")
    assert "1. 实测面积不足：" in body_of(paper) and "2. 应移交未移交（逾期）：" in body_of(paper)


def test_the_minutes_have_the_gravest_of_each_list_and_the_others_in_an_annex_and_lie_across(tmp_path):
    [paper] = papers(write(tmp_path, lines=[line(f"第{n}苑") for n in range(33)]), "minutes")
    document = Document(str(paper))
    assert document.sections[0].page_width > document.sections[0].page_height
    tables = [[row.cells[0].text for row in table.rows[1:]] for table in document.tables[1:3]]
    assert tables == [[str(n) for n in range(1, 21)], [str(n) for n in range(21, 34)]]
    assert "实测：保证金没收案；不稳" in words(paper) and "MO05" not in words(paper), "words for leaders"
    (tmp_path / "few").mkdir()
    [few] = papers(write(tmp_path / "few", lines=[line("甲苑")]), "minutes")
    assert "附表：" not in words(few) and len(Document(str(few)).tables) == 3


def test_data_goes_back_for_what_needs_something_to_the_bureau_that_is_asked_for_it(tmp_path):
    def problem(fix, file="台账.xlsx", table="deposits"):
        return SimpleNamespace(file=file, sheet="一", row=3, letter="C", table_name=table, key="B1", what_zh="不对", what_en="wrong",
                               fix_zh=fix, fix_en="")  # fmt: skip

    found = [problem("核定"), problem("不需处理；报送时可以删去"), problem("核定", table=None)]
    first, second = (words(paper) for paper in papers(write(tmp_path, problems=found), "return_to_source"))
    assert "住建部门：" in first and "有 1 处需要核对" in first
    assert "报送部门：" in second
