"""The tables of a delivery: every field's type, unit, labels, header aliases, choices and owning bureau.

This is the one dictionary: the readers take their headers from it, ``data/README.md`` is generated from it, and the
facts take labels and owners from it. A city's own tables
stand among the others for as long as they are in force (``following``). Areas are m2, money is yuan, both DECIMAL(18, 2).
A date may be known only to the month or year: it is held as two columns, ``<name>_lo`` and ``<name>_hi``; one that is written
but tells no day lies between ``ANY_DAY``. NULL says that no day is written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from planning_check.errors import Text

#: type -> DuckDB type; ``date`` becomes two DATE columns, ``geometry`` is WKB with the CRS beside it (``geometry_crs``).
SQL_TYPES = {
    "text": "VARCHAR",
    "code": "VARCHAR",
    "integer": "BIGINT",
    "number": "DECIMAL(18, 6)",
    "area": "DECIMAL(18, 2)",
    "money": "DECIMAL(18, 2)",
    "date": "DATE",
    "bool": "BOOLEAN",
    "choice": "VARCHAR",
    "choices": "VARCHAR[]",
    "geometry": "BLOB",
}
#: What is known of a day that is written and cannot be read, or cannot be right: it may be any, so nothing that turns on it is decided.
ANY_DAY = ("DATE '0001-01-01'", "DATE '9999-12-31'")
#: The column of every table that names the fields in which something is written that could not be read (a day there is any day).
NOT_READ = "not_read"
#: Days that may lie ahead: field -> SQL over its row, when. Every other date says what has happened by the day of the delivery.
AHEAD = dict.fromkeys(
    ("due_on", "deadline_on", "extended_to", "guarantee_expires_on", "lease_end", "resolution_due_on", "available_from", "valid_from",
     "valid_to", "from_on", "to_on", "planned_start_on", "completed_on"), "true"
) | {"event_on": "event = 'due'"}  # fmt: skip

#: What a project passes, in order (those of one place may come either way). One that lies ahead is planned, and told as it is, as long as
#: nothing after it has happened by the day of the delivery; else it is no day that can be.
MILESTONES = {
    "land_acquired_on": 1, "plan_approved_on": 2, "permitted_on": 3, "started_on": 4, "completed_on": 5, "planning_accepted_on": 5,
    "completion_filed_on": 6, "delivered_on": 6,
}  # fmt: skip


def is_year(name: str) -> bool:
    """Whether a number of that name is a year of the calendar, which nobody writes with its thousands apart."""
    return name == "year" or (name.endswith("_year") and not name.endswith("_per_year"))


@dataclass(frozen=True)
class Choice:
    """One value of a closed list; ``aliases`` are the other words deliveries use for it."""

    code: str
    label: Text
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """One column: ``need`` is ``key``, ``required`` (the row is unusable without it) or empty (may be missing)."""

    name: str
    type: str
    label: Text
    unit: str = ""
    aliases: tuple[str, ...] = ()
    need: str = ""
    choices: tuple[Choice, ...] = ()
    owner: str = ""
    note: Text | None = None
    is_point: bool = False  # of a geometry: a place, which a sheet may tell as two columns of degrees

    @property
    def may_be_blank(self) -> bool:
        """Whether a blank may mean that there is none: where that matters, a cell that cannot be read is told apart by ``NOT_READ``."""
        return not self.need and self.type not in ("date", "geometry")

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns in DuckDB."""
        return (f"{self.name}_lo", f"{self.name}_hi") if self.type == "date" else (self.name,)


@dataclass(frozen=True)
class Table:
    """One table of a delivery; rows of one key from several files are united field by field."""

    name: str
    label: Text
    fields: tuple[Field, ...]
    aliases: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields if f.need == "key")

    def field(self, name: str) -> Field:
        return next(f for f in self.fields if f.name == name)

    @property
    def geometry(self) -> Field | None:
        return next((f for f in self.fields if f.type == "geometry"), None)


def _field(
    name: str, type_: str, zh: str, en: str, aliases: str = "", *, need: str = "", choices: tuple[Choice, ...] = (), owner: str = ""
) -> Field:
    unit = {"area": "m2", "money": "yuan"}.get(type_, "")
    if name.endswith("_m") and type_ == "number":
        unit = "m"
    if name.endswith("_yuan_per_m2"):
        unit = "yuan/m2"
    is_point = type_ == "geometry" and zh == "位置点"
    return Field(name, type_, Text(zh, en), unit, tuple(aliases.split("|")) if aliases else (), need, choices, owner, is_point=is_point)


def _choice(code: str, zh: str, en: str, aliases: str = "") -> Choice:
    return Choice(code, Text(zh, en), tuple(aliases.split("|")) if aliases else ())


def _table(name: str, zh: str, en: str, owner: str, *fields: Field, aliases: str = "") -> Table:
    owned = tuple(f if f.owner else replace(f, owner=owner) for f in fields)
    return Table(name, Text(zh, en), owned, tuple(aliases.split("|")) if aliases else ())


KEY, REQUIRED = "key", "required"

