"""The facts of a project: ``project.sql`` alone, on tables of its own, with a project for every boundary; each says what is right of it."""

import datetime as dt
from decimal import Decimal
from importlib.resources import files

import pytest

from planning_check.facts.dictionary import SUBJECTS
from tests.facts.lazy import STEPS
from tests.facts.tables import day, insert, prepared

AS_OF = dt.date(2011, 6, 20)
NOW, NEXT, CUT, EVER = "2011-06-20", "2011-06-21", "2011-06", "any"
REGISTERS = ("handovers", "payments", "deposits", "demands", "parcels", "filings", "transfers")
CODE, OTHER = "91990101MA0000001A", "91990101MA0000002B"


class City:
    """Rows by table, and what is right by project: (fact, where registers are told, where they are not)."""

    def __init__(self):
        self.rows: dict[str, list[dict]] = {}
        self.right: list[tuple[str, str, object, object]] = []

    def put(self, table: str, **row) -> None:
        self.rows.setdefault(table, []).append(row)

    def project(self, key: str, right: dict, unlike: dict | None = None, **values) -> str:
        """``unlike``: what is right where no register was told, if that is something else."""
        told = {"project_id": key, "gap": [], **values}
        self.put("project_told", **told)
        self.put("projects", **{name: value for name, value in told.items() if name != "gap"})
        for fact, value in right.items():
            self.right.append((key, fact, value, (unlike or {}).get(fact, value)))
        return key


CITY = City()
put, project = CITY.put, CITY.project


def hole(key: str) -> None:
    put("project_hole", project_id=key, **dict.fromkeys(("premises", "handovers", "payments", "deposits", "demands", "parcels"), True))


def rooms(key: str, *told) -> None:
    for n, (kind, planned, permitted, surveyed, *toward) in enumerate(told):
        put("premises", premises_id=f"{key}-{n}", project_id=key, kind=kind, planned_m2=planned,
            permitted_m2=permitted, surveyed_m2=surveyed, counts_toward=toward[0] if toward else None)  # fmt: skip


def areas(count, planned, permitted, surveyed, known) -> dict:
    return {"community_rooms": count, "community_planned_m2": planned, "community_permitted_m2": permitted,
            "community_surveyed_m2": surveyed, "rooms_are_known": known}  # fmt: skip


# rooms
rooms("R1", ("community", 100, 110, 120), ("community", 1, 2, 3), ("property_management", None, None, None))
project("R1", areas(2, 101, 112, 123, True), plan_states_area_m2=7)
rooms("R2", ("community", 100, 110, 120), (None, 1, 2, 3))
project("R2", areas(None, None, None, None, True))
rooms("R3", ("community", 100, 110, 120), (None, 1, 2, 3))
project("R3", areas(None, 77, None, None, True), plan_states_area_m2=77)
rooms("R4", ("community", 100, 110, 120), ("community", None, None, None))
project("R4", areas(2, None, None, None, True))
rooms("R5", ("property_management", 50, 50, 50))
project("R5", areas(0, 55, 0, 0, False), plan_states_area_m2=55, premises_register_complete=True)
rooms("R6", ("property_management", 50, 50, 50))
project("R6", areas(None, None, None, None, False))
rooms("R7", ("property_management", 50, 50, 50, "community"))
project("R7", areas(0, 0, 0, 0, True))
rooms("R8", (None, 5, 5, 5))
project("R8", areas(None, None, None, None, True))
project("R9", areas(0, 0, 0, 0, False), premises_register_complete=True)
project("R10", areas(None, 33, None, None, False), plan_states_area_m2=33, premises_register_complete=False)
rooms("R11", ("community", 100, 110, 120))
hole("R11")
project("R11", areas(None, 44, None, None, False), plan_states_area_m2=44, premises_register_complete=True)
rooms("R12", ("property_management", 50, 50, 50, "none"))
project("R12", areas(None, None, None, None, False))

# money in lieu
LIEU = ("in_lieu_agreed_m2", "in_lieu_m2", "in_lieu_received_yuan")
put("in_lieu_by_project", project_id="L1", agreed_m2=Decimal("1.50"), received_m2=Decimal("2.50"), received_yuan=Decimal("9.99"))
project("L1", dict(zip(LIEU, (Decimal("1.50"), Decimal("2.50"), Decimal("9.99")), strict=True)))
put("in_lieu_by_project", project_id="L2")
project("L2", dict.fromkeys(LIEU))
project("L3", dict.fromkeys(LIEU, 0), dict.fromkeys(LIEU))
put("in_lieu_by_project", project_id="L4", agreed_m2=1, received_m2=1, received_yuan=1)
hole("L4")
project("L4", dict.fromkeys(LIEU))

