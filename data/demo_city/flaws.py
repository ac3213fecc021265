"""The errors of the delivery: bad rows of the kind that every real delivery has, and departures from the ideal register.

Bad rows (none touches a community; 1, 2 and 4 are set aside with their reason, of 3 only the day, and 5 is used, for DA06 to find):

1. 保证金流水: a total row (合计) under the table.
2. 保证金流水: one event number twice, with two amounts.
3. 竣工验收 of one development: 2009-02-30, a day that does not exist.
4. 用房移交: a negative area, a correction booked as a handover.
5. 用房移交: a handover of a development that nobody knows.

What the rules on single records are to find, beside what ``situations`` and ``gaps`` leave, is made by ``papers`` (developments),
``room_papers`` (rooms, handovers, offices), ``money_papers`` (payments, deposits, decisions, figures) and ``land_flaws`` (parcels, and what
bureaus tell differently). Which record each rule is to find, and which it is to let pass: the tables of ``meant``, held by tests.
"""

from __future__ import annotations

from datetime import date

from .acts import Books
from .developments import Development
from .settings import stream
from .sites import COMPLETED


def bad_rows(books: Books, found: list[Development]) -> None:
    """Adds the five bad rows to the books; the total row is last."""
    rng = stream("bad rows")
    deposits, handovers = books.rows["deposits"], books.rows["handovers"]
    other = {r["project_id"] for r in books.rows["demands"]} | {r["project_id"] for r in deposits if r["event"] == "refunded"}
    idle = [d for d in found if d.situation == "nothing" and d.row["uses"] and d.row["plan_approved_on"] and d.id not in other]
    paid = next(r for d in idle for r in deposits if r["project_id"] == d.id and r["event"] == "paid")
    deposits.insert(deposits.index(paid) + 1, paid | {"amount_yuan": float(paid["amount_yuan"]) + 45_000})
    broken = next(d for d in reversed(idle) if isinstance(d.row["completed_on"], date) and d.id != paid["project_id"])
    broken.row["completed_on"] = "2009-02-30"
    partial = next(d for d in reversed(found) if d.situation == "partial")
    correction = next(r for r in handovers if r["project_id"] == partial.id)
    last = len(handovers)
    handovers.append(correction | {"handover_id": f"YJ{last + 1:04d}", "area_m2": -36.5, "premises_id": None, "receipt_no": None})
    unknown = {"handover_id": f"YJ{last + 2:04d}", "project_id": "XM2008999", "premises_id": None, "area_m2": 186.0}
    handovers.append(rng.choice(handovers[:9]) | unknown | {"receipt_no": "200899901"})
    deposits.append({"event_id": "合计", "amount_yuan": sum(float(r["amount_yuan"]) for r in deposits)})


def odd_records(books: Books, found: list[Development]) -> None:
    """Rows that can be used and yet are not right: for the rules on data to find."""
    by_developer: dict[object, list[Development]] = {}
    for one in found:
        by_developer.setdefault(one.row["developer_code"], []).append(one)
    busy = sorted(by_developer.values(), key=lambda group: (-len(group), group[0].id))
    for one in busy[1][-2:]:  # renamed, under one code
        one.row["developer_name"] = f"{str(one.row['developer_name'])[:5]}集团置业有限公司"
    twin = str(busy[0][0].row["developer_name"])
    for one in busy[5]:  # another company, one character apart
        one.row["developer_name"] = twin[:4] + ("沅" if twin[4] != "沅" else "园") + twin[5:]
    right = str(busy[7][0].row["developer_code"])
    for one in busy[7]:  # a code with a wrong check character
        one.row["developer_code"] = right[:17] + ("0" if right[17] != "0" else "1")
    plain = [d for d in found if d.situation == "nothing" and d.site.stage == COMPLETED]
    for one, factor in zip(plain[-4:], (1.021, 0.968, 1.034, 0.985), strict=True):  # site area not that of the parcels
        one.row["land_area_m2"] = round(float(one.row["land_area_m2"]) * factor, 2)
    payments = books.rows["payments"]
    payments[-1] |= {
        name: payments[2][name] for name in ("receipt_no", "received_on", "amount_yuan")
    }  # one receipt entered for two payments
    _odd_rooms(books, found)


def _odd_rooms(books: Books, found: list[Development]) -> None:
    """A basement, a stilt floor, a low room, and one room that two developments report."""
    governed = {d.id: d for d in found if d.site.stage == COMPLETED and d.row["uses"]}
    rooms = [r for r in books.rows["premises"] if r["kind"] == "community" and r["surveyed_m2"] and r["project_id"] in governed]
    rooms[3] |= {"floor_from": -1, "floor_to": -1, "basement": True}
    rooms[11] |= {"stilt": True}
    rooms[17] |= {"storey_height_m": 2.1}
    one, twin = [d for d in governed.values() if d.situation == "kept"][-2:]
    room = next(r for r in books.rows["premises"] if r["premises_id"] == one.rooms[0])
    books.add("premises", **(room | {"premises_id": f"YF{twin.id[2:]}-9", "project_id": twin.id}))
