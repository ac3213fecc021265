"""Who sends what: the files, sheets and headers of the four bureaus.

A header is any label or alias of ``planning_check.schema``, with a unit in brackets or not; each bureau sends only the
columns that it keeps, beside the number of the development, room or office. ``days``: how the sheet writes dates.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sheet:
    """One sheet: ``columns`` are pairs field=header, separated by blanks; ``point`` appends 经度 and 纬度."""

    file: str
    name: str
    table: str
    columns: str
    title: str = ""
    days: str = "cell"  # cell: a date of the spreadsheet; iso: 2009-05-12; zh: 2009年5月12日
    point: bool = False

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [(field, header) for field, header in (pair.split("=") for pair in self.columns.split())]


REGISTER, ROOMS = "规划局/开发项目台账.xlsx", "规划局/公益性用房规划.xlsx"
HOUSING = "住建局/竣工与保证金.xlsx"
PEOPLE, HANDOVERS = "民政局/社区名录与办公用房.xlsx", "民政局/备案与移交.xlsx"
ESTATE_BUREAU, IDLE = "房管局/用房现状.xlsx", "房管局/闲置设施.csv"
PARCELS, BORDERS = "规划局/宗地与旧城改造.gpkg", "民政局/社区边界.gpkg"

SHEETS = (
    Sheet(REGISTER, "开发项目台账", "projects",
          "project_id=项目编号 project_name=项目名称 development_id=整体开发编号 phase_no=期次 phase_count=总期数 developer_name=建设单位 "
          "developer_code=统一社会信用代码 previous_developer_name=变更前开发企业 district_code=区县代码 address=项目地址 uses=规划用途 land_acquired_on=土地出让日期 "
          "land_area_m2=建设用地面积(㎡) far_permitted=容积率 households=规划户数 plan_approved_on=规划方案批复日期 "
          "plan_amended_on=详规变更日期 amendment_touches_premises=变更涉及用房 "
          "conditions_state_duty=规划条件载明配建 development_total_m2=整体总建筑面积(㎡) phase_plan_no=分期计划文号 in_renewal_area=旧改范围",
          title="棠川市房地产开发项目台账（截至2011年6月30日）"),
    Sheet(REGISTER, "规划与许可指标", "projects",
          "project_id=项目编号 plan_total_m2=总建筑面积(㎡) plan_above_ground_m2=地上建筑面积(㎡) "
          "plan_residential_m2=住宅建筑面积(㎡) plan_below_ground_m2=地下建筑面积(㎡) "
          "plan_counted_m2=计容建筑面积(㎡) plan_states_place=详规载明位置 plan_states_floor=详规载明楼层 "
          "plan_states_area_m2=详规载明用房面积(㎡) stated_premises_percent=用房占比 "
          "permit_no=工规证号 permitted_on=工规证日期 permit_total_m2=许可总建筑面积(㎡) permit_above_ground_m2=许可地上建筑面积(㎡) "
          "permit_residential_m2=许可住宅建筑面积(㎡) permit_counted_m2=许可计容建筑面积(㎡) permit_below_ground_m2=许可地下建筑面积(㎡) planning_accepted_on=规划验收日期"),
    Sheet(REGISTER, "减免文件", "projects", "project_id=项目编号 exemption_kind=减免类别 exemption_no=减免文号 exemption_on=减免日期", days="zh"),
    Sheet(REGISTER, "项目状态变更", "projects",
          "project_id=项目编号 project_status=项目状态 project_status_on=状态日期 status_document_no=状态文号 successor_project_ids=承继项目编号"),
    Sheet(REGISTER, "出让合同约定", "projects",
          "project_id=项目编号 conditions_percent=合同约定配建比例 conditions_base=合同约定计算基数 conditions_area_m2=合同约定配建面积(㎡)"),
    Sheet(ROOMS, "公益性用房规划", "premises",
          "premises_id=用房编号 project_id=项目编号 kind=用房类别 planned_m2=规划用房面积(平方米) permitted_m2=许可用房面积(平方米) building=楼栋 "
          "floor_from=起始楼层 floor_to=终止楼层 basement=是否地下 stilt=是否架空层 has_lift=电梯 counts_toward=计入义务 "
          "temporary=是否临时 off_site_approval_no=异地配建批准文号", title="开发项目配套公益性用房规划情况表"),
    Sheet(ROOMS, "办公用房查档", "offices",
          "office_id=办公用房编号 community_code=社区代码 archive_search=查档结果 plan_project_id=查档项目编号 plan_premises_id=查档用房编号"),
    Sheet(HOUSING, "项目竣工", "projects",
          "project_id=项目编号 developer_code=信用代码 households=总套数 developer_changed_on=项目转让日期 transfer_no=转让文号 "
          "started_on=实际开工日期 completed_on=竣工验收日期 completion_filed_on=竣工验收备案日期 delivered_on=交房日期",
          title="商品房项目竣工情况（含计划竣工）"),
    Sheet(HOUSING, "保证金流水", "deposits",
          "event_id=流水号 project_id=项目编号 event=收支事项 amount_yuan=金额(万元) event_on=发生日期 receipt_no=票据号 decision_no=决定文号 "
          "legal_basis=依据 basis_kind=依据类别 booked_to=款项去向 notice_on=告知日期 hearing_offered=听证告知 "
          "guarantee_no=保函号 guarantee_expires_on=保函到期日 renews_no=续保原保函号 community_code=拨付社区代码 spent_on=资金用途"),
    Sheet(HOUSING, "催告", "demands",
          "demand_id=催告编号 project_id=项目编号 served_on=送达日期 deadline_on=限期 document_no=催告文号 extended_to=延期至 extension_no=延期批准文号"),
    Sheet(HOUSING, "折资缴款", "payments",
          "payment_id=缴款编号 project_id=项目编号 amount_yuan=折资金额(元) due_on=应缴日期 received_on=到账日期 agreement_no=折资协议号 agreed_on=协议日期 "
          "unit_price_yuan_per_m2=单价(元/㎡) price_approval_no=单价批准文号 receipt_no=票据号 account=收款账户 credited_community_code=拨付社区代码 "
          "credited_on=拨付日期 spent_on=资金用途 refunded_on=退款日期"),
    Sheet(HOUSING, "联席会议决定", "decisions",
          "decision_id=决定编号 project_id=项目编号 premises_id=用房编号 matter=决定事由 conclusion=会议结论 decided_on=会议日期 minutes_no=会议纪要号 "
          "due_on=办理期限 fulfilled_on=办结日期 credit_recorded_on=信用档案记录日期 credit_record_no=信用记录编号"),
    Sheet(HOUSING, "折资单价", "unit_prices",
          "zone=片区 use=房屋用途 from_on=执行起始 to_on=执行截止 price_yuan_per_m2=单价(元/㎡) source=价格依据"),
    Sheet(PEOPLE, "区县", "districts", "district_code=区县代码 district_name=区县名称"),
    Sheet(PEOPLE, "社区名录", "communities",
          "community_code=社区代码 community_name=社区名称 kind=社区类型 district_code=区县代码 street=街道(镇) population=常住人口 households=户数 "
          "project_supported=已得项目支持 valid_from=设立日期", title="棠川市城市社区名录"),
    Sheet(PEOPLE, "办公用房台账", "offices",
          "office_id=办公用房编号 community_code=社区代码 tenure=用房性质 tenure_text=用房情况说明 area_m2=办公用房面积(㎡) "
          "outdoor_m2=室外活动场地面积(㎡) shared_m2=合用面积(㎡) since=使用起始 lease_end=租约到期日 rent_yuan_per_year=年租金(元) lessor=出租(借)方 title_no=产权证号 "
          "built_on=建成时间 demolition_risk=面临拆迁 relocation_plan_no=过渡方案 resolution_path=处置方式 resolution_due_on=处置期限 resolved_on=处置完成日期",
          title="社区居委会办公用房台账（一社区一处）", days="zh", point=True),
    Sheet(PEOPLE, "社区服务设施", "community_facilities", "community_code=社区代码 kind=设施类别 area_m2=设施面积(㎡)"),
    Sheet(PEOPLE, "上报统计", "reported_figures", "figure_id=统计编号 figure=统计指标 district_code=区县代码 stated=上报数 source=出处"),
    Sheet(HANDOVERS, "用房备案", "premises",
          "premises_id=用房编号 project_id=项目编号 filed_m2=备案面积(㎡) filed_building=备案楼栋 filed_floor=备案楼层 vacant_since=空置起始"),
    Sheet(HANDOVERS, "项目备案", "projects",
          "project_id=项目编号 filed_on=民政备案日期 filing_no=备案号 refiled_on=重新备案日期 community_code=所在社区代码 "
          "designated_community_code=指定接收社区代码", days="iso"),
    Sheet(HANDOVERS, "用房移交", "handovers",
          "handover_id=移交协议编号 project_id=项目编号 premises_id=用房编号 community_code=接收社区代码 recipient_name=接收单位 "
          "recipient_kind=接收单位性质 building=移交楼栋 floor=移交楼层 approval_no=调换批准文号 condition=附加条件 area_m2=移交面积(㎡) "
          "agreed_on=协议日期 handed_over_on=实际移交日期 receipt_no=移交凭证号 price_yuan=移交价款(元)",
          title="公益性用房移交登记表", days="zh"),
    Sheet(ESTATE_BUREAU, "用房现状", "premises",
          "premises_id=用房编号 project_id=项目编号 surveyed_m2=实测面积(㎡) own_entrance=独立出入口 daylit=采光通风 storey_height_m=层高(米) current_use=现状用途 "
          "use_changed_on=改变用途日期 use_changed_by=改变用途人 title_no=房产证号 title_holder=权利人 title_holder_kind=权利人类别 "
          "title_use=登记用途 encumbrance=权利限制 titled_on=发证日期 unit_code=不动产单元号",
          days="iso", point=True),
    Sheet(ESTATE_BUREAU, "项目竣工测绘", "projects",
          "project_id=项目编号 survey_total_m2=竣工总建筑面积(㎡) survey_above_ground_m2=竣工地上建筑面积(㎡) "
          "survey_residential_m2=竣工住宅建筑面积(㎡) survey_counted_m2=竣工计容建筑面积(㎡) survey_below_ground_m2=竣工地下建筑面积(㎡) "
          "premises_register_complete=用房台账完整"),
    Sheet(IDLE, "", "idle_facilities",
          "facility_id=设施编号 name=设施名称 owner=产权单位 owner_kind=产权单位类别 kind=设施类型 area_m2=建筑面积(㎡) usable_m2=可利用面积(㎡) "
          "outdoor_m2=室外面积(㎡) use_rate=利用率 open_to_residents=是否开放 available_from=可用日期", days="iso", point=True),
)  # fmt: skip

LAYERS = (
    Sheet(PARCELS, "parcels", "parcels",
          "parcel_id=宗地代码 project_id=项目编号 unit_code=不动产单元号 land_area_m2=宗地面积 land_use_code=用地性质 far_permitted=容积率", days="iso"),
    Sheet(PARCELS, "renewal_areas", "renewal_areas", "renewal_id=改造片区编号 name=改造片区名称 planned_start_on=计划启动日期", days="iso"),
    Sheet(BORDERS, "communities", "communities", "community_code=SQDM community_name=SQMC kind=SQLX district_code=XZQDM", days="iso"),
)  # fmt: skip

DELIVERY_YAML = """\
title:
  zh: 棠川市（虚构）社区公益性用房四部门报送
  en: Community premises of Tangchuan (an invented city), as four bureaus sent them
notice:
  zh: 本市、区县、社区、企业、代码、地块及每个项目的数据均为虚构，由 data/demo_city 生成；只有社区数、类型、租借用房、项目支持和服务设施等总数取自调研报告。
  en: >-
    The city, its districts, communities, companies, codes, parcels and every figure of a development are invented and made by
    data/demo_city; only the totals (communities and their kinds, rented and borrowed offices, project support,
    facilities) follow the survey.
as_of: 2011-06-30
"""