# handovers


def handed(key: str, *told) -> None:
    for counts, area, on in told:
        put("handed_room", project_id=key, counts=counts, area_m2=area, handed_over_on=on)


handed("H1", (True, 100, "2009-03"), (True, 50, "2009-03-15"), (False, 30, "2008-01-01"))
project("H1", {"handed_m2": 150, "first_handed_over_on_lo": dt.date(2009, 3, 1), "first_handed_over_on_hi": dt.date(2009, 3, 15)})
NO_DAYS = {"first_handed_over_on_lo": None, "first_handed_over_on_hi": None}
handed("H2", (True, 100, "2009-03-01"), (None, 50, CUT))
project("H2", {"handed_m2": None, **NO_DAYS})
handed("H3", (False, 100, NEXT))
project("H3", {"handed_m2": 0, **NO_DAYS})
project("H4", {"handed_m2": 0, **NO_DAYS}, {"handed_m2": None})
handed("H5", (True, 100, "2009-03-01"))
hole("H5")
project("H5", {"handed_m2": None, **NO_DAYS})

# deposits
PARTS = ("paid", "refunded", "balance", "expired")


def deposits(key: str, *told) -> None:
    for n, (event, amount, on, *decision) in enumerate(told):
        put(
            "deposits",
            event_id=f"{key}-{n}",
            project_id=key,
            event=event,
            amount_yuan=amount,
            event_on=on,
            decision_no=decision[0] if decision else None,
        )


def sums(due, forfeited, offset, paid, refunded, balance, expired) -> dict:
    told = {
        "due": due,
        "forfeited": forfeited,
        "offset": offset,
        "paid": paid,
        "refunded": refunded,
        "balance": balance,
        "expired": expired,
    }
    return {f"deposit_{name}_yuan": value for name, value in told.items()}


FORFEITED = ("forfeited_on_lo", "forfeited_on_hi", "forfeiture_decision_no")
deposits(
    "D1", ("due", 500, "2007-01-01"), ("due", 25, NEXT), ("paid", 1000, "2007-01-02", "0"),
    ("forfeited", 100, "2011-05", "B"), ("forfeited", 40, NOW, "A"),
    ("forfeited", 3, "2011-05-10", "C"), ("offset", 30, NOW, "1"), ("offset", 888, NEXT), ("forfeited", 999, NEXT, "2"),
)  # fmt: skip
put("deposit_ledger", project_id="D1", day=NOW, paid_yuan=7, refunded_yuan=1, balance_yuan=5, expired_yuan=2, ends="2011-09")
put("deposit_ledger", project_id="D1", day=NEXT, paid_yuan=70, refunded_yuan=10, balance_yuan=50, expired_yuan=20, ends="2012-09")
put(
    "deposit_ledger",
    project_id="D1",
    day_lo=dt.date(2011, 6, 1),
    day_hi=AS_OF,
    paid_yuan=71,
    refunded_yuan=11,
    balance_yuan=51,
    expired_yuan=21,
)
put(
    "deposit_ledger",
    project_id="D1",
    day_lo=AS_OF,
    day_hi=dt.date(2011, 6, 30),
    paid_yuan=72,
    refunded_yuan=12,
    balance_yuan=52,
    expired_yuan=22,
)
project("D1", sums(525, 143, 30, 7, 1, 5, 2) | dict(zip(FORFEITED, (dt.date(2011, 5, 1), dt.date(2011, 5, 10), "A"), strict=True))
        | {"guarantee_ends_on_lo": dt.date(2011, 9, 1), "guarantee_ends_on_hi": dt.date(2011, 9, 30)})  # fmt: skip
NOTHING, UNKNOWN = sums(*[0] * 7), sums(*[None] * 7)
deposits("D2", ("paid", 100, "2007-01-01"), ("refunded", 30, CUT))
project("D2", UNKNOWN)
project("D3", NOTHING, UNKNOWN)
deposits("D4", ("paid", 100, "2007-01-01"))
hole("D4")
project("D4", UNKNOWN)
deposits("D5", ("paid", 100, "2007-01-01"))
put("deposit_ledger", project_id="D5", day=NOW, paid_yuan=100)
project("D5", sums(0, 0, 0, 100, None, None, None) | dict.fromkeys(FORFEITED))
deposits("D6", ("paid", 100, NOW))
project("D6", NOTHING)  # what is known of a row without a ledger of its own
put("deposits", event_id="D8-1", project_id="D8", event="refunded", amount_yuan=30, event_on_lo=AS_OF, event_on_hi=dt.date(2011, 7, 20))
project("D8", UNKNOWN)
deposits("D7", ("forfeited", 100, "2011-06-20", "X"), ("forfeited", 100, "2011-06", "W"))
project("D7", UNKNOWN | dict(zip(FORFEITED, (AS_OF, AS_OF, "X"), strict=True)))