PROJECT_STATUSES = (
    _choice("planned", "拟建", "planned", "规划中|拟建项目|前期|待批"),
    _choice("permitted", "已许可", "permitted", "已批|已批准|已发证|待建|未开工|已许可未开工"),
    _choice("building", "在建", "under construction", "建设中|施工中|已开工|在施|续建|复工|已复工|正常|正常推进|在售|预售"),
    _choice("completed", "竣工", "completed", "已竣工|建成|已建成|已完工|完工|已验收|已交付|已入住|交付使用|竣工备案|已竣工备案"),
    _choice("stalled", "停建", "building has stopped", "停工|已停工|已停建|烂尾|停缓建|缓建|停滞|烂尾楼"),
    _choice(
        "cancelled", "撤销", "cancelled", "撤消|已撤销|已撤消|注销|已注销|作废|已作废|取消|已取消|废止|已废止|许可撤销|许可注销|终止|已终止"
    ),
    _choice("merged", "合并", "merged into another", "并入|已合并|已并入|被合并|合并入其他项目|并入其他项目"),
    _choice("split", "分立", "split into others", "拆分|已拆分|已分立|分拆|已分拆|拆分为多个项目"),
)
CONTRACT_BASES = (
    _choice("total", "总建筑面积", "total floor area", "建筑面积|按建筑面积|按总建筑面积"),
    _choice("above_ground", "地上建筑面积", "floor area above ground", "地上面积|按地上建筑面积"),
    _choice("residential", "住宅建筑面积", "residential floor area", "住宅面积|住宅|按住宅建筑面积"),
    _choice("counted", "计容建筑面积", "counted floor area", "计容面积|计容|按计容建筑面积"),
)
USES = (
    _choice("residential", "住宅", "residential", "居住|商品住宅|普通住宅"),
    _choice("commercial", "商业", "commercial", "商服"),
    _choice("office", "办公", "office", "商务办公|写字楼"),
    _choice("industrial", "工业", "industrial", "厂房"),
    _choice("public", "公共服务", "public service", "公服|公共设施"),
    _choice("parking", "停车", "parking", "车库"),
    _choice("other", "其他", "other"),
)
PREMISES_KINDS = (
    _choice("community", "社区用房", "community premises", "公益性用房|社区服务用房|居委会用房|社区配套用房"),
    _choice("property_management", "物业用房", "property-management rooms", "物业管理用房|物管用房"),
    _choice("owners_committee", "业委会用房", "owners' committee rooms", "业主委员会用房"),
    _choice("other", "其他配套用房", "other rooms", "其他"),
)
ROOM_USES = (
    _choice("community", "社区用房", "community premises", "社区|居委会|社区办公|公益性用房"),
    _choice("vacant", "空置", "vacant", "闲置|未使用"),
    _choice("shop", "商铺", "shop", "商业|门面"),
    _choice("sold", "已出售", "sold", "出售"),
    _choice("let", "已出租", "let", "出租"),
    _choice("sales_office", "售楼部", "sales office", "售楼处"),
    _choice("property_management", "物业用房", "property management", "物业"),
    _choice("other", "其他", "other"),
)
DUTIES = (
    _choice("community", "社区用房义务", "the community duty", "社区用房|百分之一义务"),
    _choice("other_duty", "其他配建义务", "another duty", "其他义务|养老用房|幼儿园|物业用房"),
    _choice("none", "不计入", "none", "无|不计"),
)
TITLE_HOLDERS = (
    _choice("committee", "社区居委会", "residents' committee", "居委会|社区"),
    _choice("street", "街道办", "street office", "街道办事处|镇政府"),
    _choice("civil_affairs", "民政部门", "civil affairs", "民政局"),
    _choice("government", "其他政府部门", "another government body", "政府|财政|国资"),
    _choice("developer", "开发企业", "developer", "开发商|建设单位"),
    _choice("owners_common", "业主共有", "owners in common", "业主共有部分|全体业主"),
    _choice("private", "个人或其他企业", "a person or another company", "个人|企业"),
    _choice("other", "其他", "other"),
)
ENCUMBRANCES = (
    _choice("none", "无", "none", "无抵押|无查封"),
    _choice("mortgaged", "抵押", "mortgaged", "已抵押"),
    _choice("seized", "查封", "seized", "已查封|冻结"),
)
HANDOVER_CONDITIONS = (
    _choice("none", "无附加条件", "none", "无|无偿移交|无条件"),
    _choice("lease", "租赁", "lease", "租用|出租"),
    _choice("limited_term", "限期使用", "limited term", "限期|期限使用"),
    _choice("other", "其他条件", "other condition", "其他"),
)
MONEY_USES = (
    _choice("premises", "社区用房", "community premises", "购建社区用房|建设社区用房"),
    _choice("services", "社区服务", "community services", "社区服务经费"),
    _choice("other", "其他用途", "other", "其他|挪作他用"),
    _choice("unspent", "未使用", "not spent", "未支出|结存"),
)
DEPOSIT_BASES = (
    _choice("statute", "法律、行政法规", "law or State Council regulation", "法律|行政法规|国务院决定"),
    _choice("local_regulation", "地方性法规、规章", "local regulation", "地方性法规|地方规章"),
    _choice("government_document", "规范性文件", "government document", "政府文件|红头文件"),
    _choice("contract", "合同约定", "contract", "合同|协议"),
    _choice("none", "无依据", "none", "无"),
)
MONEY_BOOKED_TO = (
    _choice("treasury", "国库", "treasury", "上缴国库"),
    _choice("fiscal_account", "财政专户", "fiscal account", "财政账户|专户"),
    _choice("bureau_account", "部门账户", "bureau's own account", "单位账户|局账户"),
    _choice("community", "社区账户", "community's account", "社区|居委会账户"),
    _choice("other", "其他", "other"),
)
DECISION_MATTERS = (
    _choice("change_of_use", "擅改用途", "change of use", "改变用途"),
    _choice("return_order", "责令归还", "order to return", "归还|限期归还"),
    _choice("forfeiture", "没收保证金", "forfeiture", "没收"),
    _choice("extension", "延期", "extension", "延长期限"),
    _choice("other", "其他", "other"),
)
CONCLUSIONS = (
    _choice("confirmed", "认定", "confirmed", "同意|确认|通过"),
    _choice("dismissed", "不予认定", "dismissed", "不同意|否决|撤销"),
    _choice("deferred", "暂缓", "deferred", "延后|再议"),
)
FIGURES = (
    _choice("communities", "社区数", "communities", "社区总数|城市社区数"),
    _choice("population", "人口", "population", "总人口"),
    _choice("project_supported", "得到项目支持的社区数", "communities with project support", "项目支持数"),
    _choice("project_supported_percent", "得到项目支持的占比", "share with project support, percent", "项目支持占比"),
    _choice("rented_or_borrowed", "租用借用办公用房数", "rented or borrowed offices", "租借用房数"),
    _choice("rented_or_borrowed_percent", "租用借用占比", "share rented or borrowed, percent", "租借占比"),
)
CHANGERS = (
    _choice("developer", "开发企业", "developer", "开发商|建设单位"),
    _choice("committee", "居委会", "residents' committee", "社区|社区居委会"),
    _choice("property_company", "物业公司", "property company", "物业服务企业"),
    _choice("other", "其他", "other"),
    _choice("unknown", "不明", "not known", "未知|不详"),
)
RECIPIENTS = (
    _choice("committee", "社区居委会", "residents' committee", "居委会|社区"),
    _choice("street", "街道办", "street office", "街道办事处|镇政府"),
    _choice("civil_affairs", "民政部门", "civil affairs", "民政局"),
    _choice("property_company", "物业公司", "property company", "物业服务企业|物业"),
    _choice("owners_committee", "业委会", "owners' committee", "业主委员会"),
    _choice("developer_affiliate", "开发企业关联方", "affiliate of the developer", "关联企业"),
    _choice("other", "其他", "other"),
)
DEPOSIT_EVENTS = (
    _choice("due", "应缴", "due", "应交|应缴存"),
    _choice("paid", "缴存", "paid", "缴纳|已缴|收取"),
    _choice("refunded", "退还", "refunded", "退款|返还"),
    _choice("forfeited", "没收", "forfeited", "罚没|不予退还"),
    _choice("offset", "抵扣", "offset", "抵充"),
    _choice("credited", "拨付社区", "credited to the community", "拨付|划拨社区"),
)
COMMUNITY_KINDS = (
    _choice("former_committee", "居改社", "former residents' committee", "居改社型"),
    _choice("former_village", "村改社", "former village", "村改社型"),
    _choice("estate", "小区型", "new estate", "小区"),
)
TENURES = (
    _choice("owned_titled", "自有（有产权）", "owned, titled", "自有|自有产权|有产权|自有(有产权)"),
    _choice("owned_untitled", "自有（无产权）", "owned, untitled", "自建无证|无产权|自有(无产权)"),
    _choice("government_allocated", "政府调配", "allocated by government", "政府划拨|调配"),
    _choice("rented", "租用", "rented", "租赁|租借|承租"),
    _choice("borrowed", "借用", "borrowed", "借住"),
    _choice("coordinated", "协调使用", "coordinated, no title", "协调|协调无产权"),
    _choice("temporary", "临时用房", "temporary", "临时|板房"),
    _choice("shared", "合署办公", "shared", "合用|合署|与村委会合署"),
    _choice("none", "无用房", "none", "无"),
    _choice("unknown", "不明", "not known", "不详|未知"),
)
ARCHIVE_SEARCHES = (
    _choice("not_done", "未查", "not done", "未查档|未查询"),
    _choice("planned", "原规划有", "planned", "已规划|规划有|有规划"),
    _choice("not_planned", "原规划无", "not planned", "未规划|规划无|无规划"),
    _choice("inconclusive", "查无结论", "inconclusive", "资料缺失"),
)
RESOLUTION_PATHS = (
    _choice("return_by_developer", "责成开发商归还", "return by the developer", "归还|开发商归还"),
    _choice("enforce_duty", "追缴配建义务", "enforce the open duty", "落实配建"),
    _choice("renewal", "旧城改造优先解决", "renewal", "旧城改造|旧改"),
    _choice("idle_reuse", "置换闲置设施", "reuse of an idle facility", "闲置置换|置换|闲置设施"),
    _choice("livelihood_project", "民生工程", "livelihood project", "民生项目"),
    _choice("co_build", "帮建共建", "co-building", "共建|帮建"),
)
FACILITY_KINDS = (
    _choice("party_office", "党支部办公室", "party branch office"),
    _choice("committee_office", "居委会办公室", "committee office", "社区居委会办公室"),
    _choice("police_room", "警务室", "police room", "社区警务室"),
    _choice("library", "图书室", "library", "阅览室|图书室（阅览室）|社区图书室"),
    _choice("social_security_station", "低保和劳保工作站", "social security station", "低保劳保工作站|劳保站"),
    _choice("health_station", "计生卫生服务站", "health station", "卫生服务站|社区计生卫生服务站"),
    _choice("culture_sports_station", "文体活动站", "culture and sports station", "文体活动指导站"),
    _choice("outdoor_ground", "室外健身活动场所", "outdoor ground", "室外健身场|室外场地"),
    _choice("service_station", "社区服务站", "service station", "服务站"),
    _choice("one_stop_hall", "一站式服务大厅", "one-stop hall", "“一站式”服务大厅|服务大厅"),
    _choice("charity_shop", "慈善超市", "charity shop"),
    _choice("disabled_services", "残疾人服务设施", "services for the disabled", "助残设施"),
    _choice("elderly_day_care", "老年人日间照料", "elderly day care", "日间照料|老年人日间照料服务设施"),
)
OWNER_KINDS = (
    _choice("government", "政府机关", "government", "机关"),
    _choice("school", "学校", "school"),
    _choice("public_institution", "事业单位", "public institution"),
    _choice("state_enterprise", "国有企业", "state enterprise", "国企"),
    _choice("other", "其他", "other"),
)
OFFERED_PATHS = (
    _choice("open", "开放", "open", "开放使用|向居民开放|对外开放|错时开放"),
    _choice("exchange", "置换", "exchange", "调剂|互换|置换使用"),
    _choice("co_build", "共建", "build together", "共建共享|合作共建|帮建|联建|帮建共建"),
)
PRICE_USES = (
    _choice("community", "社区用房", "community premises"),
    _choice("residential", "住宅", "residential"),
    _choice("commercial", "商业", "commercial"),
)
NAME_KINDS = (
    _choice("district", "区县", "district"),
    _choice("community", "社区", "community"),
    _choice("project", "项目", "project", "开发项目"),
)

