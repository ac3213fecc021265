"""The registers of the funding pack: office funds and pay of the 129 communities, 2008 to 2011, and what is wrong with them on purpose.

The survey says that one district and one county pay less than the standard, that in one district workers earn 600 to 800 yuan a month
without medical or pension insurance save where a community has an enterprise of its own, and that funds should go straight to the
community. Every figure is invented. ``MEANT``: rule -> key of the row -> what is wrong; whole districts stand in ``MEANT_DISTRICTS``.
"""

from __future__ import annotations

from .acts import Row
from .settings import stream

YEARS = (2008, 2009, 2010, 2011)
LOW, SLIGHTLY_LOW, THIRD_LACKING, NOT_LOOKED = "990102", "990122", "990123", "990125"
LARGE = 6000
#: Places of communities in the register (from 0), whatever they are called.
ENTERPRISE = (0, 5, 11)  # of the low district: with an enterprise of their own, paid and insured in full
BELOW = {(50, 2009): 8000, (60, 2010): 9500, (75, 2010): 0}
THROUGH_STREET, KEPT_BACK = range(100, 106), {(103, 2010): 1500, (104, 2009): 2600.50}
DIVERTED = {(58, 2009): 3000}
NOT_REGISTERED = (66, 2010)
LARGE_NOT_MORE = 2  # the first so many large communities get no more than the others

MEANT_DISTRICTS = {
    "CF02": {LOW: "pays 600 to 800 and 1,000 to 1,150 yuan a month", SLIGHTLY_LOW: "pays 780 and 1,150 yuan a month"},
    "CF03": {LOW: "no medical and no pension insurance", THIRD_LACKING: "no unemployment insurance: a lead"},
    "CF05": {NOT_LOOKED: "nobody looked whether funds were diverted: not judged"},
}


def office_funds(communities: list[Row]) -> list[Row]:
    """A row a community and year: what was granted, to whom it was paid, what arrived, and what became of it."""
    rng, rows = stream("office funds"), []
    large = [n for n, row in enumerate(communities) if int(row["population"]) >= LARGE]
    for number, community in enumerate(communities):
        more = number in large[LARGE_NOT_MORE:]
        for year in YEARS:
            granted = 12_000 + 500 * rng.randrange(7) if more else 10_000
            spent_share = rng.uniform(0.82, 0.99)
            if (number, year) == NOT_REGISTERED:
                continue
            granted = BELOW.get((number, year), granted) if year < 2011 else granted // 2
            received = granted - KEPT_BACK.get((number, year), 0)
            looked = community["district_code"] != NOT_LOOKED and year < 2011
            rows.append({
                "community_code": community["community_code"], "year": year, "granted_yuan": granted, "received_yuan": received,
                "paid_to": "街道办事处" if number in THROUGH_STREET else "社区居委会",
                "diverted_yuan": DIVERTED.get((number, year), 0) if looked else None,
                "spent_yuan": round(received * spent_share, 2) if year < 2011 else None, "document_no": f"棠财社〔{year}〕{11 + number % 7}号",
            })  # fmt: skip
    return rows


def pay(communities: list[Row]) -> list[Row]:
    """A row a community, year and post: persons, the lowest pay a month, and how many are insured."""
    rng, rows = stream("community pay"), []
    of_low = [n for n, row in enumerate(communities) if row["district_code"] == LOW]
    rich = {of_low[n] for n in ENTERPRISE}
    for number, community in enumerate(communities):
        district, staff = community["district_code"], 1 + int(community["population"]) // 2200
        for year in YEARS[:-1]:
            for post, persons in (("书记", 1), ("主任", 1), ("工作人员", staff)):
                usual = (1200 + 10 * rng.randrange(16)) if post != "工作人员" else (800 + 10 * rng.randrange(11))
                low = (1000 + 10 * rng.randrange(16)) if post != "工作人员" else (600 + 10 * rng.randrange(20))
                lacking = district == LOW and number not in rich
                paid = low if lacking else {True: 780, False: 1150}[post == "工作人员"] if district == SLIGHTLY_LOW else usual
                insured = 0 if lacking else persons
                rows.append({
                    "community_code": community["community_code"], "year": year, "post": post, "persons": persons,
                    "least_monthly_pay_yuan": paid, "medical_insured": insured, "pension_insured": insured,
                    "unemployment_insured": 0 if district == THIRD_LACKING else insured,
                })  # fmt: skip
    return rows


def meant(communities: list[Row]) -> dict[str, dict[str, str]]:
    """Rule -> key of the row -> what is wrong with it on purpose."""
    codes = [str(row["community_code"]) for row in communities]
    large = [n for n, row in enumerate(communities) if int(row["population"]) >= LARGE]
    return {
        "CF01": {f"{codes[n]} / {year}": f"{amount} yuan" for (n, year), amount in BELOW.items()}
        | {f"{codes[n]} / {year}": "less arrived than the standard" for n, year in KEPT_BACK}
        | {
            f"{codes[n]} / {year}": "large, and no more: a lead"
            for n in large[:LARGE_NOT_MORE]
            for year in YEARS[:-1]
            if year > communities[n]["valid_from"].year  # in the year in which it was founded nothing is asked for
        },
        "CF04": {f"{codes[n]} / {year}": "through the street office" for n in THROUGH_STREET for year in YEARS},
        "CF05": {f"{codes[n]} / {year}": f"{amount} yuan" for (n, year), amount in DIVERTED.items()},
        "CF06": {codes[NOT_REGISTERED[0]]: f"no row for {NOT_REGISTERED[1]}"},
    }