# demands
DEMAND = ("demands", "demand_served_on_lo", "demand_served_on_hi", "demand_deadline_on_lo", "demand_deadline_on_hi", "demand_extension")


def demands(key: str, *told) -> None:
    for n, (served, deadline, *more) in enumerate(told):
        extended, number, not_read = (*more, None, None, None)[:3]
        put("demands", demand_id=f"{key}-{n}", project_id=key, served_on=served, deadline_on=deadline,
            extended_to=extended, extension_no=number, not_read=not_read)  # fmt: skip


def demanded(count, served, deadline, extension) -> dict:
    return dict(zip(DEMAND, (count, *served, *deadline, extension), strict=True))


demands("M1", ("2011-05", "2011-08-10"), ("2011-05-10", "2011-08"), (NEXT, "2012-01-01"), (CUT, "2012-02-01"))
project("M1", demanded(2, (dt.date(2011, 5, 1), dt.date(2011, 5, 10)), (dt.date(2011, 8, 10), dt.date(2011, 8, 31)), "none"))
demands("M2", (NOW, "2011-08-10"))
project("M2", demanded(1, day(NOW), day("2011-08-10"), "none"))
demands("M3", (NOW, "2011-08-10", "2011-09", "延1"))
project("M3", demanded(1, day(NOW), day("2011-09"), "approved"))
demands("M4", (NOW, "2011-08-10", "2011-09"))
project("M4", demanded(1, day(NOW), day("2011-08-10"), "no_document"))
demands("M5", (NOW, "2011-08-10", "2011-09"), (NOW, "2011-08-11", "2011-10-01", "延1"))
project("M5", demanded(2, day(NOW), day("2011-10-01"), "no_document"))
demands("M6", (NOW, "2011-08-10", "2011-09", None, ["extension_no"]))
project("M6", demanded(1, day(NOW), (dt.date(2011, 8, 10), dt.date(2011, 9, 30)), None))
demands("M7", (NOW, "2011-08-10", "2011-07-15", None, ["extension_no"]))
project("M7", demanded(1, day(NOW), (dt.date(2011, 7, 15), dt.date(2011, 8, 10)), None))
demands("M8", (NOW, "2011-08-10"), (NOW, "2011-08-11", "2011-10-01", "延1"))
project("M8", demanded(2, day(NOW), day("2011-10-01"), "approved"))
demands("M9", (NOW, "2011-08-10"))
hole("M9")
project("M9", dict.fromkeys(DEMAND))
project("M10", demanded(0, (None, None), (None, None), "none"), dict.fromkeys(DEMAND))
demands("M11", (NOW, "2011-08-10", None, None, ["extension_no"]))
project("M11", demanded(1, day(NOW), day("2011-08-10"), "none"))

demands("M12", (NOW, "2011-08", "2011-09", None, ["extension_no"]))
project("M12", demanded(1, day(NOW), (dt.date(2011, 8, 1), dt.date(2011, 9, 30)), None))
demands("M13", (NOW, "2011-09", "2011-08", None, ["extension_no"]))
project("M13", demanded(1, day(NOW), (dt.date(2011, 8, 1), dt.date(2011, 9, 30)), None))
demands("M14", (NOW, "2011-08-10", "2011-09", None, ["extension_no"]), (NOW, "2011-08-10"))
project("M14", demanded(2, day(NOW), (dt.date(2011, 8, 10), dt.date(2011, 9, 30)), None))

# names, permits
for n, name in enumerate("甲乙丙丁戊己庚"):
    project(f"N7{n}", {"names_under_code": 7}, developer_code=CODE, developer_name=f"{name}置业有限公司")
seven = sorted(f"{name}置业有限公司" for name in "甲乙丙丁戊己庚")
project("N7X", {"names_under_code": 7, "other_names": "、".join(seven[:5]) + "等"}, developer_code=CODE)
for n, name in enumerate("甲乙丙丁戊己"):
    project(f"N6{n}", {"names_under_code": 6, "other_names": "、".join(sorted(f"{x}置业" for x in "甲乙丙丁戊己" if x != name))},
            developer_code=OTHER, developer_name=f"{name}置业")  # fmt: skip
