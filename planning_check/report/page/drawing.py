"""The map of the page: shapes in degrees, simplified until they are few enough to be drawn at once."""

from __future__ import annotations

from bisect import bisect_left
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from planning_check.errors import Text
from planning_check.report.told.pack import Pack
from planning_check.report.told.places import PIECES, located

if TYPE_CHECKING:
    import numpy as np

#: Corners in all; a city with more is drawn coarser. Of each kind what is left beyond MOST_SHAPES is not drawn, and counted.
MOST_CORNERS, MOST_SHAPES = 120_000, 6_000
#: Upper ends of the classes of missing area, the last class is above them all. They tell by how much, and judge nothing.
SHORTAGES_M2 = (100, 200, 300, 500)
#: Outcomes without a verdict.
OPEN = ("error", "undetermined")
_FINEST_DEGREES, _COARSEST_DEGREES = 5e-6, 5e-3


def drawn(pack: Pack, lang: str) -> dict[str, Any]:
    """``communities`` and ``districts``: [code, name, rings]; ``names``: [code, name, [lat, lon], is_district], the first to be written
    first; ``land``: [project, rings, number of its class of :data:`SHORTAGES_M2` or None where nothing is missing]; ``parcels``: [key,
    rings] of those that findings are about; ``pieces``: land shared by two, [kind, key, rings]; ``points``: [kind, key, name, lat, lon];
    ``matches``: [office, facility]; ``legend``: see :func:`legend`.

    ``left``: how much land, how many parcels, pieces and points are not drawn.
    """
    import shapely

    places = located(pack.shapes())
    kinds = {kind: places.layer(kind) for kind in ("project", "office", "premises", "idle_facility")}
    communities, land = places.layer("community"), kinds.pop("project")
    of_parcels = [rule.rule_id for rule in pack.rules if rule.subject == "parcel"]
    about = {f["subject_key"] for rule in of_parcels for code in ("violation", *OPEN) for f in pack.findings(rule=rule, outcome=code)}
    parcels = [one for one in places.layer("parcel") if one[0] in about]
    shared = [(kind, key, shape) for kind in PIECES for key, _, shape in places.layer(kind)]
    left = sum(max(0, len(things) - MOST_SHAPES) for things in (land, parcels, shared, *kinds.values()))
    land, parcels, shared = land[:MOST_SHAPES], parcels[:MOST_SHAPES], shared[:MOST_SHAPES]
    outlines = _simple([shape for *_, shape in communities], coverage=True)
    plots = _simple([shape for *_, shape in land], coverage=False)
    own = _simple([shape for *_, shape in parcels], coverage=False)
    pieces = _simple([shape for *_, shape in shared], coverage=False)
    districts = _districts(pack, [key for key, *_ in communities], outlines, lang)
    points = []
    for kind, things in kinds.items():
        for key, name, shape in things[:MOST_SHAPES]:
            middle = shapely.centroid(shape)
            if not shapely.is_empty(middle):
                points.append([kind, key, name or "", *_at(middle)])
    there = {(p[0], p[1]) for p in points}
    lines = pack.matching.lines if pack.matching else ()
    missing = {line.key: line.area_m2 for line in pack.summary.of("violations").lines if line.subject == "project"}
    largest = sorted(range(len(communities)), key=lambda i: (-shapely.area(outlines[i]), communities[i][0]))
    return {
        "left": left,
        "communities": [[key, name, _rings(shape)] for (key, name, _), shape in zip(communities, outlines, strict=True)],
        "districts": [[key, name, _rings(shape)] for key, name, shape in districts],
        "names": [[key, name, _inside(shape), 1] for key, name, shape in districts]
        + [[communities[i][0], communities[i][1] or communities[i][0], _inside(outlines[i]), 0] for i in largest
           if not shapely.is_empty(outlines[i])],
        "land": [[key, _rings(shape), shortage(missing.get(key))] for (key, *_), shape in zip(land, plots, strict=True)],
        "parcels": [[key, _rings(shape)] for (key, *_), shape in zip(parcels, own, strict=True)],
        "pieces": [[kind, key, _rings(shape)] for (kind, key, _), shape in zip(shared, pieces, strict=True)],
        "points": points,
        "matches": [
            [line.office_id, line.facility_id] for line in lines
            if line.facility_id and ("office", line.office_id) in there and ("idle_facility", line.facility_id) in there
        ],
        "legend": legend(lang),
    }  # fmt: skip


