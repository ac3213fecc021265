"""What the books say of money beside its amount: agreements, where it went, on what basis deposits were taken;
and of what the joint meeting decided."""

from __future__ import annotations

from datetime import date

from .acts import Books
from .days import later
from .developments import Development
from .settings import AS_OF, DISTRICTS, stream

KINDS = {"土地出让合同约定": "contract", "市政府办公室通知": "government_document", None: "none"}


def money_papers(books: Books, found: list[Development]) -> None:
    """Fills the columns of payments and deposits; the flaws among them are listed in ``flaws``."""
    _payments(books, found)
    _deposits(books)


def _payments(books: Books, found: list[Development]) -> None:
    rng = stream("payment papers")
    rows = books.rows["payments"]
    for row in rows:
        day = row.get("received_on") or row.get("due_on")
        row["agreed_on"] = later(day, -rng.randint(20, 60)) if isinstance(day, date) else None
        row["spent_on"] = rng.choice(("premises", "premises", "services", "unspent"))
    short = [d.id for d in found if d.situation == "lieu_short"]
    rows[1] |= {"spent_on": "other"}
    rows[5] |= {"agreement_no": None, "agreed_on": None}
    rows[6] |= {"receipt_no": None}
    rows[8] |= {"unit_price_yuan_per_m2": round(float(rows[8]["unit_price_yuan_per_m2"]) * 0.9, 2)}
    rows[9] |= {"price_approval_no": "棠建价〔2009〕4号"}
    credited = next(r for r in rows[9:] if r.get("credited_community_code"))
    credited["credited_community_code"] = next(
        r["credited_community_code"] for r in rows if r.get("credited_community_code") and r["project_id"] != credited["project_id"]
    )
    rows[12] |= {"account": "市住建局往来资金账户"}
    refunded = next(r for r in rows if r["project_id"] == short[0])
    refunded["refunded_on"] = date(2011, 2, 14)
    like = next(r for r in rows if r["project_id"] == short[1])
    late = dict(like) | {"payment_id": f"ZZ{len(rows) + 1:03d}", "amount_yuan": 180_000.0, "due_on": date(2011, 3, 31), "received_on": None}
    books.add(
        "payments",
        **late | {"receipt_no": None, "credited_on": None, "credited_community_code": None, "spent_on": None},
    )


def _deposits(books: Books) -> None:
    """Deposits were agreed in the grant contract or asked by a notice; a few nobody can say why;
    what was forfeited went to different accounts."""
    rng = stream("deposit bases")
    rows = [r for r in books.rows["deposits"] if r.get("project_id")]
    for row in rows:
        if row["event"] == "paid":
            row["basis_kind"] = rng.choices(("contract", "government_document", None, "none"), (70, 22, 6, 2))[0]
        elif row["event"] == "forfeited":
            row["basis_kind"] = KINDS.get(row.get("legal_basis"), "none")
    forfeited = [r for r in rows if r["event"] == "forfeited"]
    for row, booked in zip(forfeited, ("fiscal_account", "fiscal_account", "bureau_account", "treasury", "community"), strict=True):
        row["booked_to"] = booked
    forfeited[2]["notice_on"] = None
    guarantees = [r for r in rows if r.get("guarantee_expires_on") and r["guarantee_expires_on"] > AS_OF]
    guarantees[0]["guarantee_expires_on"] = date(2011, 8, 10)
    paid = [r for r in rows if r["event"] == "paid" and not r.get("guarantee_expires_on") and float(r["amount_yuan"]) >= 400_000]
    paid[7]["amount_yuan"] = round(float(paid[7]["amount_yuan"]) * 0.75)
    first, second = (r for r in rows if r["event"] == "credited")
    first["spent_on"], second["spent_on"] = "services", "other"
    _more(books, next(r for r in guarantees if r["event_on"] < date(2010, 1, 1) and r["guarantee_expires_on"] > date(2011, 9, 1)), first)