project("N1", {"names_under_code": 1, "other_names": None}, developer_code="91990101MA0000003C", developer_name="甲置业")
project("N1X", {"names_under_code": 1, "other_names": "甲置业"}, developer_code="91990101MA0000003C")
for n, written in enumerate(("乙置业(集团)", "乙置业（集团）", "乙 置业（集团）")):
    project(f"N2{n}", {"names_under_code": 1}, developer_code="91990101MA0000005E", developer_name=written)
project("N2X", {"names_under_code": 1, "other_names": "乙 置业（集团）"}, developer_code="91990101MA0000005E")
for name, other in (("丙置业", "丁置业"), ("丁置业", "丙置业")):
    project(f"N3{name}", {"names_under_code": 2, "other_names": other}, developer_code="91990101MA0000008H", developer_name=name)
project("N0", {"names_under_code": None, "other_names": None}, developer_code="办理中", developer_name="甲置业")
for n, written in ((1, "建字第610102200800017号"), (2, "610102200800017"), (3, "建字610102200800017")):
    project(f"S{n}", {"same_permit_project_id": "S1" if n > 1 else "S2"}, permit_no=written)
project("S4", {"same_permit_project_id": None}, permit_no="建字第610102200800018号")
for n in (1, 2, 3):
    project(
        f"T{n}", {"same_name_project_id": "T1" if n > 1 else "T2"}, developer_code="91990101MA0000004D", project_name="锦 苑", phase_no=None
    )
project("T4", {"same_name_project_id": None}, developer_code="91990101MA0000004D", project_name="锦苑", phase_no=1)
for n in (5, 6):
    project(f"T{n}", {"same_name_project_id": None}, developer_code="见附件", project_name="锦苑")
for one, other in (("S8", "S9"), ("S9", "S8")):
    project(one, {"same_permit_project_id": other}, permit_no="建字第610102200800019号")
for one, other in (("T90", "T91"), ("T91", "T90")):
    project(one, {"same_name_project_id": other}, developer_code="91990101MA0000007G", project_name="锦苑", phase_no=2)
project("T7", {"same_name_project_id": None}, developer_code="91990101MA0000006F", phase_no=1)
project("T8", {"same_name_project_id": None}, developer_code="91990101MA0000006F", project_name="1")
for key, name, says in (
    ("Y1", "锦苑0期", True),
    ("Y2", "锦苑九期", True),
    ("Y3", "锦苑大期", False),
    ("Y4", "锦苑９期", True),
    ("Y5", "锦苑", False),
):
    project(key, {"name_says_phase": says}, project_name=name)
for key, phase, total in (("V1", 1, 100), ("V2", 1, 20), ("V3", None, 3)):
    project(key, {"phases_delivered": 2, "phases_total_m2": 123}, development_id="DEV1", phase_no=phase, plan_total_m2=total)
for key, phase, total in (("W1", 1, 100), ("W2", 2, None)):
    project(key, {"phases_delivered": 2, "phases_total_m2": None}, development_id="DEV2", phase_no=phase, plan_total_m2=total)
project("V4", {"phases_delivered": None, "phases_total_m2": None}, plan_total_m2=9)

# land, place
for key in ("G1", "G1", "G2", None):
    put("parcels", parcel_id=f"Z{len(CITY.rows.get('parcels', []))}", project_id=key)
project("G1", {"parcels": 2})
hole("G2")
project("G2", {"parcels": None, "parcel_area_m2": None, "community_shares": None, "recorded_is_touched": None}, community_code="C1")
project("G3", {"parcels": 0}, {"parcels": None})
for key in ("G2", "G4", "G5", "G6", "G7", "G8", "G9", "G10"):
    put("project_place", project_id=key, parcel_area_m2=10, communities_touched=2, community_by_map="C1", largest_share=Decimal("0.6"),
        community_shares="C1 60.00%, C2 40.00%", share_parts="x")  # fmt: skip
for code, ends, heir in (("C1", None, None), ("C7", "2010-01-01", None), ("C8", NEXT, "C1"), ("C9", NOW, "C1"), ("C10", CUT, "C1")):
    put("communities", community_code=code, valid_to=ends, successor_code=heir)
SHARES = {"parcel_area_m2": 10, "communities_touched": 2, "community_by_map": "C1", "largest_share": Decimal("0.6"),
          "community_shares": "C1 60.00%, C2 40.00%", "share_parts": "x"}  # fmt: skip