def shortage(area_m2: Decimal | None) -> int | None:
    """The number of the class of a missing area; None where none is missing."""
    return bisect_left(SHORTAGES_M2, area_m2) if area_m2 is not None and area_m2 > 0 else None


def legend(lang: str) -> list[tuple[str, str]]:
    """The signs of the map and what they stand for: shape and colour say the same. Shown is what is drawn."""
    ends = ("0", *(str(end) for end in SHORTAGES_M2))
    signs = [(f"short{i}", Text(f"缺 {low}-{high} ㎡", f"missing {low}-{high} ㎡")) for i, (low, high) in enumerate(pairwise(ends))]
    signs += [
        (f"short{len(SHORTAGES_M2)}", Text(f"缺 {ends[-1]} ㎡以上", f"missing more than {ends[-1]} ㎡")),
        ("unshort", Text("别的违规（不缺面积）", "in violation otherwise")),
        ("deposits", Text("拟没收保证金项目用地", "deposit to forfeit")),
        ("overlap", Text("重叠部分", "land shared by two")),
        ("undetermined", Text("未能判定", "not determined")),
        ("other", Text("别的问题（不在三份名单上）", "other findings, on none of the three lists")),
        ("dismissed", Text("不予认定", "dismissed")),
        ("offices", Text("未解决的租借办公用房", "rented or borrowed office")),
        ("office_other", Text("办公用房的别的问题", "other findings about an office")),
        ("room", Text("有问题的用房", "room with a finding")),
        ("idle", Text("闲置公共设施", "idle public facility")),
        ("match", Text("建议的匹配", "proposed match")),
        ("told", Text("社区，本身有问题的", "community with a finding of its own")),
        ("community", Text("社区", "community")),
        ("district", Text("区县边界", "border of a district")),
    ]
    return [(code, text.get(lang)) for code, text in signs]


def _districts(pack: Pack, codes: list[str], outlines: np.ndarray, lang: str) -> list[tuple[str, str, Any]]:
    """Code, name and shape of the districts that the codes of communities begin with."""
    import shapely

    known = {one.code: pack.coverage.called(one, lang) for one in pack.coverage.groups if one.code} if pack.coverage else {}
    members: dict[str, list[Any]] = {}
    for code, shape in zip(codes, outlines, strict=True):
        own = next((district for district in known if code.startswith(district)), None)
        if own is not None:
            members.setdefault(own, []).append(shape)
    whole = {code: shapely.union_all(shapely.make_valid(shapes)) for code, shapes in sorted(members.items())}
    return [(code, known[code], shape) for code, shape in whole.items() if not shapely.is_empty(shape)]


def _inside(shape: Any) -> list[float]:
    """A point within the largest part of a shape, for its name."""
    import shapely

    parts = shapely.get_parts(shape)
    return _at(shapely.point_on_surface(parts[shapely.area(parts).argmax()]))


def _at(point: Any) -> list[float]:
    return [round(float(point.y), 6), round(float(point.x), 6)]


def _simple(shapes: list[Any], *, coverage: bool) -> np.ndarray:
    """The shapes with fewer corners: neighbours keep their common border where they are one coverage."""
    import numpy as np
    import shapely

    drawn_ = np.array([*shapes, None], object)[:-1]
    tolerance = _FINEST_DEGREES
    simple = drawn_
    while len(drawn_) and tolerance <= _COARSEST_DEGREES:
        simple = _thinned(drawn_, tolerance, coverage)
        if shapely.get_num_coordinates(simple).sum() <= MOST_CORNERS:
            break
        tolerance *= 3
    return simple


def _thinned(shapes: np.ndarray, tolerance: float, coverage: bool) -> np.ndarray:
    import shapely

    if coverage and shapely.is_valid(shapes).all():
        try:
            return shapely.coverage_simplify(shapes, tolerance)
        except shapely.errors.GEOSException:
            pass  # no coverage after all
    return shapely.simplify(shapes, tolerance, preserve_topology=True)


def _rings(shape: Any) -> list[list[list[list[float]]]]:
    """Outer and inner rings of every polygon as [latitude, longitude], to about a decimetre."""
    import shapely

    return [
        [[[round(y, 6), round(x, 6)] for x, y, *_ in ring.coords[:-1]] for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(shapely.get_parts(shape))
        if part.geom_type == "Polygon" and not part.is_empty
    ]