def _more(books: Books, guarantee: dict, credited: dict) -> None:
    """A guarantee renewed, the old one given back; a community credited twice for one forfeiture."""
    number = int(max(r["event_id"] for r in books.rows["deposits"] if r.get("project_id"))[2:])
    renewed = {
        "guarantee_no": f"续{guarantee['receipt_no']}",
        "renews_no": guarantee["receipt_no"],
        "guarantee_expires_on": date(2014, 3, 1),
    }
    same = {"project_id": guarantee["project_id"], "amount_yuan": guarantee["amount_yuan"]}
    for place, row in enumerate((
        same | renewed | {"event": "paid", "event_on": date(2011, 3, 1), "basis_kind": "contract"},
        same | {"event": "refunded", "event_on": date(2011, 3, 15), "receipt_no": guarantee["receipt_no"]},
        credited | {"amount_yuan": 20_000, "event_on": date(2011, 5, 20)},
    ), start=1):  # fmt: skip
        books.rows["deposits"].append(row | {"event_id": f"BZ{number + place:04d}"})


def decisions(books: Books, found: list[Development]) -> None:
    """What the joint meeting decided on changes of use: confirmed or not, returned or not, entered in the credit record or not."""
    changed = [d for d in found if d.situation == "changed" and d.rooms][:8]
    days = (date(2010, 6, 18), date(2010, 11, 25), date(2011, 3, 24), date(2011, 6, 16))
    plan = (  # conclusion, day, credit record, order to return: due, fulfilled
        ("confirmed", 0, date(2010, 7, 9), date(2010, 12, 31), None),
        ("confirmed", 0, None, date(2010, 12, 31), date(2010, 12, 20)),
        ("confirmed", 1, date(2010, 12, 15), date(2011, 5, 31), None),
        ("confirmed", 1, None, date(2011, 9, 30), None),
        ("deferred", 2, None, None, None),
        ("dismissed", 2, None, None, None),
        ("confirmed", 3, None, None, None),
    )
    for one, (conclusion, at, recorded, due, done) in zip(changed, plan, strict=False):
        on = days[at]
        _decide(
            books,
            one,
            "change_of_use",
            conclusion,
            on,
            credit_recorded_on=recorded,
            credit_record_no=f"棠信{on.month:02d}{one.id[-3:]}" if recorded else None,
        )
        if due:
            _decide(books, one, "return_order", conclusion, on, due_on=due, fulfilled_on=done)


def _decide(books: Books, one: Development, matter: str, conclusion: str, on: date, **fields: object) -> None:
    number = len(books.rows["decisions"]) + 1
    books.add("decisions", decision_id=f"HY{number:03d}", project_id=one.id, premises_id=one.rooms[0], matter=matter, conclusion=conclusion,
              decided_on=on, minutes_no=f"棠联会纪〔{on.year}〕{on.month}号", **fields)  # fmt: skip


def reported_figures(books: Books) -> None:
    """The survey's own figures, for the city and its districts: 88 percent is the survey's slip (115 of 129 are 89.15)."""
    people = books.rows["communities"]
    rows: list[tuple[str, str | None, float, str]] = [
        ("communities", None, 129, "调研报告一"), ("project_supported", None, 115, "调研报告二（二）"),
        ("project_supported_percent", None, 88, "调研报告二（二）"), ("rented_or_borrowed", None, 23, "调研报告三（二）"),
        ("rented_or_borrowed_percent", None, 18, "调研报告三（二）"), ("population", None, sum(int(r["population"]) for r in people), "民政年报（虚构）"),
    ]  # fmt: skip
    rows += [("communities", d.code, sum(r["district_code"] == d.code for r in people), "调研报告一") for d in DISTRICTS]
    for number, (figure, district, stated, source) in enumerate(rows, start=1):
        books.add("reported_figures", figure_id=f"TJ{number:03d}", figure=figure, district_code=district, stated=stated, source=source)