project("G4", SHARES | {"recorded_community_code": "C1", "recorded_is_touched": True, "designated_is_touched": True},
        community_code="C1", designated_community_code="C2")  # fmt: skip
project("G5", {"recorded_community_code": "C1", "recorded_is_touched": True, "designated_is_touched": True},
        community_code="C9", designated_community_code="C9")  # fmt: skip
project("G6", {"recorded_community_code": "C8", "recorded_is_touched": False, "designated_is_touched": True},
        community_code="C8", designated_community_code="C8")  # fmt: skip
project("G7", {"recorded_community_code": "C7", "recorded_is_touched": False, "designated_is_touched": False},
        community_code="C7", designated_community_code="C7")  # fmt: skip
project("G8", {"recorded_community_code": None, "recorded_is_touched": True, "designated_is_touched": False},
        community_code="C2", designated_community_code="C5")  # fmt: skip
project("G9", {"recorded_community_code": None, "recorded_is_touched": False, "designated_is_touched": None}, community_code="C6")
project("G10", {"recorded_community_code": "C10", "recorded_is_touched": False}, community_code="C10")
project(
    "G11",
    {"recorded_is_touched": None, "designated_is_touched": None, "parcel_area_m2": None},
    community_code="C1",
    designated_community_code="C1",
)

# prices
for zone, use, price, start, end in (
    ("Z1", "community", 5, NOW, None), ("Z2", "community", 5, "2010-01-01", NOW), ("Z3", "community", 5, "2010-01-01", CUT),
    ("Z4", "community", 5, "2010-01-01", CUT), ("Z4", "community", 5, "2011-01-01", None), ("Z5", "community", 5, "2010-01-01", None),
    ("Z5", "community", 6, "2010-01-01", None), ("Z6", "shop", 5, "2010-01-01", None), ("Z7", "community", 5, NEXT, None),
    ("Z8", "community", 5, "2010-01-01", "2011-06-19"), ("Z9", "community", 5, CUT, None), ("Z10", "community", 5, "2010-01-01", CUT),
    ("Z10", "community", 6, "2011-01-01", None), ("名区", "community", 8, "2010-01-01", None),
    ("Z1名", "community", 9, "2010-01-01", None),
):  # fmt: skip
    put("unit_prices", zone=zone, use=use, price_yuan_per_m2=price, from_on=start, to_on=end)
put("districts", district_code="ZN", district_name="名区")
put("districts", district_code="Z1", district_name="Z1名")
for zone, price in (
    ("Z1", 5),
    ("Z2", 5),
    ("Z3", None),
    ("Z4", 5),
    ("Z5", None),
    ("Z6", None),
    ("Z7", None),
    ("Z8", None),
    ("Z9", None),
    ("Z10", None),
    ("ZN", 8),
):
    project(f"P{zone}", {"price_yuan_per_m2": price}, district_code=zone)

# filed, changed developer
for fact, on, what in (("is_filed", "filed_on", "filing_no"), ("developer_was_changed", "developer_changed_on", "previous_developer_name")):
    for n, (values, right, unlike) in enumerate((
        ({on: NOW}, True, True), ({on: NEXT}, False, False), ({on: CUT}, None, None), ({what: "甲"}, True, True),
        ({on: EVER, what: "甲"}, True, True), ({on: EVER}, None, None), ({}, False, None), ({"gap": [on]}, None, None),
        ({"gap": [what]}, None, None), ({"gap": ["other"]}, False, None), ({on: NEXT, what: "甲"}, False, False),
    )):  # fmt: skip
        project(f"{fact}{n}", {fact: right}, {fact: unlike}, **values)
project("F1", {"is_filed": None}, not_read=["filing_no"])

# what is handed on as it is, or as nothing
put("project_fund", project_id="U1", in_yuan=1, out_yuan=2, elsewhere_yuan=3, diverted_yuan=4, waiting="2011-05", parts="C1")
project("U1", {"fund_in_yuan": 1, "fund_credited_yuan": 2, "fund_elsewhere_yuan": 3, "fund_diverted_yuan": 4, "fund_parts": "C1",
               "fund_waiting_since_lo": dt.date(2011, 5, 1), "fund_waiting_since_hi": dt.date(2011, 5, 31)})  # fmt: skip
