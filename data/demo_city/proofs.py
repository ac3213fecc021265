"""What only proof, or the right recipient, decides; and what the meeting and the bureaus said of single cases.

1. XM2006072, a first phase, filed late and gave one room that is enough for both phases: XM2008154, the second, built none and owes none.
2. YF2008153-1, the temporary building, was given to the committee: that discharges nothing.
3. YF2008151-1 went to a company of the developer's, and to the committee two weeks later: the committee's counts, with its day.
4. Whether YF2008172-1 is a temporary building is still being looked into: not known whether it counts.
5. YJ0062 is said to be of 2018, seven years after the day of the delivery: not known whether and when it was given.
6. Two rooms whose title is 办理中 and two receipts that say 见附件 have nothing in common; YF2008140-1 bears the title of a room far away.
7. XM2009194 was split into XM2009208 and XM2010223, with a document. Of XM2010213's cancellation only the month is known.
8. CG009 was prolonged, and no document says so. The meeting dismissed the forfeiture from XM2007133;
   it confirmed the longer deadline of XM2006063.
9. XM2006052's guarantee was prolonged under its own number; of XM2007128's guarantee half was forfeited, and a part of that credited.
10. ZZ010 was agreed below the listed price, with an approval.
11. BG126 is recorded as resolved and still rented.
"""

from __future__ import annotations

from datetime import date

import shapely

from .acts import Books, Row, file_with_civil_affairs, plan_says
from .days import Month
from .developments import Development

BOTH_PHASES_M2 = 580.0
KEYS = {"projects": "project_id", "premises": "premises_id", "handovers": "handover_id", "payments": "payment_id", "deposits": "event_id",
        "demands": "demand_id", "offices": "office_id"}  # fmt: skip
TITLE = ("title_no", "title_holder", "title_holder_kind", "title_use", "encumbrance")


def proofs(books: Books, found: list[Development]) -> None:
    """Writes all but the handovers into the rows, before the rows that cannot be used are added."""
    by_id = {one.id: one for one in found}
    _for_both_phases(books, by_id["XM2006072"])
    _rooms(books)
    _status(by_id)
    _orders(books)
    _deposits(books)
    for number in ("ZZ010", "ZZ018"):
        _of(books, "payments", number)["unit_price_yuan_per_m2"] = 1530
    _of(books, "payments", "ZZ010")["amount_yuan"] = 504_915.3  # as many square metres as before
    _of(books, "offices", "BG126")["resolved_on"] = date(2010, 12, 28)


def handovers(books: Books) -> None:
    """The handovers, behind those that cannot be used."""
    _of(books, "handovers", "YJ0062")["handed_over_on"] = date(2018, 8, 8)
    _hand(books, "YF2006072-2", date(2009, 1, 20), date(2009, 2, 16))
    _hand(books, "YF2008153-1", date(2010, 10, 25), date(2010, 11, 10))
    _of(books, "premises", "YF2008153-1")["current_use"] = "community"
    company = f"{_of(books, 'projects', 'XM2008151')['developer_name'][:5]}资产管理有限公司"
    given = {"recipient_kind": "developer_affiliate", "recipient_name": company, "community_code": None}
    _hand(books, "YF2008151-1", date(2011, 3, 7), date(2011, 3, 20), **given)


def _of(books: Books, table: str, number: str) -> Row:
    return next(row for row in books.rows[table] if row.get(KEYS[table]) == number)


def _for_both_phases(books: Books, first: Development) -> None:
    plan_says(first, BOTH_PHASES_M2)
    file_with_civil_affairs(books, first, date(2007, 2, 11))
    first.row["filing_no"] = "棠民备〔2007〕61号"
    number, area = "YF2006072-2", BOTH_PHASES_M2
    room: Row = {
        "premises_id": number,
        "project_id": first.id,
        "kind": "community",
        "planned_m2": area,
        "permitted_m2": area,
        "surveyed_m2": area,
    }
    room |= {
        "building": "6号楼",
        "floor_from": 2,
        "floor_to": 2,
        "basement": False,
        "stilt": False,
        "own_entrance": True,
        "storey_height_m": 3.3,
    }
    room |= {"has_lift": True, "daylit": True, "counts_toward": "community", "temporary": False, "current_use": "community"}
    room |= {"filed_m2": area, "filed_building": "6号楼", "filed_floor": 2, "titled_on": date(2009, 9, 14)}
    room |= dict(zip(TITLE, ("棠房权证棠城字第200914036号", "社区居民委员会", "committee", "community", "none"), strict=True))
    books.add("premises", **room, point=shapely.point_on_surface(first.site.blocks[0].ground))


