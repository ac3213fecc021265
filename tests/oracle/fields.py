"""Which column of which sheet of the bundled city and of the invented cities is which field; an auditor's list, not the package's."""

from __future__ import annotations

STAGES = {"plan": ("规划", ""), "permit": ("许可",), "survey": ("实测", "竣工", "竣工实测")}
KINDS = {
    "total": "总建筑面积",
    "above_ground": "地上建筑面积",
    "residential": "住宅建筑面积",
    "counted": "计容建筑面积",
    "below_ground": "地下建筑面积",
}

#: sheet or file name -> table
SHEETS = {
    "开发项目台账": "projects", "规划与许可指标": "projects", "减免文件": "projects", "项目竣工": "projects", "项目竣工测绘": "projects",
    "项目备案": "projects", "项目状态变更": "projects", "出让合同约定": "projects",
    "公益性用房规划": "premises", "用房现状": "premises", "用房备案": "premises", "用房移交": "handovers",
    "折资缴款": "payments", "保证金流水": "deposits", "催告": "demands", "折资单价": "unit_prices", "社区名录": "communities",
    "联席会议决定": "decisions", "办公用房台账": "offices", "社区边界": "communities", "宗地": "parcels",
}  # fmt: skip

COLUMNS = {
    "projects": {
        "项目编号": "project_id", "项目名称": "project_name", "整体开发编号": "development_id", "期次": "phase_no", "总期数": "phase_count",
        "区县代码": "district_code", "规划用途": "uses", "土地出让日期": "land_acquired_on", "规划方案批复日期": "plan_approved_on",
        "规划条件载明配建": "conditions_state_duty", "所在社区代码": "community_code", "指定接收社区代码": "designated_community_code",
        "详规载明用房面积": "plan_states_area_m2", "工规证日期": "permitted_on", "规划验收日期": "planning_accepted_on",
        "竣工验收日期": "completed_on", "交房日期": "delivered_on", "用房台账完整": "premises_register_complete",
        "分期计划文号": "phase_plan_no", "实际开工日期": "started_on", "项目状态": "project_status", "状态日期": "project_status_on",
        "承继项目编号": "successor_project_ids",
        "合同约定配建比例": "conditions_percent", "合同约定计算基数": "conditions_base", "合同约定配建面积": "conditions_area_m2",
        "条件或合同约定的配建比例": "conditions_percent", "条件或合同约定的计算基数": "conditions_base", "条件或合同约定的配建面积": "conditions_area_m2",
        **{f"{prefix}{word}": f"{stage}_{kind}_m2" for stage, words in STAGES.items() for prefix in words for kind, word in KINDS.items()},
    },
    "premises": {
        "用房编号": "premises_id", "项目编号": "project_id", "用房类别": "kind", "规划用房面积": "planned_m2", "许可用房面积": "permitted_m2",
        "实测面积": "surveyed_m2", "楼栋": "building", "起始楼层": "floor_from", "是否地下": "basement", "是否架空层": "stilt",
        "计入义务": "counts_toward", "是否临时": "temporary", "层高": "storey_height_m", "房产证号": "title_no", "不动产单元号": "unit_code",
        "经度": "lon", "纬度": "lat",
    },
    "handovers": {
        "移交协议编号": "handover_id", "项目编号": "project_id", "用房编号": "premises_id", "接收社区代码": "community_code",
        "接收单位": "recipient_name", "接收单位性质": "recipient_kind", "移交面积": "area_m2", "实际移交日期": "handed_over_on",
        "移交价款": "price_yuan", "附加条件": "condition",
    },
    "payments": {
        "缴款编号": "payment_id", "项目编号": "project_id", "折资金额": "amount_yuan", "到账日期": "received_on", "折资协议号": "agreement_no",
        "协议日期": "agreed_on", "单价": "unit_price_yuan_per_m2", "单价批准文号": "price_approval_no", "退款日期": "refunded_on",
        "应缴日期": "due_on", "票据号": "receipt_no",
    },
    "deposits": {
        "流水号": "event_id", "项目编号": "project_id", "收支事项": "event", "金额": "amount_yuan", "发生日期": "event_on", "票据号": "receipt_no",
        "保函到期日": "guarantee_expires_on", "保函号": "guarantee_no", "续保原保函号": "renews_no",
    },
    "demands": {
        "催告编号": "demand_id", "项目编号": "project_id", "送达日期": "served_on", "限期": "deadline_on", "延期至": "extended_to",
        "延期批准文号": "extension_no",
    },
    "decisions": {
        "决定编号": "decision_id", "项目编号": "project_id", "决定事由": "matter", "会议结论": "conclusion", "会议日期": "decided_on",
    },
    "unit_prices": {"片区": "zone", "房屋用途": "use", "执行起始": "from_on", "执行截止": "to_on", "单价": "price_yuan_per_m2"},
    "communities": {
        "社区代码": "community_code", "社区名称": "community_name", "区县代码": "district_code", "设立日期": "valid_from", "撤销日期": "valid_to",
        "承继社区代码": "successor_code", "SQDM": "community_code",
    },
    "offices": {"办公用房编号": "office_id", "社区代码": "community_code", "用房性质": "tenure", "使用起始": "since",
                "经度": "lon", "纬度": "lat", "处置完成日期": "resolved_on"},
    "parcels": {"宗地代码": "parcel_id", "项目编号": "project_id", "宗地面积": "land_area_m2"},
}  # fmt: skip

