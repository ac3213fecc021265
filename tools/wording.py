"""The words of the bundled templates. Law is cited by the rules alone (``basis``); blanks are for the issuing office.

The English papers are translations for information.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """A paragraph (style and text), a box of lines, or a table: heads, cells of one item, the list it goes through, widths in mm."""

    style: str
    texts: tuple[str, ...]
    cells: tuple[str, ...] = ()
    loop: str = ""
    widths_mm: tuple[int, ...] = ()


def _text(*texts: str) -> tuple[Block, ...]:
    return tuple(Block("text", (text,)) for text in texts)


def _each(loop: str, text: str) -> tuple[Block, ...]:
    """A paragraph for every item."""
    return (Block("plain", (f"{{%p for item in {loop} %}}",)), Block("text", (text,)), Block("plain", ("{%p endfor %}",)))


def _if(condition: str, *blocks: Block) -> tuple[Block, ...]:
    return (Block("plain", (f"{{%p if {condition} %}}",)), *blocks, Block("plain", ("{%p endif %}",)))


_HEAD = {
    "zh": (Block("title", ("{{ title }}",)), Block("number", ("＿＿＿＿〔＿＿＿＿〕＿＿号",))),
    "en": (
        Block("title", ("{{ title }}",)),
        Block("number", ("(Translation for information; only the Chinese text counts)",)),
        Block("number", ("No. ____________",)),
    ),
}
_SIGN = {
    "zh": (
        Block("sign", ("（制发机关印章）",)),
        Block("sign", ("＿＿＿＿年＿＿月＿＿日",)),
        Block("plain", ("经办人：＿＿＿＿＿＿　联系电话：＿＿＿＿＿＿",)),
    ),
    "en": (
        Block("sign", ("(Seal of the issuing office)",)),
        Block("sign", ("Date: ____________",)),
        Block("plain", ("Officer: ____________  Telephone: ____________",)),
    ),
}
_SERVED = {
    "zh": (Block("plain", ("送达日期：＿＿＿＿＿＿　受送达人签收：＿＿＿＿＿＿",)),),
    "en": (Block("plain", ("Served on: ____________  Received by: ____________",)),),
}
_ORDINANCES = {
    "zh": "适用办法：{% for item in ordinances %}{{ item }}{% if not loop.last %}；{% endif %}{% endfor %}",
    "en": "Ordinance: {% for item in ordinances %}{{ item }}{% if not loop.last %}; {% endif %}{% endfor %}",
}
_RUN = {
    "zh": ("数据说明：{{ data_notice }}", "检查基准日 {{ as_of }}；检查编号 {{ digest }}；planning_check {{ tool_version }}"),
    "en": ("About the data: {{ data_notice }}", "As of {{ as_of }}; digest of the run {{ digest }}; planning_check {{ tool_version }}"),
}
#: At the foot of every page: paper is the witness of the log.
FOOT = {
    "zh": "{% if log_head %}日志末尾 {{ log_head }}{% endif %}",
    "en": "{% if log_head %}Head of the log {{ log_head }}{% endif %}",
}
_BOX_HEAD = {
    "zh": "承办人注意（制发前核对并删去本栏）",
    "en": "For the officer in charge (check and delete this box before issue)",
}
_CAUTIONS = ("{%p for item in cautions %}", "· {{ item }}", "{%p endfor %}")


def _box(lang: str, *more: str, cautions: bool = True) -> tuple[Block, ...]:
    lines = (_BOX_HEAD[lang], *more, *(_CAUTIONS if cautions else ()), _ORDINANCES[lang], *_RUN[lang])
    return (Block("box", lines),)


_TO = {
    "zh": (Block("plain", ("{{ developer }}（统一社会信用代码：{{ developer_code }}）：",)),),
    "en": (Block("plain", ("To {{ developer }} (unified social credit code {{ developer_code }}):",)),),
}
_PROJECT = {
    "zh": "你单位开发的“{{ project }}”项目（项目编号 {{ project_id }}，位于{{ district }}{{ community }}社区）",
    "en": "your development {{ project }} (project {{ project_id }}; {{ district }}, community {{ community }})",
}
_FACTS = {
    "zh": _each("items", "{{ item.number }}. {{ item.title }}{% if item.status %}（{{ item.status }}）{% endif %}：{{ item.message }}。"),
    "en": _each("items", "{{ item.number }}. {{ item.title }}{% if item.status %} ({{ item.status }}){% endif %}: {{ item.message }}."),
}
#: Earlier stages of the same shortage: told, and nothing demanded for them.
_EARLIER = {
    "zh": _if("earlier", *_text("附：同一缺口在此前各阶段的情况（不另作要求）："),
              *_each("earlier", "{{ item.title }}{% if item.status %}（{{ item.status }}）{% endif %}：{{ item.message }}。")),
    "en": _if("earlier", *_text("Annex: the same shortage at earlier stages (nothing more is demanded for it):"),
              *_each("earlier", "{{ item.title }}{% if item.status %} ({{ item.status }}){% endif %}: {{ item.message }}.")),
}  # fmt: skip
_CURES = {
    "zh": _each("items", "{{ item.number }}. {{ item.cure }}。"),
    "en": _each("items", "{{ item.number }}. {{ item.cure }}."),
}
#: What the meeting decided about the items before; nothing where it has not.
_DECISIONS = {
    "zh": _if("decisions", *_text("上述问题的认定情况："), *_each("decisions", "{{ item }}。")),
    "en": _if("decisions", *_text("What was decided about these:"), *_each("decisions", "{{ item }}.")),
}
_BASIS = {
    "zh": (*_text("所依据的文件："), *_each("basis", "· {{ item }}")),
    "en": (*_text("Documents relied on:"), *_each("basis", "· {{ item }}")),
}
_HEARD = {
    "zh": _text(
        "你单位对上述事实、理由和依据有陈述、申辩的权利，并有要求听证的权利。要求陈述、申辩或者听证的，请在收到本告知书之日起＿＿日内向本机关书面提出；"
        "逾期未提出的，视为放弃。联系地址：＿＿＿＿＿＿＿＿。",
        "陈述、申辩和听证中提出的事实、理由和证据成立的，本机关予以采纳，不因陈述、申辩或者要求听证而加重处理。",
    ),
    "en": _text(
        "You have the right to state your case and defend yourself against these facts, reasons and grounds, "
        "and the right to ask for a hearing. Ask in writing within ____ days of receiving this notice; "
        "after that the right counts as waived. Address: ____________.",
        "Facts, reasons and evidence that hold will be accepted; nobody is treated more harshly for having been heard.",
    ),
}
_REMEDIES = {
    "zh": _text("对本决定（通知）不服的，可以依法申请行政复议或者提起行政诉讼。受理机关和期限：＿＿＿＿＿＿＿＿（由制发机关依法填写）。"),
    "en": _text(
        "You may apply for administrative review or bring an action against this. "
        "Where and by when: ____________ (the issuing office fills in)."
    ),
}
_DRAFT = {
    "zh": _if("draft", Block("mark", ("【草稿：待联席会议决定，不得送达】",))),
    "en": _if("draft", Block("mark", ("[DRAFT: the joint meeting has not decided; not to be served]",))),
}

#: A line of the minutes, on A4 across.
_AGENDA = (
    "{{ item.number }}", "{{ item.list }}", "{{ item.name }} {{ item.key }} {{ item.district }}", "{{ item.developer }}",
    "{{ item.told }}", "{{ item.area }}", "{{ item.amount }}", "",
)  # fmt: skip
_AGENDA_MM = (12, 22, 42, 40, 48, 24, 32, 22)

TEXTS: dict[tuple[str, str], tuple[Block, ...]] = {
    ("rectification", "zh"): (
        *_HEAD["zh"], *_TO["zh"], *_text("经对报送资料核对（截至{{ as_of }}），" + _PROJECT["zh"] + "存在下列问题："), *_FACTS["zh"], *_DECISIONS["zh"],
        *_text("请你单位在{{ deadline }}前按下列要求改正，并将改正情况及凭证书面报送本机关："), *_CURES["zh"], *_BASIS["zh"],
        *_text("你单位对上述事实有异议的，请在收到本通知之日起＿＿日内向本机关书面陈述、申辩，并附证据。"), *_REMEDIES["zh"],
        *_SIGN["zh"], *_SERVED["zh"], *_EARLIER["zh"], *_box("zh", "责任部门：{{ bureaus }}"),
    ),
    ("rectification", "en"): (
        *_HEAD["en"], *_TO["en"],
        *_text("From the records delivered (as of {{ as_of }}), " + _PROJECT["en"] + " has the following defects:"),
        *_FACTS["en"], *_DECISIONS["en"],
        *_text("Put them right by {{ deadline }} as follows, and report in writing with proofs:"), *_CURES["en"], *_BASIS["en"],
        *_text("If you dispute these facts, state and defend your case in writing with evidence within ____ days."), *_REMEDIES["en"],
        *_SIGN["en"], *_SERVED["en"], *_EARLIER["en"], *_box("en", "Responsible bureaus: {{ bureaus }}"),
    ),
    ("intended_forfeiture", "zh"): (
        *_HEAD["zh"], *_TO["zh"], *_text("经查（截至{{ as_of }}），" + _PROJECT["zh"] + "未按规定移交社区用房："), *_FACTS["zh"], *_DECISIONS["zh"],
        *_text("本机关已催告 {{ demands }} 次，催告期限{{ demand_deadline_on }}已过，仍未移交。",
               "{% if confirmed %}拟按联席会议的决议没收{% else %}拟提请联席会议决定没收{% endif %}你单位缴存的保证金，数额：{{ amount_told }}。",
               "在决定作出之前移交所缺用房的，本案终结。"),
        *_BASIS["zh"], *_HEARD["zh"], *_SIGN["zh"], *_SERVED["zh"],
        *_box("zh", "送达前应完成合法性审查：没有法律、行政法规等有效依据的，不得送达，改按合同处理。"),
    ),
    ("intended_forfeiture", "en"): (
        *_HEAD["en"], *_TO["en"], *_text("As of {{ as_of }}, " + _PROJECT["en"] + " has not handed over its community premises:"),
        *_FACTS["en"], *_DECISIONS["en"],
        *_text("Demands served: {{ demands }}; their deadline, {{ demand_deadline_on }}, has passed.",
               "It is intended to {% if confirmed %}forfeit your deposit as the joint meeting resolved{% else %}put the forfeiture of your "
               "deposit to the joint meeting{% endif %}: {{ amount_told }}.",
               "Handing over what is missing before the decision ends the case."),
        *_BASIS["en"], *_HEARD["en"], *_SIGN["en"], *_SERVED["en"],
        *_box("en", "Legal review comes first: without a valid basis in law this must not be served; treat it under the contract."),
    ),
    ("forfeiture_decision", "zh"): (
        *_DRAFT["zh"], *_HEAD["zh"], *_TO["zh"], *_text("经查（截至{{ as_of }}），" + _PROJECT["zh"] + "未按规定移交社区用房："), *_FACTS["zh"],
        *_if("draft",
             *_text("联席会议决定（会议日期＿＿＿＿＿＿，纪要文号＿＿＿＿＿＿）：没收你单位缴存的保证金＿＿＿＿＿＿元（大写：＿＿＿＿＿＿＿＿）。",
                    "供会议讨论的数额：{{ amount_told }}。",
                    "本机关已于＿＿＿＿年＿＿月＿＿日告知你单位陈述、申辩和要求听证的权利，听取意见情况：＿＿＿＿＿＿＿＿。")),
        *_if("confirmed",
             *_text("联席会议{{ resolved_on }}决定（{{ resolution_no }}）：没收你单位缴存的保证金，数额：{{ taken }}。",
                    "本机关已于＿＿＿＿年＿＿月＿＿日告知你单位陈述、申辩和要求听证的权利，听取意见情况：＿＿＿＿＿＿＿＿。")),
        *_if("not draft and not confirmed", *_text("记录在案的决定文号：{{ decision_no }}；没收数额：{{ amount_told }}。",
                                 "告知、听证情况：＿＿＿＿＿＿＿＿（与原案卷核对后填写）。")),
        *_text("没收的款项缴入：＿＿＿＿＿＿＿＿（由财政部门确定，不得坐支）。"), *_BASIS["zh"], *_REMEDIES["zh"], *_SIGN["zh"], *_SERVED["zh"],
        *_box("zh", "本工具不认定“已没收”；是否没收、没收多少只由联席会议决定。"),
    ),
    ("forfeiture_decision", "en"): (
        *_DRAFT["en"], *_HEAD["en"], *_TO["en"],
        *_text("As of {{ as_of }}, " + _PROJECT["en"] + " has not handed over its community premises:"), *_FACTS["en"],
        *_if("draft",
             *_text("Decision of the joint meeting (day ____________, minutes no. ____________): forfeited from your deposit: "
                    "____________ yuan. Amounts for the meeting: {{ amount_told }}.",
                    "You were told of your right to be heard on ____________; what you said: ____________.")),
        *_if("confirmed",
             *_text("On {{ resolved_on }} the joint meeting decided ({{ resolution_no }}): forfeited from your deposit: {{ taken }}.",
                    "You were told of your right to be heard on ____________; what you said: ____________.")),
        *_if("not draft and not confirmed", *_text("Decision on record: no. {{ decision_no }}; amount forfeited: {{ amount_told }}.",
                                 "Notice and hearing: ____________ (fill in from the original file).")),
        *_text("The money is booked to: ____________ (the finance bureau decides)."), *_BASIS["en"], *_REMEDIES["en"], *_SIGN["en"],
        *_SERVED["en"], *_box("en", "The tool never calls anything forfeited; the joint meeting alone decides whether and how much."),
    ),
    ("return_order", "zh"): (
        *_HEAD["zh"], *_TO["zh"], *_text("经对报送资料核对（截至{{ as_of }}），" + _PROJECT["zh"] + "规划的社区用房存在下列问题："), *_FACTS["zh"], *_DECISIONS["zh"],
        *_text("请你单位在{{ deadline }}前归还上述用房，恢复社区用房用途，并办理移交手续："), *_CURES["zh"], *_BASIS["zh"],
        *_text("你单位对上述事实有异议的，请在收到本通知之日起＿＿日内向本机关书面陈述、申辩，并附证据。"), *_REMEDIES["zh"], *_SIGN["zh"], *_SERVED["zh"],
        *_box("zh", "责任部门：{{ bureaus }}", "信用档案以联席会议确认为准，不凭本通知记入。"),
    ),
    ("return_order", "en"): (
        *_HEAD["en"], *_TO["en"],
        *_text("From the records delivered (as of {{ as_of }}), the community premises of " + _PROJECT["en"] + ":"), *_FACTS["en"],
        *_DECISIONS["en"],
        *_text("Return these rooms to community use by {{ deadline }} and complete the handover:"), *_CURES["en"], *_BASIS["en"],
        *_text("If you dispute these facts, state and defend your case in writing with evidence within ____ days."), *_REMEDIES["en"],
        *_SIGN["en"], *_SERVED["en"],
        *_box("en", "Responsible bureaus: {{ bureaus }}", "The credit record follows the joint meeting's confirmation, never this order."),
    ),
    ("credit_record", "zh"): (
        *_HEAD["zh"], Block("plain", ("房地产开发企业信用档案管理部门：",)),
        *_text("联席会议{{ decided_on }}认定（纪要{{ minutes_no }}），{{ developer }}（统一社会信用代码：{{ developer_code }}）在“{{ project }}”项目"
               "（项目编号 {{ project_id }}，{{ district }}{{ community }}社区）中有下列行为："),
        *_FACTS["zh"], *_text("建议按会议认定的事实记入该企业信用档案。记入前应告知企业并听取异议；企业已改正的，一并注明。",
                              "告知企业日期：＿＿＿＿＿＿；企业意见：＿＿＿＿＿＿＿＿；记入日期：＿＿＿＿＿＿。"),
        *_BASIS["zh"], *_SIGN["zh"], *_box("zh"),
    ),
    ("credit_record", "en"): (
        *_HEAD["en"], Block("plain", ("To the keeper of developers' credit records:",)),
        *_text("On {{ decided_on }} the joint meeting confirmed (minutes {{ minutes_no }}) of {{ developer }} (code {{ developer_code }}), "
               "in the development {{ project }} (project {{ project_id }}; {{ district }}, community {{ community }}):"),
        *_FACTS["en"],
        *_text("It is proposed to enter what the meeting confirmed. Tell the developer and hear objections first; "
               "note what has been put right.",
               "Told on: ____________; objections: ____________; entered on: ____________."),
        *_BASIS["en"], *_SIGN["en"], *_box("en"),
    ),
    ("return_to_source", "zh"): (
        *_HEAD["zh"], Block("plain", ("{{ recipient }}：",)),
        *_text("你单位报送的资料（截至{{ as_of }}）中，有 {{ total }} 处需要核对、补正，列明如下。请在＿＿＿＿年＿＿月＿＿日前改正原始台账后重新报送；"
               "认为原数据无误的，请书面说明并附凭证。"),
        Block("table", ("序号", "位置（文件 › 表 › 单元格）", "对象", "问题", "处理"),
              ("{{ item.number }}", "{{ item.place }}", "{{ item.subject }}", "{{ item.what }}", "{{ item.fix }}"), "items",
              (12, 44, 20, 50, 30)),
        *_if("omitted", *_text("另有 {{ omitted }} 处未在本函列出，见工作簿和数据表。")), *_SIGN["zh"], *_box("zh", cautions=False),
    ),
    ("return_to_source", "en"): (
        *_HEAD["en"], Block("plain", ("To: {{ recipient }}",)),
        *_text("{{ total }} places in the data you sent (as of {{ as_of }}) are to be checked and corrected. "
               "Correct the registers and send them again by ____________; if a value is right as it stands, "
               "say so in writing with proof."),
        Block("table", ("No.", "Place (file › sheet › cell)", "Subject", "What is wrong", "What to do"),
              ("{{ item.number }}", "{{ item.place }}", "{{ item.subject }}", "{{ item.what }}", "{{ item.fix }}"), "items",
              (12, 44, 20, 50, 30)),
        *_if("omitted", *_text("{{ omitted }} more are not listed here; see the workbook and the tables.")), *_SIGN["en"],
        *_box("en", cautions=False),
    ),
    ("minutes", "zh"): (
        *_HEAD["zh"],
        *_text("时间：＿＿＿＿年＿＿月＿＿日　地点：＿＿＿＿＿＿", "主持人：＿＿＿＿＿＿　　记录人：＿＿＿＿＿＿",
               "出席：规划＿＿＿　住建＿＿＿　民政＿＿＿　房管＿＿",
               "会议审议了“{{ city }}”截至{{ as_of }}的检查结果，共 {{ total }} 项。另有 {{ unjudged }} 项因缺少资料未能判定，不等于符合。"),
        Block("table", ("清单", "项数", "问题数", "面积（㎡）", "金额（元）"),
              ("{{ item.list }}", "{{ item.lines }}", "{{ item.findings }}", "{{ item.area }}", "{{ item.amount }}"), "sums",
              (70, 24, 24, 40, 83)),
        *_text("各清单最重的各项如下，其余见附表。"),
        Block("table", ("序号", "清单", "项目（对象）", "开发企业", "情况", "缺（现用）㎡", "金额", "会议决定"), _AGENDA, "items", _AGENDA_MM),
        *_if("dismissed", *_text("另有 {{ dismissed }} 项以前的会议不予认定，不再审议。")),
        *_text("审议依据：检查编号 {{ digest }}。",
               "会签、签收：规划＿＿＿＿＿＿　住建＿＿＿＿＿＿　民政＿＿＿＿＿＿　房管＿＿＿＿＿＿",
               "出席人签字：＿＿＿＿＿＿　＿＿＿＿＿＿　＿＿＿＿＿＿　＿＿＿＿＿＿"), *_SIGN["zh"],
        *_if("rest", *_text("附表：其余各项"),
             Block("table", ("序号", "清单", "项目（对象）", "开发企业", "情况", "缺（现用）㎡", "金额", "会议决定"), _AGENDA, "rest", _AGENDA_MM)),
        *_if("omitted", *_text("另有 {{ omitted }} 项未列入附表，见工作簿。")), *_box("zh", cautions=False),
    ),
    ("minutes", "en"): (
        *_HEAD["en"],
        *_text("Day: ____________  Place: ____________", "Chair: ____________  Minutes by: ____________",
               "Present: planning ________, housing ________, civil affairs ________, real estate ________",
               "The meeting considered the results for {{ city }} as of {{ as_of }}: {{ total }} items. {{ unjudged }} more verdicts are "
               "open for want of data, which does not mean that they comply."),
        Block("table", ("List", "Items", "Findings", "Area (㎡)", "Amount (yuan)"),
              ("{{ item.list }}", "{{ item.lines }}", "{{ item.findings }}", "{{ item.area }}", "{{ item.amount }}"), "sums",
              (70, 24, 24, 40, 83)),
        *_text("The gravest of each list follow; the others stand in the annex."),
        Block("table", ("No.", "List", "Project (subject)", "Developer", "State", "missing (in use) ㎡", "Amount", "Decision"), _AGENDA,
              "items", _AGENDA_MM),
        *_if("dismissed", *_text("{{ dismissed }} more were dismissed by earlier meetings and are not considered again.")),
        *_text("Considered: the check with the digest {{ digest }}.",
               "Agreed, received: planning ________, housing ________, civil affairs ________, real estate ________",
               "Signatures: ________  ________  ________  ________"), *_SIGN["en"],
        *_if("rest", *_text("Annex: the others"),
             Block("table", ("No.", "List", "Project (subject)", "Developer", "State", "missing (in use) ㎡", "Amount", "Decision"), _AGENDA,
                   "rest", _AGENDA_MM)),
        *_if("omitted", *_text("{{ omitted }} more items are not in the annex; see the workbook.")), *_box("en", cautions=False),
    ),
}  # fmt: skip