def _rooms(books: Books) -> None:
    _of(books, "premises", "YF2008172-1")["temporary"] = "待核实"
    for number in ("YF2007118-1", "YF2008157-1"):
        _of(books, "premises", number)["title_no"] = "办理中"
    titled = _of(books, "premises", "YF2007095-1")
    _of(books, "premises", "YF2008140-1").update({name: titled[name] for name in TITLE} | {"titled_on": date(2011, 4, 20)})


def _status(by_id: dict[str, Development]) -> None:
    by_id["XM2009194"].row |= {
        "project_status": "split", "project_status_on": date(2009, 12, 20), "status_document_no": "棠规函〔2009〕31号",
        "successor_project_ids": "XM2009208、XM2010223",
    }  # fmt: skip
    by_id["XM2010213"].row["project_status_on"] = Month(2011, 1)


def _orders(books: Books) -> None:
    _of(books, "demands", "CG009")["extended_to"] = date(2011, 8, 31)
    told = {"premises_id": None, "due_on": None, "fulfilled_on": None, "credit_recorded_on": None, "credit_record_no": None}
    for number, project, matter, conclusion, on in (
        ("HY012", "XM2007133", "forfeiture", "dismissed", date(2011, 6, 16)),
        ("HY013", "XM2006063", "extension", "confirmed", date(2011, 5, 5)),
    ):
        books.add("decisions", decision_id=number, project_id=project, matter=matter, conclusion=conclusion, decided_on=on,
                  minutes_no=f"棠联会纪〔{on.year}〕{on.month}号", **told)  # fmt: skip


def _deposits(books: Books) -> None:
    paid = _of(books, "deposits", "BZ0141")
    paid |= {"receipt_no": f"保函{paid['receipt_no']}", "guarantee_expires_on": date(2012, 1, 1)}
    forfeited = _of(books, "deposits", "BZ0310")
    forfeited["guarantee_no"] = paid["receipt_no"]
    for number in ("BZ0195", "BZ0201"):
        _of(books, "deposits", number)["receipt_no"] = "见附件"
    first = _of(books, "deposits", "BZ0016")
    prolonged = {"event_id": "BZ0327", "project_id": first["project_id"], "event": "paid", "amount_yuan": first["amount_yuan"]}
    prolonged |= {"event_on": date(2009, 8, 20), "basis_kind": "contract", "guarantee_no": first["receipt_no"]}
    books.rows["deposits"].append(prolonged | {"guarantee_expires_on": date(2012, 9, 1)})
    credited = {
        "event_id": "BZ0328",
        "project_id": paid["project_id"],
        "event": "credited",
        "amount_yuan": 50_000,
        "event_on": date(2011, 4, 20),
    }
    credited |= {"decision_no": forfeited["decision_no"], "community_code": "990102005007", "spent_on": "services"}
    books.rows["deposits"].append(credited)


def _hand(books: Books, room: str, agreed_on: date, on: date, **told: object) -> None:
    """A handover of a room, by default to the residents' committee that civil affairs designated."""
    of, number = _of(books, "premises", room), len(books.rows["handovers"]) + 1
    code = _of(books, "projects", str(of["project_id"]))["designated_community_code"]
    row: Row = {"handover_id": f"YJ{number:04d}", "project_id": of["project_id"], "premises_id": room, "community_code": code}
    row |= {
        "recipient_name": f"{books.names[books.codes.index(str(code))]}社区居民委员会",
        "recipient_kind": "committee",
        "condition": "none",
    }
    row |= {
        "building": of["filed_building"],
        "floor": of["filed_floor"],
        "area_m2": of["surveyed_m2"],
        "agreed_on": agreed_on,
        "handed_over_on": on,
    }
    row |= {"receipt_no": f"{on.year}{number:05d}", "price_yuan": 0}
    books.add("handovers", **(row | told))
