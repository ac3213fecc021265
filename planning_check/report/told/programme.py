"""What is said of the programme's order: the parts of every score and their weights."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from planning_check.errors import Text
from planning_check.report.told.numbers import number
from planning_check.siting.kinds import PARTS
from planning_check.siting.programme import Programme, Share, Standing

#: Names of the columns, for programs; of every part and the score the least and the most that it can be.
COLUMNS = ("order", "community_code", "community_name", "district", "score_least", "score_most",
           *(f"{part}_{end}" for part in PARTS for end in ("least", "most")), "rules")  # fmt: skip


def title(found: Programme) -> Text:
    """What it is about."""
    return Text(f"待建设的社区先后（截至 {found.as_of}）", f"Communities to build up, in order (as of {found.as_of})")


def basis(found: Programme) -> list[Text]:
    """The score in words, with its weights; and what nobody verified."""
    weights = {part: number(found.weights[part].value) for part in PARTS}
    label = found.kind.label
    return [
        Text("得分 = " + " + ".join(f"{PARTS[part].zh} × {weight}" for part, weight in weights.items()) + "，各项 0 到 1；不明的按可能的最低和最高"
             "都算，先按最低分排",
             "score = " + " + ".join(f"{PARTS[part].en} × {weight}" for part, weight in weights.items())
             + ", each part from 0 to 1; what is not known is reckoned at the least and at the most "
             "that it can be, and the least goes first"),
        Text(f"未服务人口按“{label.zh}”；租期在 {found.lease_days.value} 天内届满的算将满；权重写在 facilities.yaml，未核对，由会议定",
             f"people unserved by '{label.en}'; a lease that ends within {found.lease_days.value} days ends soon; the weights stand in "
             "facilities.yaml, are not verified, and are for the meeting to settle"),
    ]  # fmt: skip


def spanned(least: Decimal, most: Decimal) -> str:
    """One number, or the least and the most."""
    low, high = (number(value, 2) for value in (least, most))
    return low if low == high else f"{low}-{high}"


def part_text(share: Share) -> str:
    """A part as it is shown; ? where it can be anything."""
    return "?" if share.least == 0 and share.most == 1 else spanned(share.least, share.most)


def record(place: int, line: Standing) -> dict[str, Any]:
    """One community for programs."""
    parts = [getattr(line.parts[part], end).quantize(Decimal("0.0001")) for part in PARTS for end in ("least", "most")]
    return dict(
        zip(COLUMNS, (place, line.code, line.name, line.district, line.least, line.most, *parts, ",".join(line.rules)), strict=True)
    )