STAGES = (
    ("plan", "规划", "Plan", "planning", "详规|规划方案"),
    ("permit", "许可", "Permit", "planning", "工规证|工程许可"),
    ("survey", "实测", "As-built survey", "real_estate", "竣工|竣工实测|测绘"),
)
AREA_KINDS = (
    ("total", "总建筑面积", "total floor area", "建筑面积"),
    ("above_ground", "地上建筑面积", "floor area above ground", "地上面积"),
    ("residential", "住宅建筑面积", "residential floor area", "住宅面积"),
    ("counted", "计容建筑面积", "counted floor area", "计容面积"),
    ("below_ground", "地下建筑面积", "floor area below ground", "地下面积"),
)


def _stage_areas() -> tuple[Field, ...]:
    made = []
    for stage, stage_zh, stage_en, owner, stage_aliases in STAGES:
        for kind, kind_zh, kind_en, kind_alias in AREA_KINDS:
            stages = (stage_zh, *stage_aliases.split("|"))
            aliases = [s + k for s in stages for k in (kind_zh, kind_alias)][1:]
            if stage == "plan":
                aliases += [kind_zh, kind_alias, kind_en]  # an unmarked area in a planning ledger is the plan's
            made.append(_field(f"{stage}_{kind}_m2", "area", stage_zh + kind_zh, f"{stage_en} {kind_en}", "|".join(aliases), owner=owner))
    return tuple(made)