KEYS = {
    "projects": ("project_id",), "premises": ("premises_id",), "handovers": ("handover_id",), "payments": ("payment_id",),
    "deposits": ("event_id",), "demands": ("demand_id",), "communities": ("community_code",), "offices": ("office_id",),
    "parcels": ("parcel_id",), "decisions": ("decision_id",), "unit_prices": ("zone", "use", "from_on"),
}  # fmt: skip
NEEDED = {
    "premises": ("project_id",), "handovers": ("project_id", "area_m2"), "payments": ("project_id", "amount_yuan"),
    "deposits": ("project_id", "event", "amount_yuan", "event_on"), "demands": ("project_id", "served_on", "deadline_on"),
    "unit_prices": ("price_yuan_per_m2",),
}  # fmt: skip

DATES = {
    "land_acquired_on", "plan_approved_on", "permitted_on", "planning_accepted_on", "completed_on",
    "delivered_on", "started_on", "project_status_on",
    "handed_over_on", "received_on", "agreed_on", "due_on", "refunded_on", "event_on", "guarantee_expires_on",
    "served_on", "deadline_on", "extended_to",
    "from_on", "to_on", "valid_from", "valid_to", "resolved_on", "since", "decided_on",
}  # fmt: skip
#: Days of what has happened by the day of the delivery.
HAPPENED = {
    "handovers": ("handed_over_on",),
    "payments": ("received_on", "refunded_on"),
    "demands": ("served_on",),
    "decisions": ("decided_on",),
}
WHOLE = {"phase_no", "phase_count", "floor_from"}
#: Written, and neither yes nor no.
UNREAD = "?"
TRUTHS = {"conditions_state_duty", "premises_register_complete", "basement", "stilt", "temporary"}

COMMUNITY, PROPERTY, OWNERS = "community", "property_management", "owners_committee"
WORDS = {
    "uses": {
        "住宅": "residential", "商业": "commercial", "办公": "office", "工业": "industrial", "公共服务": "public", "停车": "parking", "其他": "other",
    },
    "kind": {"社区用房": COMMUNITY, "物业用房": PROPERTY, "业委会用房": OWNERS, "其他配套用房": "other"},
    "counts_toward": {"社区用房义务": "community", "其他配建义务": "other_duty", "不计入": "none"},
    "recipient_kind": {
        "社区居委会": "committee", "街道办": "street", "民政部门": "civil_affairs", "物业公司": "property_company", "业委会": "owners_committee",
        "开发企业关联方": "developer_affiliate", "其他": "other",
    },
    "condition": {"无附加条件": "none", "租赁": "lease", "限期使用": "limited_term", "其他条件": "other"},
    "event": {"应缴": "due", "缴存": "paid", "退还": "refunded", "没收": "forfeited", "抵扣": "offset", "拨付社区": "credited"},
    "use": {"社区用房": "community", "住宅": "residential", "商业": "commercial"},
    "project_status": {
        "拟建": "planned", "已许可": "permitted", "在建": "building", "竣工": "completed", "停建": "stalled",
        "撤销": "cancelled", "合并": "merged", "分立": "split",
    },
    "matter": {
        "擅改用途": "change_of_use", "责令归还": "return_order", "没收保证金": "forfeiture", "延期": "extension", "其他": "other",
    },
    "conclusion": {"认定": "confirmed", "不予认定": "dismissed", "暂缓": "deferred"},
    "conditions_base": {"总建筑面积": "total", "地上建筑面积": "above_ground", "住宅建筑面积": "residential", "计容建筑面积": "counted"},
    "tenure": {
        "自有（有产权）": "owned_titled", "自有（无产权）": "owned_untitled", "政府调配": "government_allocated", "租用": "rented", "借用": "borrowed",
        "协调使用": "coordinated", "临时用房": "temporary", "合署办公": "shared", "无用房": "none", "不明": "unknown",
    },
}  # fmt: skip
BLANK = {"", "-", "—", "——", "/", "不详", "待定", "无", "未知"}
