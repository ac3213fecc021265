"""The words for the codes that people read: outcomes, lists, severities, bureaus, consequences, subjects, units.

One English term for one Chinese term (the glossary in docs/ARCHITECTURE.md). The order of a table is the order in which things are shown.
"""

from __future__ import annotations

import re
from pathlib import PurePath

from planning_check.errors import Text

OUTCOMES = {
    "violation": Text("违规", "violation"),
    "undetermined": Text("未能判定", "undetermined"),
    "error": Text("规则出错", "rule failed to run"),
    "exempt": Text("依文件免除", "exempt by document"),
    "pass": Text("符合", "pass"),
    "not_due": Text("未到时点", "not yet due"),
    "not_applicable": Text("不适用", "not applicable"),
}
LISTS = {
    "violations": Text("违规", "Violations"),
    "deposits": Text("拟没收保证金", "Deposits to forfeit"),
    "offices": Text("未解决的租借办公用房", "Rented or borrowed offices without resolution"),
    "programme": Text("待建设达标", "To be built up to standard"),
    "controls": Text("部门履职", "Bureaus' own controls"),
    "leads": Text("线索与提示", "Leads and notes"),
    "data": Text("数据", "Data"),
}
SEVERITIES = {
    "critical": Text("重大", "critical"),
    "major": Text("较大", "major"),
    "minor": Text("一般", "minor"),
    "lead": Text("线索", "lead"),
    "data": Text("数据", "data"),
    "info": Text("提示", "info"),
}
BUREAUS = {
    "planning": Text("规划", "planning"),
    "housing": Text("住建", "housing"),
    "civil_affairs": Text("民政", "civil affairs"),
    "real_estate": Text("房管", "real estate"),
    "ordinance": Text("办法", "ordinance"),
}
#: Words of the path of a file that say whose it is.
_OWN_WORDS = {
    "civil_affairs": ("民政", "civil"),
    "real_estate": ("房管", "不动产", "房产", "房地产", "real_estate", "real-estate"),
    "housing": ("住建", "住房", "建设局", "建委", "housing"),
    "planning": ("规划", "自然资源", "国土", "planning"),
}
CONSEQUENCES = {
    "order_make_up": Text("责令补建", "order to make up"),
    "order_handover": Text("责令移交", "order to hand over"),
    "pay_in_lieu": Text("折资缴款", "pay in lieu"),
    "hold_acceptance": Text("暂缓规划验收", "hold the planning acceptance"),
    "review_acceptance": Text("复核已作的规划验收", "review the planning acceptance given"),
    "propose_forfeit": Text("提请联席会议决定没收保证金", "propose forfeiture of the deposit to the joint meeting"),
    "order_return": Text("责成归还", "order to return the premises"),
    "credit_record": Text("确认后记入信用档案", "enter in the credit record once confirmed"),
    "livelihood": Text("列入民生工程", "livelihood project"),
    "renewal_priority": Text("旧城改造优先解决", "first in line in the renewal area"),
    "idle_swap": Text("置换闲置设施", "reuse an idle facility"),
    "data_request": Text("向报送部门要求补正数据", "ask the sender to correct the data"),
    "joint_meeting": Text("提交联席会议", "put to the joint meeting"),
    "refer_audit": Text("移送审计", "refer to audit"),
    "order_file": Text("责令备案", "order to file"),
    "amend_plan": Text("责令修改详规", "order to amend the plan"),
    "replace_rooms": Text("责令调换合格用房", "order to replace with rooms that qualify"),
    "recompute": Text("剔除后重算", "leave out and compute again"),
    "register_title": Text("办理或更正产权登记", "register or correct the title"),
    "top_up_deposit": Text("补缴或续保保证金", "top up the deposit or renew the guarantee"),
    "legal_review": Text("决定前作合法性审查", "legal review before any decision"),
    "rectify": Text("责令改正使用", "order to put the use right"),
    "relocation_plan": Text("拟定过渡安置方案", "draw up a relocation plan"),
    "search_archives": Text("查阅规划档案", "search the planning archives"),
}
REMEDY_DOCUMENTS = {
    "plan_statement": Text("详规补充载明位置、楼层、面积", "the plan's statement of place, floor and area"),
    "filing": Text("民政备案", "filing with civil affairs"),
    "refiling": Text("变更后重新备案", "a new filing after the amendment"),
    "designation": Text("民政指定文件", "civil affairs' designation"),
    "exemption_document": Text("免除文件", "the exemption document"),
    "transfer_approval": Text("项目转让批准文件", "the approval of the transfer"),
    "swap_approval": Text("调换批准文件", "the approval of the swap"),
    "off_site_approval": Text("异地配建批准文件", "the off-site approval"),
    "phase_plan": Text("分期移交计划", "the phase plan"),
    "handover_certificate": Text("移交凭证", "the handover certificate"),
    "title_certificate": Text("产权证", "the title certificate"),
    "in_lieu_agreement": Text("折资协议", "the agreement on money in lieu"),
    "payment_receipt": Text("缴款票据", "the payment receipt"),
    "guarantee": Text("续保保函", "the renewed guarantee"),
    "legal_opinion": Text("合法性审查意见", "the legal opinion"),
    "hearing_notice": Text("告知和听证记录", "the notice and hearing record"),
    "credit_entry": Text("信用档案记录", "the entry in the credit record"),
    "relocation_plan": Text("过渡安置方案", "the relocation plan"),
    "archive_search": Text("规划查档结果", "the result of the archive search"),
    "corrected_record": Text("更正后的数据", "the corrected record"),
}
ROBUSTNESS = {
    "robust": Text("稳固", "robust"),
    "fragile": Text("不稳", "fragile"),
    "untested": Text("未能换口径检验", "untested"),
}
BALANCE_STATES = {
    "overdue": Text("逾期未结清", "overdue"),
    "not_due": Text("未到时点", "not yet due"),
    "due_unclear": Text("是否到期不明", "not clear whether due"),
    "settled": Text("已结清", "settled"),
    "unknown": Text("未能判定", "cannot be determined"),
    "no_duty": Text("没有配建义务", "no duty"),
    "ended": Text("已撤销、并入或分立，自身不再负义务", "cancelled, merged or split, owes nothing by itself"),
}
CHANGES = {
    "new": Text("新增", "new"),
    "gone": Text("消失", "gone"),
    "changed": Text("有变", "changed"),
    "opened": Text("变为未能判定", "can no longer be judged"),
    "closed": Text("不再是未能判定", "can now be judged"),
}
#: What the papers of a report are called in the reader's language: names that Windows takes, too. What is for programs has one name.
PAPERS = {
    "meeting": Text("会议材料.xlsx", "meeting.xlsx"),
    "annex": Text("附册.xlsx", "annex.xlsx"),
    "bureau": Text("部门材料_{}.xlsx", "bureau_{}.xlsx"),
    "notices": Text("文书", "notices"),
}
SUBJECTS = {
    "project": Text("开发项目", "project"),
    "development": Text("整体开发", "development"),
    "cluster": Text("疑似拆分的项目组", "group of projects that may be one"),
    "parcel": Text("宗地", "parcel"),
    "layer": Text("图层", "layer"),
    "premises": Text("公益性用房", "premises"),
    "handover": Text("移交", "handover"),
    "payment": Text("折资缴款", "payment in lieu"),
    "deposit": Text("保证金收支", "deposit event"),
    "decision": Text("联席会议决定", "joint meeting's decision"),
    "office": Text("社区办公用房", "community office"),
    "idle_facility": Text("闲置公共设施", "idle public facility"),
    "community": Text("社区", "community"),
    "reference": Text("台账所引项目编号", "project id that registers refer to"),
    "code": Text("编码", "code"),
    "conflict": Text("部门数据冲突", "disagreement between sources"),
    "figure": Text("上报数字", "figure as reported"),
}
LAW_STATES = {
    "governed": Text("有办法适用", "governed by an ordinance"),
    "contract": Text("早于办法，义务来自出让合同或规划条件", "older than the ordinance, bound by its land contract or planning conditions"),
    "contract_unclear": Text(
        "合同载明配建而未写多少，当地也没有现行办法", "the contract states the duty but not how much, and no ordinance is in force"
    ),
    "legacy": Text("早于办法，不溯及既往", "older than the ordinance, which does not apply backwards"),
    "none": Text("当地没有收录办法", "no ordinance on file for the place"),
    "gap": Text("没有办法覆盖该日期", "no ordinance covers the day"),
    "conflict": Text("有两个以上办法同时覆盖", "more than one ordinance covers the day"),
    "anchor_unclear": Text("适用日期不明", "the day that decides is not known well enough"),
}
LIVES = {
    "cancelled": Text("项目已撤销，不再负义务", "cancelled, owes nothing any more"),
    "merged": Text("项目已并入其他项目，由其承继义务", "went into another project, which carries the duty on"),
    "split": Text("项目已分立，由承继项目负义务", "split into others, which carry the duty on"),
    "status_unclear": Text("项目状态读不出，未能判定", "status cannot be read, not judged"),
    "day_unclear": Text("项目状态自何日起不明，未能判定", "status of unknown day, not judged"),
    "successor_unclear": Text(
        "合并、分立后由谁承继不明，未能判定", "not clear who carries the duty on after a merger or split, not judged"
    ),
}
#: Values of an ordinance's clauses that are codes (``clauses.py``).
CLAUSE_VALUES = {
    "total": Text("总建筑面积", "total floor area"),
    "above_ground": Text("地上建筑面积", "floor area above ground"),
    "residential": Text("住宅", "residential"),
    "counted": Text("计容建筑面积", "counted floor area"),
    "no": Text("不许", "not allowed"),
    "whole_only": Text("只许全部折资", "only for the whole duty"),
    "mixed": Text("可与实物并用", "may go with premises in kind"),
    "cumulative": Text("按已验收各期累计", "accepted phases added up"),
    "first_phase": Text("首期一次配建", "all with the first phase"),
    "end": Text("末期结清", "settled with the last phase"),
    "before_planning_acceptance": Text("先移交，后规划验收", "handed over before planning acceptance"),
    "agreement_before_planning_acceptance": Text("先签移交协议，后规划验收", "agreement signed before planning acceptance"),
    "within_days_after_completion": Text("竣工后限期移交", "within days after completion"),
    "whole": Text("全额", "whole"),
    "proportional": Text("按比例", "in proportion"),
    "manual": Text("由联席会议定", "for the joint meeting to decide"),
    "half_up": Text("四舍五入到 0.01", "rounded half up to 0.01"),
    "down": Text("舍去 0.01 以下", "cut off below 0.01"),
    "free": Text("无偿", "free of charge"),
    "buyback": Text("政府回购", "bought by the government"),
}
UNITS = {
    "m2": Text("㎡", "㎡"),
    "yuan": Text("元", "yuan"),
    "yuan/m2": Text("元/㎡", "yuan/㎡"),
    "m": Text("米", "m"),
    "days": Text("天", "days"),
    "1": Text("", ""),
    "": Text("", ""),
}
#: What findings can be sorted by.
SORTS = {
    "yuan": Text("金额", "amount"),
    "area": Text("面积", "m2"),
    "severity": Text("程度", "severity"),
    "district": Text("区县", "district"),
    "developer": Text("开发企业", "developer"),
    "story": Text("办理顺序", "order of events"),
}
UNKNOWN = Text("未知", "unknown")


