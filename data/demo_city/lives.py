"""Contracts that state the duty of developments older than the rule, and developments that were cancelled, merged, split or have stopped.

1. XM2005022: its contract states the duty and no more; nothing was built. The ordinance now in force says how much.
2. XM2005026: its contract states half a percent of the residential area; nothing was built.
3. XM2005031: its contract states the area of the room that it gave: in order. XM2005033: its contract states no duty.
4. XM2010216: cancelled after the permit, with a document. XM2010213: likewise, and the document is missing.
5. XM2007097 was accepted years ago and is called cancelled: the building counts, and it is judged as before.
6. XM2008191 went into XM2010219, which carries its duty on. XM2010212 is said to be split, and into what nobody says.
7. XM2009206, the second phase of its development, has stopped.
"""

from __future__ import annotations

from datetime import date

from .acts import Books
from .developments import Development


def lives(books: Books, found: list[Development]) -> None:
    """Writes them into the rows."""
    by_id = {d.id: d.row for d in found}
    for number in ("XM2005022", "XM2005026", "XM2005031"):
        by_id[number] |= {"conditions_state_duty": True, "premises_register_complete": True}
    by_id["XM2005026"] |= {"conditions_percent": 0.5, "conditions_base": "residential"}
    given = next(r for r in books.rows["handovers"] if r["project_id"] == "XM2005031")
    by_id["XM2005031"]["conditions_area_m2"] = given["area_m2"]
    by_id["XM2005033"]["conditions_state_duty"] = False
    _status(by_id["XM2010216"], "cancelled", date(2011, 3, 18), "棠规撤〔2011〕3号")
    _status(by_id["XM2010213"], "cancelled", date(2011, 1, 27), None)
    _status(by_id["XM2007097"], "cancelled", date(2011, 4, 6), None)
    _status(by_id["XM2008191"], "merged", date(2010, 8, 20), "棠规函〔2010〕17号")
    by_id["XM2008191"]["successor_project_ids"] = "XM2010219"
    _status(by_id["XM2010212"], "split", date(2011, 2, 24), "棠规函〔2011〕5号")
    _status(by_id["XM2009206"], "stalled", date(2010, 12, 31), None)


def _status(row: dict[str, object], status: str, on: date, document: str | None) -> None:
    row |= {"project_status": status, "project_status_on": on, "status_document_no": document}
