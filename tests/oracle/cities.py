"""Invented cities by seed: small deliveries full of what real registers hold, readable all the same, for the package and the oracle alike.

A city is written as CSV with the field names, one workbook with Chinese headings (handovers) and two GeoPackage layers.
"""

from __future__ import annotations

import datetime as dt
import random
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pyproj
import shapely

from tests.oracle.chance import Chance
from tests.oracle.writing import write

DISTRICT = "990102"
FIRST_DAY, LAST_DAY = dt.date(2006, 4, 9), dt.date(2011, 6, 30)
SIDE_M, SLOT_M, ACROSS = 1000, 125, 4
TO_DEGREES = pyproj.Transformer.from_crs(4545, 4490, always_xy=True).transform
PRICES = ((dt.date(2005, 1, 1), dt.date(2008, 12, 31), 2000), (dt.date(2009, 1, 1), None, 2500))


def q2(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


#: What real registers hold beyond one room, one receipt and one committee.
FEATURES = frozenset({
    "others", "contract", "phases", "prices", "twins", "forfeited", "instruments", "extensions", "free_text", "odd_rooms", "unknown_kind",
    "passed_off", "blank_odd", "own_overlap", "given_back", "contract_use",
})  # fmt: skip


class Maker(Chance):
    """One city; every draw comes from the seed. ``without`` leaves features out (``FEATURES``),
    to see which one a difference comes from."""

    def __init__(self, seed: int, projects: int = 40, communities: int = 8, without: frozenset[str] = frozenset()):
        assert without <= FEATURES, without - FEATURES
        self.rng = random.Random(seed)
        self.without = without
        self.rows: dict[str, list[dict]] = {
            name: []
            for name in ("projects", "premises", "handovers", "payments", "deposits", "demands", "communities", "offices", "unit_prices")
        }
        self.parcels: list[tuple[str, str, shapely.Polygon]] = []
        self.borders: list[tuple[str, shapely.Polygon]] = []
        self.communities(communities)
        self.prices()
        development = None
        for number in range(projects):
            if development and development[1] < development[2]:
                development = (development[0], development[1] + 1, development[2])
            else:
                development = (f"ZT{number:04d}", 1, self.rng.choice([2, 2, 3])) if self.has("phases") and self.chance(0.1) else None
            self.project(number, development)
        if self.has("twins"):
            self.twin_rooms()

    # ---- ground

    def communities(self, count: int) -> None:
        for i in range(count):
            code = f"{DISTRICT}001{i + 1:03d}"
            x, y = 500_000 + SIDE_M * (i % ACROSS), 3_720_000 + SIDE_M * (i // ACROSS)
            self.borders.append((code, shapely.box(x, y, x + SIDE_M, y + SIDE_M)))
            self.add(
                "communities",
                community_code=code,
                community_name=f"甲{i + 1}",
                kind="小区型",
                district_code=DISTRICT,
                valid_from="2000-01-01",
            )
            tenure = self.rng.choice(
                ["自有（有产权）", "自有（无产权）", "政府调配", "租用", "借用", "协调使用", "临时用房", "合署办公", "无用房", "不明"]
            )
            off = self.pick((0, 5), (SIDE_M, 1), (40, 1))  # its middle, a neighbour's, or just over the border
            lon, lat = TO_DEGREES(x + (SIDE_M + off if off == 40 else SIDE_M / 2 + off), y + SIDE_M / 2)
            place = {"lon": f"{lon:.7f}", "lat": f"{lat:.7f}"} if self.chance(0.9) else {"lon": None, "lat": None}
            self.add("offices", office_id=f"BG{i + 1:03d}", community_code=code, tenure=tenure, since="2001-01-01", **place)

    def prices(self) -> None:
        for start, end, price in PRICES:
            self.add("unit_prices", zone=DISTRICT, use="社区用房", from_on=start, to_on=end, price_yuan_per_m2=price)

    def land(self, number: int, project: str) -> tuple[str, float, float]:
        """Draws the project's parcel in its slot; gives community, and a point inside."""
        per_row = SIDE_M // SLOT_M
        index = number % len(self.borders)
        code, border = self.borders[index]
        slot = (number // len(self.borders)) % (per_row * (per_row - 1))
        x, y = border.bounds[0] + SLOT_M * (slot % (per_row - 1)) + 10, border.bounds[1] + SLOT_M * (slot // (per_row - 1)) + 10
        wide, high = self.rng.randint(50, 90), self.rng.randint(50, 90)
        if self.chance(0.08):  # over the border in the east, or over a neighbour's land
            x += self.rng.choice([SIDE_M - SLOT_M * (slot % (per_row - 1)) - 40, 100])
        shape = shapely.box(x, y, x + wide, y + high)
        if self.chance(0.95):
            self.parcels.append((f"{code}GB{number:05d}", project, shape))
        if self.has("own_overlap") and self.chance(0.08):  # a second parcel of its own, drawn partly over the first
            self.parcels.append((f"{code}GB{number + 50_000:05d}", project, _up(shape, high / 2)))
        return code, x + wide / 2, y + high / 2

    # ---- a project

    def project(self, number: int, development: tuple[str, int, int] | None) -> None:
        rng, key = self.rng, f"P{number:04d}"
        code, x, y = self.land(number, key)
        approved = self.pick(
            (self.after(dt.date(2005, 6, 1), 0, 300), 2),
            (FIRST_DAY, 0.5),
            (FIRST_DAY - dt.timedelta(1), 0.5),
            (self.after(FIRST_DAY, 0, 1500), 14),
        )
        permitted = self.after(approved, 40, 200)
        completed = self.after(permitted, 300, 900)
        accepted = self.after(completed, 10, 90)
        happened = [day if day <= LAST_DAY else None for day in (accepted, self.after(accepted, -20, 120))]
        base = self.pick(
            (Decimal(rng.randint(20, 900)) * 100, 3),
            (Decimal("1000.50"), 1),
            (Decimal(rng.randint(100_000, 9_000_000)) / 100, 4),
            (Decimal("33333.50"), 1),
        )
        survey = self.pick((base, 4), (q2(base * Decimal("1.0371")), 1))
        row = self.add(
            "projects", project_id=key, project_name=f"{key}苑", district_code=DISTRICT, community_code=code,
            uses=self.pick(("住宅", 8), ("住宅、商业", 4), ("商业", 1), (None, 0.5)),
            designated_community_code=self.pick((code, 8), (rng.choice(self.borders)[0], 1), (None, 1)),
            conditions_state_duty=self.pick(("是", 2), ("否", 1), (None, 2)) if self.has("contract") else None,
            land_acquired_on=self.told(self.after(approved, -400, -60), 0.2), plan_approved_on=self.told(approved),
            permitted_on=self.told(permitted), completed_on=self.told(completed), planning_accepted_on=self.told(happened[0]),
            delivered_on=self.told(happened[1], 0.2), plan_total_m2=self.pick((base, 20), (None, 1)),
            permit_total_m2=self.pick((base, 20), (None, 1)),
            survey_total_m2=self.pick((survey, 12), (None, 1)) if completed <= LAST_DAY else None,
            premises_register_complete=self.pick(("是", 6), ("否", 1), (None, 2)),
            development_id=development and development[0], phase_no=development and development[1],
            phase_count=development and development[2],
            plan_states_area_m2=None,
        )  # fmt: skip
        if row["uses"] is None and row["conditions_state_duty"] == "是" and not self.has("contract_use"):
            row["uses"] = "住宅"
        required = max(q2(base * Decimal("0.01")), Decimal("0.01"))
        meant = self.pick(
            (required, 4),
            (required - Decimal("0.01"), 1),
            (required + Decimal("0.01"), 1),
            (q2(required / 2), 2),
            (Decimal(0), 2),
            (required * 2, 1),
        )
        if self.chance(0.3):
            row["plan_states_area_m2"] = meant
        rooms = self.rooms(row, meant, x, y) if meant and self.chance(0.9) else []
        if self.chance(0.2):
            self.pay(row, self.pick((required - meant, 2), (required, 2), (q2(required / 3), 1)), approved, completed)
        for room in rooms:
            self.hand(row, room, accepted)
        if self.chance(0.05):
            self.hand(row, None, accepted)
        if self.chance(0.75):
            self.deposit(row, permitted, accepted)
        if self.chance(0.4):
            self.demand(row, accepted)

    def rooms(self, project: dict, meant: Decimal, x: float, y: float) -> list[dict]:
        count = self.pick((1, 6), (2, 2), (3, 1))
        parts = [q2(meant / count)] * (count - 1)
        parts.append(meant - sum(parts))
        found, odd = [], 0.4 if self.has("odd_rooms") else 0
        for number, part in enumerate(parts):
            lon, lat = TO_DEGREES(x + 3 * number, y)
            place = {"lon": f"{lon:.7f}", "lat": f"{lat:.7f}"} if self.chance(0.9) else {"lon": None, "lat": None}
            kind = (
                self.pick(("社区用房", 14), ("物业用房", 1), ("其他配套用房", 0.5), ("业委会用房", 0.3))
                if self.has("odd_rooms")
                else "社区用房"
            )
            if self.has("unknown_kind") and self.chance(0.04):
                kind = None
            toward = self.pick(("社区用房义务", 12), (None, 3), ("其他配建义务", odd), ("不计入", odd))
            if kind not in ("社区用房", None) and not self.has("passed_off"):
                toward = "不计入"
            temporary = self.pick(("否", 8), (None, 3), ("是", odd))
            is_odd = temporary == "是" or kind != "社区用房" or toward in ("其他配建义务", "不计入")
            blank = 0 if is_odd and not self.has("blank_odd") else 1
            found.append(
                self.add(
                    "premises", premises_id=self.number("premises", "R"), project_id=project["project_id"], kind=kind,
                    planned_m2=self.pick((part, 20), (None, blank)), permitted_m2=self.pick((part, 20), (None, blank)),
                    surveyed_m2=self.pick((part, 20), (None, blank), (max(part - 1, Decimal(1)), 1)),
                    building=self.rng.choice(["1号楼", "2号楼", "3号楼"]),
                    floor_from=self.rng.choice([1, 2]), counts_toward=toward,
                    temporary=temporary, title_no=self.pick((None, 8), ("办理中", 1), ("见附件", 0.5)) if self.has("free_text") else None,
                    unit_code=None, **place,
                )
            )  # fmt: skip
        if self.chance(0.2):
            self.add("premises", premises_id=self.number("premises", "R"), project_id=project["project_id"],
                     kind="物业用房", surveyed_m2=50, planned_m2=50,
                     permitted_m2=50, counts_toward="不计入", building="9号楼", floor_from=1)  # fmt: skip
        return found

    def hand(self, project: dict, room: dict | None, accepted: dt.date) -> None:
        day = self.pick((self.after(accepted, -60, -1), 6), (accepted, 1), (self.after(accepted, 1, 90), 1), (None, 2))
        if day is None or day > LAST_DAY:
            return
        own = project["designated_community_code"] or project["community_code"]
        area = (room and (room["surveyed_m2"] or room["planned_m2"])) or Decimal(100)
        kinds = self.pick(
            (("社区居委会",), 12),
            (("物业公司",), 1),
            (("物业公司", "社区居委会"), 1),
            (("业委会",), 0.4),
            (("街道办",), 0.4),
            ((None,), 0.4),
        )
        for kind in kinds if self.has("others") else ("社区居委会",):
            self.add(
                "handovers", handover_id=self.number("handovers", "H"), project_id=project["project_id"],
                premises_id=room and room["premises_id"],
                community_code=self.pick((own, 9), (self.rng.choice(self.borders)[0], 1), (None, 0.3)), recipient_kind=kind,
                area_m2=self.pick((area, 9), (max(area - 20, Decimal(1)), 1)), handed_over_on=self.told(day, 0.02, 0.08),
                price_yuan=self.pick((0, 8), (None, 2), (50_000, 0.4)) if self.has("others") else 0,
            )  # fmt: skip
            day = min(self.after(day, 0, 40), LAST_DAY)

    def pay(self, project: dict, area: Decimal, approved: dt.date, completed: dt.date) -> None:
        if area <= 0:
            return
        for part in self.pick(((1,), 3), ((Decimal("0.5"), Decimal("0.5")), 1)):
            agreed = self.after(approved, 30, 700)
            listed = next(price for start, end, price in PRICES if start <= agreed and (end is None or agreed <= end))
            price = self.pick((listed, 8), (listed - 400, 1), (listed + 300, 0.5), (None, 0.5)) if self.has("prices") else listed
            amount = q2(area * part * (price or listed)) + self.pick((Decimal(0), 4), (Decimal("-0.01"), 1), (Decimal("13.37"), 1))
            received = self.pick((self.after(agreed, 5, 60), 8), (None, 1))
            stated = self.chance(0.9) or not self.has("prices")
            gone = received and agreed < dt.date(2010, 6, 1) and self.has("given_back") and self.chance(0.08)
            back = self.after(agreed, 100, 300) if gone else None
            self.add(
                "payments", payment_id=self.number("payments", "Z"), project_id=project["project_id"], amount_yuan=amount,
                agreement_no=f"协{len(self.rows['payments'])}" if stated else None, agreed_on=agreed if stated else None,
                unit_price_yuan_per_m2=price,
                received_on=received if received and received <= LAST_DAY else None, receipt_no=f"S{len(self.rows['payments']):06d}",
                account="市财政专户", refunded_on=back,
            )  # fmt: skip

    def event(self, project: dict, what: str, amount: object, day: dt.date, **more: object) -> None:
        if day <= LAST_DAY:
            self.add(
                "deposits",
                event_id=self.number("deposits", "B"),
                project_id=project["project_id"],
                event=what,
                amount_yuan=amount,
                event_on=day,
                **more,
            )

    def deposit(self, project: dict, permitted: dt.date, accepted: dt.date) -> None:
        amount = Decimal(self.rng.randint(3, 80)) * 10_000 + self.pick((Decimal(0), 3), (Decimal("0.05"), 1))
        self.event(project, "应缴", amount, permitted)
        receipts = []
        for part in self.pick(((amount,), 4), ((amount / 2, amount - amount / 2), 1)):
            receipts.append((f"{20_060_000 + len(self.rows['deposits'])}", part))
            expires = self.after(accepted, -200, 300) if self.has("instruments") and self.chance(0.15) else None
            self.event(project, "缴存", part, self.after(permitted, 1, 30), receipt_no=receipts[-1][0], guarantee_expires_on=expires)
        receipt, part = receipts[0]
        what, share = self.pick(
            (("退还", 1), 2),
            (("退还", Decimal("0.4")), 1),
            (("没收", 1), 0.5),
            (("没收", Decimal("0.25")), 0.7),
            (("抵扣", Decimal("0.1")), 0.3),
            ((None, 0), 5),
        )
        if what and (what == "退还" or self.has("forfeited")):
            day = self.pick((self.after(accepted, -80, -1), 1), (self.after(accepted, 1, 100), 2))
            self.event(
                project,
                what,
                q2(part * share),
                day,
                receipt_no=receipt if self.chance(0.7) else None,
                decision_no="决1" if what == "没收" else None,
            )

    def demand(self, project: dict, accepted: dt.date) -> None:
        for _ in range(self.pick((1, 5), (2, 1))):
            served = self.after(accepted, 20, 200)
            if served > LAST_DAY:
                return
            deadline = self.pick(
                (self.after(served, 20, 60), 5), (LAST_DAY, 0.5), (LAST_DAY - dt.timedelta(1), 0.5), (LAST_DAY + dt.timedelta(30), 1)
            )
            longer = self.after(max(deadline, LAST_DAY), 1, 60) if self.has("extensions") and self.chance(0.15) else None
            self.add("demands", demand_id=self.number("demands", "C"), project_id=project["project_id"],
                     served_on=served, deadline_on=max(deadline, served),
                     document_no="催1", extended_to=longer, extension_no="延1" if longer and self.chance(0.5) else None)  # fmt: skip

    def twin_rooms(self) -> None:
        """Rooms of two projects told alike: by one unit code, by a word in place of a title, or by building, floor and area alone."""
        listed = [room for room in self.rows["premises"] if room.get("surveyed_m2") and room.get("kind") == "社区用房"]
        for number in range(len(listed) // 12):
            one, other = self.rng.sample(listed, 2)
            if one["project_id"] == other["project_id"]:
                continue
            proof = self.pick(("unit", 1), ("word", 1), ("alike", 1))
            if proof == "unit":
                one["unit_code"] = other["unit_code"] = f"{DISTRICT}001001GB{number + 1:05d}F00010001"
            elif proof == "word":
                one["title_no"] = other["title_no"] = "见附件"
            for name in ("building", "floor_from"):
                other[name] = one[name]

    def write(self, folder: Path) -> Path:
        """The files of the city in a folder."""
        return write(self, folder)


def _up(shape: shapely.Polygon, by: float) -> shapely.Polygon:
    return shapely.transform(shape, lambda points: points + np.array([0, by]))