def label(words: dict[str, Text], code: str | None, lang: str) -> str:
    """The word for a code; a code without a word stands for itself, nothing for none."""
    if not code:
        return ""
    word = words.get(code)
    return word.get(lang) if word else code


def labels(words: dict[str, Text], codes: str | None, lang: str) -> str:
    """The words for comma-joined codes, joined as the language joins a list."""
    listed = [label(words, code, lang) for code in (codes or "").split(",") if code]
    return ("、" if lang == "zh" else ", ").join(listed)


#: The kinds of files of ``report``, in the order in which they are written.
REPORT_PARTS = {
    "tables": Text("数据表", "tables"),
    "workbook": Text("工作簿", "workbook"),
    "page": Text("网页", "page"),
    "layers": Text("图层", "map layers"),
    "notices": Text("文书", "notices"),
}


def bureau_of(file: str) -> str:
    """The bureau whose file it is, by its folders, the innermost first, or by a bureau in its own name (规划指标 is what it is about);
    '' where none says so, or several do."""
    *folders, name = PurePath(file).parts
    for part in (*reversed(folders), *([name] if re.search("局|委|中心|bureau", name) else [])):
        named = [code for code, words in _OWN_WORDS.items() if any(word in part.lower() for word in words)]
        if named:
            return named[0] if len(named) == 1 else ""
    return ""


#: What falls due: its name, and the bureau that must see to it where no decision names another.
DUE = {
    "demand": (Text("催告限期", "demand's deadline"), "housing"),
    "payment": (Text("折资应缴", "payment in lieu"), "housing"),
    "deposit": (Text("保证金应缴", "deposit"), "housing"),
    "guarantee": (Text("保函到期", "guarantee ends"), "housing"),
    "give_back": (Text("保证金、保函应退还", "deposit or guarantee to give back"), "housing"),
    "return": (Text("责令归还", "return ordered"), "housing"),
    "resolution": (Text("会议决定", "meeting's resolution"), "housing"),
    "credit": (Text("记入信用档案", "credit entry"), "housing"),
    "waiver": (Text("豁免到期", "waiver ends"), "housing"),
    "lease": (Text("租期届满", "lease ends"), "civil_affairs"),
    "office": (Text("办公用房处置", "office case resolved"), "civil_affairs"),
}