# fmt: off
TABLES: list[Table] = [
    _table(
        "districts", "区县", "districts", "civil_affairs",
        _field("district_code", "code", "区县代码", "district code", "行政区代码|行政区划代码|XZQDM", need=KEY),
        _field("district_name", "text", "区县名称", "district name", "行政区名称|区县|县区", need=REQUIRED),
        aliases="行政区",
    ),
    _table(
        "projects", "开发项目", "development projects", "planning",
        _field("project_id", "code", "项目编号", "project id", "项目编码|项目代码|工程编号", need=KEY),
        _field("project_name", "text", "项目名称", "project name", "工程名称|建设项目名称|楼盘名称|备案名|推广名|XMMC", need=REQUIRED),
        _field("development_id", "code", "整体开发编号", "development id", "总项目编号"),
        _field("phase_no", "integer", "期次", "phase", "分期|期数"),
        _field("phase_count", "integer", "总期数", "phases in all", "分期总数"),
        _field("developer_name", "text", "开发企业", "developer", "建设单位|开发商|建设单位名称|受让人|JSDW"),
        _field("developer_code", "code", "统一社会信用代码", "developer's credit code", "信用代码|组织机构代码|TYSHXYDM"),
        _field("district_code", "code", "区县", "district", "行政区代码|区县代码|行政区划代码|所属区县|所在区县|所属区|所在区|所属行政区|区县名称|行政区名称|XZQDM", need=REQUIRED),
        _field("community_code", "code", "所在社区代码", "community code", "社区代码", owner="civil_affairs"),
        _field("designated_community_code", "code", "指定接收社区代码", "designated community code", "民政指定社区|指定接收社区", owner="civil_affairs"),
        _field("address", "text", "地址", "address", "项目地址|坐落"),
        _field("uses", "choices", "用途", "uses", "规划用途|项目用途|建设性质|GHYT", choices=USES),
        _field("previous_developer_name", "text", "变更前开发企业", "previous developer", "原开发企业|原建设单位"),
        _field("developer_changed_on", "date", "建设单位变更日期", "developer changed on", "开发企业变更日期|项目转让日期"),
        _field("transfer_no", "code", "项目转让批准文号", "transfer approval no.", "转让备案号|转让文号"),
        _field("conditions_state_duty", "bool", "规划条件或出让合同载明配建", "planning conditions state the duty", "规划条件载明配建|出让合同载明配建"),
        _field("conditions_percent", "number", "条件或合同约定的配建比例（%）", "share that the conditions or contract state, percent",
               "合同约定配建比例|合同配建比例|约定配建比例|规划条件配建比例|出让合同配建比例"),
        _field("conditions_base", "choice", "条件或合同约定的计算基数", "base that the conditions or contract state",
               "合同约定计算基数|合同计算基数|约定基数|规划条件计算基数", choices=CONTRACT_BASES),
        _field("conditions_area_m2", "area", "条件或合同约定的配建面积", "area that the conditions or contract state",
               "合同约定配建面积|合同配建面积|约定配建面积|规划条件配建面积|出让合同配建面积"),
        _field("project_status", "choice", "项目状态", "status of the project", "状态|建设状态|工程状态", choices=PROJECT_STATUSES),
        _field("project_status_on", "date", "状态日期", "status since", "项目状态日期|状态变更日期|状态时间"),
        _field("status_document_no", "code", "状态文号", "document of the status, no.", "项目状态文号|状态依据文号|状态批准文号"),
        _field("successor_project_ids", "text", "承继项目编号", "projects that carry the duty on", "并入项目|并入项目编号|承继项目|合并后项目编号|分立后项目编号"),
        _field("land_acquired_on", "date", "取得土地日期", "land acquired on", "土地出让日期|签订日期"),
        _field("land_area_m2", "area", "用地面积", "site area", "建设用地面积|土地面积|宗地面积|ZDMJ"),
        *_stage_areas(),
        _field("far_permitted", "number", "规划容积率", "permitted floor area ratio", "容积率|RJL"),
        _field("households", "integer", "规划户数", "planned households", "户数|总套数|HS"),
        _field("plan_approved_on", "date", "详规批准日期", "detailed plan approved on", "规划方案批复日期|详细规划批准日期|方案批准日期"),
        _field("plan_states_place", "bool", "详规载明位置", "plan states the place", "载明位置"),
        _field("plan_states_floor", "bool", "详规载明楼层", "plan states the floor", "载明楼层"),
        _field("plan_states_area_m2", "area", "详规载明用房面积", "area of premises stated in the plan", "载明面积|社区用房面积|公益性用房面积"),
        _field("plan_amended_on", "date", "详规变更日期", "plan amended on", "规划变更日期|方案变更日期"),
        _field("amendment_touches_premises", "bool", "变更涉及用房", "the amendment touches premises", "变更涉及社区用房"),
        _field("refiled_on", "date", "重新备案日期", "filed again on", "变更备案日期", owner="civil_affairs"),
        _field("stated_premises_percent", "number", "台账所列用房占比（%）", "share of premises as stated, percent", "用房占比|配建比例"),
        _field("development_total_m2", "area", "整体开发总建筑面积", "total floor area of the whole development", "整体总建筑面积|各期合计建筑面积"),
        _field("phase_plan_no", "code", "分期移交计划文号", "phase plan document no.", "分期计划文号"),
        _field("filed_on", "date", "备案日期", "filed on", "民政备案日期", owner="civil_affairs"),
        _field("filing_no", "code", "备案号", "filing no.", "民政备案号", owner="civil_affairs"),
        _field("permit_no", "code", "工规证号", "planning permit no.", "建设工程规划许可证号|建字第"),
        _field("permitted_on", "date", "工规证日期", "planning permit issued on", "建设工程规划许可证日期|许可日期"),
        _field("started_on", "date", "开工日期", "started on", "实际开工日期", owner="housing"),
        _field("completed_on", "date", "竣工日期", "completed on", "竣工验收日期|竣工验收(备案)日期", owner="housing"),
        _field("planning_accepted_on", "date", "规划验收日期", "planning acceptance on", "规划核实日期|规划条件核实日期"),
        _field("completion_filed_on", "date", "竣工备案日期", "completion filed on", "竣工验收备案日期", owner="housing"),
        _field("delivered_on", "date", "交付日期", "delivered to buyers on", "交房日期|入住日期", owner="housing"),
        _field("in_renewal_area", "bool", "旧城改造范围内", "in a renewal area", "旧改范围"),
        _field("premises_register_complete", "bool", "用房台账已报全", "register of premises complete", "用房台账完整|用房已报全", owner="real_estate"),
        _field("exemption_kind", "text", "免除类别", "kind of exemption", "减免类别|豁免类别"),
        _field("exemption_no", "code", "免除文号", "exemption document no.", "减免文号|豁免文号"),
        _field("exemption_on", "date", "免除日期", "exemption dated", "减免日期|豁免日期"),
        aliases="项目|项目台账|开发项目台账",
    ),
    _table(
        "parcels", "宗地", "parcels", "planning",
        _field("parcel_id", "code", "宗地编号", "parcel id", "宗地代码|地块编号|地籍号|ZDDM|DKBH|DJH", need=KEY),
        _field("project_id", "code", "项目编号", "project id", "项目编码|项目代码|XMBH"),
        _field("unit_code", "code", "不动产单元号", "real-estate unit code", "BDCDYH"),
        _field("land_area_m2", "area", "宗地面积", "parcel area as recorded", "用地面积|土地面积|ZDMJ"),
        _field("land_use_code", "code", "用地性质", "land-use code", "用地性质代码|YDXZ|土地用途|TDYT"),
        _field("far_permitted", "number", "容积率", "permitted floor area ratio", "规划容积率|RJL"),
        _field("geometry", "geometry", "边界", "boundary", need=REQUIRED),
        aliases="地块|地籍|cadastre",
    ),
    _table(
        "premises", "公益性用房", "premises", "real_estate",
        _field("premises_id", "code", "用房编号", "premises id", "用房编码", need=KEY),
        _field("project_id", "code", "项目编号", "project id", "项目编码|项目代码", need=REQUIRED),
        _field("kind", "choice", "用房类别", "kind of rooms", "用房类型|用房性质", choices=PREMISES_KINDS),
        _field("planned_m2", "area", "规划面积", "planned area", "规划用房面积", owner="planning"),
        _field("permitted_m2", "area", "许可面积", "permitted area", "工规证面积|许可用房面积", owner="planning"),
        _field("surveyed_m2", "area", "实测面积", "surveyed area", "竣工面积|实测用房面积"),
        _field("building", "text", "楼栋", "building", "幢号|栋号|位置"),
        _field("floor_from", "integer", "起始楼层", "from floor", "楼层|所在层|所在楼层"),
        _field("floor_to", "integer", "终止楼层", "to floor", "至楼层"),
        _field("basement", "bool", "地下室", "basement", "是否地下"),
        _field("stilt", "bool", "架空层", "stilt floor", "是否架空层"),
        _field("own_entrance", "bool", "独立出入口", "own entrance", "独立出入"),
        _field("storey_height_m", "number", "层高", "storey height"),
        _field("has_lift", "bool", "有电梯", "has a lift", "是否有电梯|电梯"),
        _field("daylit", "bool", "有采光通风", "daylight and ventilation", "采光通风"),
        _field("temporary", "bool", "临时建筑", "temporary building", "是否临时"),
        _field("off_site_approval_no", "code", "异地配建批准文号", "off-site approval no.", "异地建设批准文号", owner="planning"),
        _field("counts_toward", "choice", "计入义务", "counts toward", "计入何种义务|计入类别", choices=DUTIES),
        _field("filed_m2", "area", "备案面积", "area as filed", "备案用房面积", owner="civil_affairs"),
        _field("filed_building", "text", "备案楼栋", "building as filed", "备案幢号|备案位置", owner="civil_affairs"),
        _field("filed_floor", "integer", "备案楼层", "floor as filed", "备案所在层", owner="civil_affairs"),
        _field("current_use", "choice", "现状用途", "current use", "实际用途|目前用途", choices=ROOM_USES),
        _field("use_changed_on", "date", "改变用途日期", "use changed on", "用途变更日期"),
        _field("use_changed_by", "choice", "改变用途人", "use changed by", "用途变更人|改变用途单位", choices=CHANGERS),
        _field("title_no", "code", "产权证号", "title no.", "不动产权证号|房产证号"),
        _field("title_holder", "text", "产权人", "title holder", "权利人"),
        _field("title_holder_kind", "choice", "产权人类别", "kind of title holder", "权利人类别|权利人类型", choices=TITLE_HOLDERS),
        _field("title_use", "choice", "登记用途", "use in the register", "产权登记用途|证载用途", choices=ROOM_USES),
        _field("encumbrance", "choice", "抵押查封", "encumbrance", "权利限制|他项权利", choices=ENCUMBRANCES),
        _field("vacant_since", "date", "空置起始", "vacant since", "闲置起始|空置日期", owner="civil_affairs"),
        _field("titled_on", "date", "登记日期", "titled on", "发证日期"),
        _field("unit_code", "code", "不动产单元号", "real-estate unit code", "BDCDYH"),
        _field("geometry", "geometry", "位置点", "location"),
        aliases="用房|社区用房|公益性用房台账",
    ),
    _table(
        "handovers", "移交", "handovers", "civil_affairs",
        _field("handover_id", "code", "移交编号", "handover id", "移交协议编号|移交单号", need=KEY),
        _field("project_id", "code", "项目编号", "project id", "项目编码|项目代码", need=REQUIRED),
        _field("premises_id", "code", "用房编号", "premises id", "用房编码", owner="civil_affairs"),
        _field("community_code", "code", "接收社区代码", "receiving community code", "社区代码"),
        _field("recipient_name", "text", "接收单位", "recipient", "移交对象|接收人"),
        _field("recipient_kind", "choice", "接收单位类别", "kind of recipient", "接收单位性质", choices=RECIPIENTS),
        _field("area_m2", "area", "移交面积", "area handed over", "接收面积", need=REQUIRED),
        _field("building", "text", "移交楼栋", "building handed over", "移交幢号"),
        _field("floor", "integer", "移交楼层", "floor handed over", "移交所在层"),
        _field("approval_no", "code", "调换批准文号", "swap approval no.", "调整批准文号"),
        _field("condition", "choice", "移交附加条件", "condition attached", "附加条件|移交条件", choices=HANDOVER_CONDITIONS),
        _field("agreed_on", "date", "移交协议日期", "agreed on", "协议日期"),
        _field("handed_over_on", "date", "移交日期", "handed over on", "实际移交日期|接收日期"),
        _field("receipt_no", "code", "移交凭证号", "receipt no.", "凭证号"),
        _field("price_yuan", "money", "移交价款", "price", "价款"),
        aliases="移交台账|用房移交",
    ),
    _table(
        "payments", "折资", "payments in lieu", "housing",
        _field("payment_id", "code", "缴款编号", "payment id", "折资编号", need=KEY),
        _field("project_id", "code", "项目编号", "project id", "项目编码|项目代码", need=REQUIRED),
        _field("amount_yuan", "money", "折资金额", "amount", "折成资金|缴款金额", need=REQUIRED),
        _field("due_on", "date", "应缴日期", "due on", "缴款期限"),
        _field("received_on", "date", "到账日期", "received on", "缴款日期|入账日期"),
        _field("agreement_no", "code", "折资协议号", "agreement no.", "协议号|协议编号"),
        _field("agreed_on", "date", "折资协议日期", "agreed on", "协议日期|协议签订日期"),
        _field("unit_price_yuan_per_m2", "money", "折资单价", "unit price", "单价"),
        _field("price_approval_no", "code", "单价批准文号", "document approving the price", "折资单价批准文号"),
        _field("receipt_no", "code", "票据号", "receipt no.", "收据号"),
        _field("account", "text", "收款账户", "account", "账户"),
        _field("credited_community_code", "code", "拨付社区代码", "credited community code", "拨付社区"),
        _field("credited_on", "date", "拨付日期", "credited on", "拨付社区日期"),
        _field("spent_on", "choice", "资金使用去向", "spent on", "使用去向|资金用途", choices=MONEY_USES, owner="civil_affairs"),
        _field("refunded_on", "date", "折资退还日期", "refunded on", "退款日期"),
        aliases="折资台账|折资缴款",
    ),
    _table(
        "deposits", "保证金", "deposits (events)", "housing",
        _field("event_id", "code", "流水号", "event id", "保证金流水号", need=KEY),
        _field("project_id", "code", "项目编号", "project id", "项目编码|项目代码", need=REQUIRED),
        _field("event", "choice", "事项", "event", "收支事项|类型", need=REQUIRED, choices=DEPOSIT_EVENTS),
        _field("amount_yuan", "money", "金额", "amount", "保证金金额|发生额|BZJJE", need=REQUIRED),
        _field("event_on", "date", "日期", "date", "发生日期|缴存日期", need=REQUIRED),
        _field("receipt_no", "code", "票据号", "receipt no.", "收据号"),
        _field("decision_no", "code", "决定文号", "decision no.", "处理文号"),
        _field("legal_basis", "text", "依据", "legal basis", "法律依据"),
        _field("basis_kind", "choice", "依据类别", "kind of legal basis", "依据种类|依据性质", choices=DEPOSIT_BASES),
        _field("booked_to", "choice", "入账去向", "booked to", "款项去向|入账账户类别", choices=MONEY_BOOKED_TO),
        _field("notice_on", "date", "告知日期", "notice given on", "事先告知日期"),
        _field("hearing_offered", "bool", "已告知听证权", "hearing offered", "听证告知"),
        _field("guarantee_no", "code", "保函号", "guarantee no.", "保函编号"),
        _field("renews_no", "code", "续保原保函号", "guarantee that it renews", "原保函号|续保原票据号"),
        _field("guarantee_expires_on", "date", "保函到期日", "guarantee expires on", "保函有效期"),
        _field("community_code", "code", "拨付社区代码", "community code", "社区代码"),
        _field("spent_on", "choice", "资金使用去向", "spent on", "使用去向|资金用途", choices=MONEY_USES, owner="civil_affairs"),
        aliases="保证金台账|保证金流水",
    ),
    _table(
        "demands", "催告", "demands", "housing",
        _field("demand_id", "code", "催告编号", "demand id", need=KEY),
        _field("project_id", "code", "项目编号", "project id", "项目编码|项目代码", need=REQUIRED),
        _field("served_on", "date", "送达日期", "served on", need=REQUIRED),
        _field("deadline_on", "date", "限期", "deadline", "履行期限|限期日期", need=REQUIRED),
        _field("document_no", "code", "催告文号", "document no.", "文号"),
        _field("extended_to", "date", "延期至", "extended to", "延长至"),
        _field("extension_no", "code", "延期文号", "extension document no.", "延期批准文号"),
        aliases="催告台账",
    ),
    _table(
        "communities", "社区", "communities", "civil_affairs",
        _field("community_code", "code", "社区代码", "community code", "社区编码|SQDM", need=KEY),
        _field("community_name", "text", "社区名称", "community name", "名称|社区|SQMC", need=REQUIRED),
        _field("kind", "choice", "社区类型", "kind of community", "类型|SQLX", choices=COMMUNITY_KINDS),
        _field("district_code", "code", "区县", "district", "行政区代码|区县代码|所属区县|所在区县|所属区|所在区|所属行政区|区县名称|行政区名称|XZQDM", need=REQUIRED),
        _field("street", "text", "街道", "street", "街道（镇）|街道(镇)|街道办"),
        _field("population", "integer", "人口", "population", "常住人口|RKS"),
        _field("households", "integer", "户数", "households", "HS"),
        _field("project_supported", "bool", "已得项目支持", "project support received", "项目支持"),
        _field("valid_from", "date", "设立日期", "valid from"),
        _field("valid_to", "date", "撤销日期", "valid to"),
        _field("successor_code", "code", "承继社区代码", "successor's code", "并入社区代码"),
        _field("geometry", "geometry", "边界", "boundary"),
        aliases="社区名录",
    ),
    _table(
        "offices", "社区办公用房", "community offices", "civil_affairs",
        _field("office_id", "code", "办公用房编号", "office id", "办公用房编码", need=KEY),
        _field("community_code", "code", "社区代码", "community code", "社区编码", need=REQUIRED),
        _field("tenure", "choice", "用房性质", "tenure", "权属性质|房屋性质|使用方式", need=REQUIRED, choices=TENURES),
        _field("tenure_text", "text", "用房情况说明", "tenure as described", "情况说明"),
        _field("area_m2", "area", "办公用房面积", "office area", "用房面积|面积"),
        _field("outdoor_m2", "area", "室外活动场地面积", "outdoor area", "室外面积|室外场地面积"),
        _field("since", "date", "使用起始", "since", "使用起始日期|租借起始"),
        _field("lease_end", "date", "租期至", "lease ends on", "租约到期日|租期"),
        _field("shared_m2", "area", "其中合用面积", "of which shared", "合用面积|共享面积"),
        _field("relocation_plan_no", "code", "过渡安置方案文号", "relocation plan no.", "安置方案文号|过渡方案"),
        _field("rent_yuan_per_year", "money", "年租金", "rent per year", "租金"),
        _field("lessor", "text", "出租（借）方", "lessor", "出租方|出借方|出租(借)方"),
        _field("title_no", "code", "产权证号", "title no.", "不动产权证号|房产证号"),
        _field("built_on", "date", "建成时间", "built on", "建成年份"),
        _field("demolition_risk", "bool", "面临拆迁", "faces demolition", "拆迁风险"),
        _field("archive_search", "choice", "规划查档结果", "archive search", "查档结果|查档", choices=ARCHIVE_SEARCHES, owner="planning"),
        _field("plan_project_id", "code", "原规划项目编号", "project in the old plan", "查档项目编号", owner="planning"),
        _field("plan_premises_id", "code", "原规划用房编号", "premises in the old plan", "查档用房编号", owner="planning"),
        _field("resolution_path", "choice", "处置方式", "resolution path", "解决方式|解决途径", choices=RESOLUTION_PATHS),
        _field("resolution_due_on", "date", "处置期限", "resolution due on", "解决期限"),
        _field("resolved_on", "date", "处置完成日期", "resolved on", "解决日期"),
        _field("geometry", "geometry", "位置点", "location"),
        aliases="办公用房|办公用房台账",
    ),
    _table(
        "community_facilities", "社区服务设施", "community facilities", "civil_affairs",
        _field("community_code", "code", "社区代码", "community code", "社区编码", need=KEY),
        _field("kind", "choice", "设施类别", "kind of facility", "设施类型|设施名称", need=KEY, choices=FACILITY_KINDS),
        _field("area_m2", "area", "设施面积", "area", "面积"),
        aliases="社区设施|服务设施",
    ),
    _table(
        "idle_facilities", "闲置设施", "idle public facilities", "real_estate",
        _field("facility_id", "code", "设施编号", "facility id", "设施编码", need=KEY),
        _field("name", "text", "设施名称", "name", "名称"),
        _field("owner", "text", "权属单位", "owner", "产权单位|所有权人"),
        _field("owner_kind", "choice", "权属单位类别", "kind of owner", "产权单位类别", choices=OWNER_KINDS),
        _field("kind", "text", "设施类型", "kind", "设施类别|类型"),
        _field("area_m2", "area", "设施建筑面积", "floor area", "建筑面积|面积"),
        _field("usable_m2", "area", "可用面积", "usable area", "可利用面积"),
        _field("outdoor_m2", "area", "室外场地面积", "outdoor area", "室外面积"),
        _field("use_rate", "number", "利用率", "use rate", "使用率"),
        _field("open_to_residents", "bool", "向居民开放", "open to residents", "是否开放"),
        _field("opening_hours", "text", "开放时间", "opening hours", "开放时段|对外开放时间"),
        _field("capacity_persons", "integer", "可容纳人数", "capacity, persons", "容纳人数|可容人数|接待能力"),
        _field("offered_path", "choices", "权属单位意向", "what the owner offers", "意向|可提供方式|拟提供方式", choices=OFFERED_PATHS),
        _field("available_from", "date", "可用日期", "available from", "可移交日期"),
        _field("geometry", "geometry", "位置点", "location"),
        aliases="闲置公共设施|闲置设施台账",
    ),
    _table(
        "unit_prices", "折资单价", "unit prices in lieu", "housing",
        _field("zone", "text", "片区", "zone", "区域|价格区", need=KEY),
        _field("use", "choice", "用途", "use", "房屋用途", need=KEY, choices=PRICE_USES),
        _field("from_on", "date", "起始日期", "from", "执行起始|生效日期", need=KEY),
        _field("to_on", "date", "截止日期", "to", "执行截止|失效日期"),
        _field("price_yuan_per_m2", "money", "折资单价", "price", "单价|价格", need=REQUIRED),
        _field("source", "text", "价格依据", "source", "依据|文号"),
        aliases="折资价格|单价表",
    ),
    _table(
        "decisions", "联席会议决定", "joint meeting's decisions", "housing",
        _field("decision_id", "code", "决定编号", "decision id", "会议决定编号", need=KEY),
        _field("project_id", "code", "项目编号", "project id", "项目编码|项目代码", need=REQUIRED),
        _field("premises_id", "code", "用房编号", "premises id", "用房编码"),
        _field("matter", "choice", "决定事由", "matter", "议题|决定内容", need=REQUIRED, choices=DECISION_MATTERS),
        _field("conclusion", "choice", "会议结论", "conclusion", "议定结果|结论", choices=CONCLUSIONS),
        _field("decided_on", "date", "会议日期", "decided on", "决定日期"),
        _field("minutes_no", "code", "会议纪要号", "minutes no.", "纪要编号"),
        _field("due_on", "date", "办理期限", "due on", "限期办结|整改期限"),
        _field("fulfilled_on", "date", "办结日期", "fulfilled on", "落实日期|归还日期"),
        _field("credit_recorded_on", "date", "信用档案记录日期", "credit recorded on", "计入信用档案日期"),
        _field("credit_record_no", "code", "信用记录编号", "credit record no.", "信用档案编号"),
        aliases="会议决定|联席会议台账",
    ),
    _table(
        "reported_figures", "上报统计", "figures as reported", "civil_affairs",
        _field("figure_id", "code", "统计编号", "figure id", "统计序号", need=KEY),
        _field("figure", "choice", "统计指标", "figure", "指标|统计项目", need=REQUIRED, choices=FIGURES),
        _field("district_code", "code", "区县", "district (blank: whole city)", "行政区代码|区县代码|区县名称|行政区名称"),
        _field("stated", "number", "上报数", "as stated", "上报值|填报数", need=REQUIRED),
        _field("source", "text", "上报出处", "source", "出处|文件"),
        aliases="上报数字|统计表",
    ),
    _table(
        "renewal_areas", "旧城改造范围", "renewal areas", "planning",
        _field("renewal_id", "code", "改造片区编号", "renewal area id", "片区编号", need=KEY),
        _field("name", "text", "改造片区名称", "name", "片区名称|名称"),
        _field("planned_start_on", "date", "计划启动日期", "planned start", "启动日期"),
        _field("geometry", "geometry", "范围", "boundary", need=REQUIRED),
        aliases="旧改片区|改造片区",
    ),
    _table(
        "confirmed_names", "名称对照", "confirmed names", "civil_affairs",
        _field("kind", "choice", "对照类别", "kind of name", "类别|名称类别", need=KEY, choices=NAME_KINDS),
        _field("told_name", "text", "报送名称", "name as delivered", "原名称|原写法|报送写法", need=KEY),
        _field("meant_id", "code", "所指编号", "id that it means", "对应编号|对应代码|所指代码", need=REQUIRED),
        _field("confirmed_by", "text", "确认人", "confirmed by", need=REQUIRED),
        _field("confirmed_on", "date", "确认日期", "confirmed on", need=REQUIRED),
        aliases="对照|对照表",
    ),
    _table(
        "corrections", "更正登记", "corrections", "civil_affairs",
        _field("file", "text", "更正的文件", "file corrected", "所在文件|文件名|文件|file", need=KEY),
        _field("record_key", "code", "更正的记录编号", "id of the record corrected", "所在记录编号|记录编号|记录|编号|key|id", need=KEY),
        _field("field_name", "text", "更正的字段", "field corrected", "字段|栏目|field", need=KEY),
        _field("sheet", "text", "更正的工作表", "sheet corrected", "所在工作表|工作表|sheet"),
        _field("old_value", "text", "原值", "old value", "更正前|更正前的值|old"),
        _field("new_value", "text", "更正值", "new value", "更正后|更正后的值|新值|new"),
        _field("reason", "text", "更正理由", "reason of the correction", "更正依据|理由|reason", need=REQUIRED),
        _field("corrected_by", "text", "更正人", "corrected by", "who", need=REQUIRED),
        _field("corrected_on", "date", "更正日期", "corrected on", "when", need=KEY),
        _field("valid_to", "date", "更正有效期至", "correction valid until", "更正失效日期|有效期至|有效至|until"),
        aliases="更正|更正表|更正台账|数据更正登记",
    ),
]

# fmt: on
BY_NAME = {table.name: table for table in TABLES}
#: The tables whose rows are records of something; the others say how to read them.
RECORDS = [table for table in TABLES if table.name not in ("confirmed_names", "corrections")]
#: Those of them that ship, whatever is in force.
BUNDLED = tuple(RECORDS)