put("claimed_twice", project_id="U2", handed_elsewhere_m2=1, in_lieu_twice_m2=2)
project("U2", {"handed_elsewhere_m2": 1, "in_lieu_twice_m2": 2, "later_days": 0, "later_days_zh": None, "is_housing": True, "as_of": AS_OF},
        uses=["residential", "shop"])  # fmt: skip
put("forfeiture_heard", project_id="U3", forfeiture_is_dismissed=True, forfeiture_dismissed_on=NOW, forfeiture_minutes_no="纪1")
project("U3", {"forfeiture_is_dismissed": True, "forfeiture_dismissed_on_lo": AS_OF, "forfeiture_dismissed_on_hi": AS_OF,
               "forfeiture_minutes_no": "纪1", "is_housing": False}, uses=["shop"])  # fmt: skip
put("project_to_come", project_id="U4", days=2, zh="两处", en="two")
project("U4", {"later_days": 2, "later_days_zh": "两处", "later_days_en": "two"})
put("project_life", project_id="U5", life_state="ended", status_contradicted_by="x", successor_doubt="y")
project("U5", {"life_state": "ended", "status_contradicted_by": "x", "successor_doubt": "y"})
for cluster in ("K2", "K1"):
    put("project_group", project_id="U6", cluster_id=cluster)
project("U6", {"cluster_ids": ["K1", "K2"]})

# others of another code whose names resemble it
for one, other, metres in (("A1", "A2", 30), ("A1", "A3", 20), ("A4", "A1", 20), ("A5", "A6", 5), ("A7", "A8", 1)):
    put("project_alike", project_id=one, other_id=other, metres=metres)
for key, code, right in (
    ("A1", "91990101MA0000011A", ("A3", "A3置业", 20)), ("A2", "91990101MA0000012A", ("A1", "A1置业", 30)),
    ("A3", "91990101MA0000013A", ("A1", "A1置业", 20)),
    ("A4", "91990101MA0000014A", ("A1", "A1置业", 20)), ("A5", "0001", (None, None, None)), ("A6", "办理中", (None, None, None)),
    ("A7", "0001", ("A8", "A8置业", 1)), ("A8", "91990101MA0000018A", ("A7", "A7置业", 1)),
):  # fmt: skip
    project(
        key,
        dict(zip(("alike_project_id", "alike_developer_name", "alike_m"), right, strict=True)),
        developer_code=code,
        developer_name=f"{key}置业",
    )


def _filled():
    con = prepared(AS_OF)
    for step in STEPS[: [step.does for step in STEPS].index("project")]:
        step.run(con)
    con.execute("CREATE TABLE told AS FROM project_told; DROP VIEW project_told; ALTER TABLE told RENAME TO project_told")
    for table, rows in CITY.rows.items():
        columns = {row[0] for row in con.execute(f"SELECT column_name FROM (DESCRIBE {table})").fetchall()}
        for given in rows:
            row = {}
            for name, value in given.items():
                row |= {name: value} if name in columns else dict(zip((f"{name}_lo", f"{name}_hi"), day(value), strict=True))
            insert(con, table, row)
    return con


CON = _filled()
TEXT = files("planning_check.facts").joinpath("project.sql")


def facts(told: bool) -> dict[tuple[str, str], object]:
    CON.execute(f"UPDATE register_told SET {', '.join(f'{name} = {told}' for name in REGISTERS)}")
    CON.execute(TEXT.read_text("utf-8"))
    found = CON.execute("FROM fact_project")
    names = [column[0] for column in found.description]
    lines = found.fetchall()
    assert len(lines) == len({line[names.index("project_id")] for line in lines}) == len(CITY.rows["project_told"])
    return {(line[names.index("project_id")], name): value for line in lines for name, value in zip(names, line, strict=True)}


@pytest.mark.parametrize("told", [True, False])
def test_every_project_is_as_it_should_be(told):
    found = facts(told)
    wanted = {(key, fact): right if told else unlike for key, fact, right, unlike in CITY.right}
    wrong = {place: (found[place], right) for place, right in wanted.items() if found[place] != right}
    assert wrong == {}


def test_areas_and_money_are_exact_to_a_hundredth():
    CON.execute(TEXT.read_text("utf-8"))
    types = dict(CON.execute("SELECT column_name, column_type FROM (DESCRIBE fact_project)").fetchall())
    exact = {fact.name for fact in SUBJECTS["project"].facts.values() if fact.type in ("area", "money") and fact.name in types}
    assert len(exact) > 40
    assert {name: types[name] for name in exact if types[name] != "DECIMAL(18,2)"} == {}
    assert types["alike_m"] == "DECIMAL(18,6)"
