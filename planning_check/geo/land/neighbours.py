"""Projects whose land lies close together and that one developer, or one by a name much like it, has:
what might be one development cut up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning_check.geo.spread import built, diagonals, in_threads, pairs_of_boxes

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import shapely

    from planning_check.geo.land.parcels import Parcels
    from planning_check.measuring import Measuring


def write_neighbours(con: duckdb.DuckDBPyConnection, parcels: Parcels, near_m: float | None) -> None:
    """Write ``project_near``: pairs of projects with one developer code whose parcels are at most ``near_m`` apart, and the least distance.

    None: no rule asks for any. Parcels whose place is unknown are near nothing.
    """
    import numpy as np
    import pyarrow as pa
    import shapely

    these = np.flatnonzero((parcels.developers >= 0) & ~shapely.is_missing(parcels.shapes))
    if near_m is None or not len(these):
        return
    one, other = _candidates(parcels, these, near_m)
    metres = np.round(shapely.distance(parcels.shapes[one], parcels.shapes[other]), 2)
    near = metres <= near_m
    pairs = np.sort(np.stack([parcels.projects[one[near]], parcels.projects[other[near]]]), axis=0)
    con.register("near_pair", pa.table({"a": pairs[0], "b": pairs[1], "metres": metres[near]}))
    con.execute("""
        INSERT INTO project_near
        SELECT one.project_id, other.project_id, least.metres FROM (SELECT a, b, min(metres) AS metres FROM near_pair GROUP BY a, b) least
        JOIN land_project one ON one.project_no = a JOIN land_project other ON other.project_no = b ORDER BY a, b""")
    con.unregister("near_pair")


def _candidates(parcels: Parcels, these: np.ndarray, near_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of parcels of one developer but two projects, whose boxes are near enough.

    Every developer's boxes are moved to a strip of the plane of their own, so that a dense city does not bring up every pair of neighbours.
    """
    import shapely

    boxes = shapely.bounds(parcels.shapes[these])
    strip = float(boxes[:, 2].max() - boxes[:, 0].min()) + 4 * near_m
    boxes[:, [0, 2]] += (parcels.developers[these] * strip)[:, None]
    around = _widened(boxes, near_m)
    one, other = pairs_of_boxes(built(diagonals(boxes)), around)
    kept = (one < other) & (parcels.projects[these[one]] != parcels.projects[these[other]])
    return these[one[kept]], these[other[kept]]


def _widened(boxes: np.ndarray, metres: float) -> np.ndarray:
    """The boxes that much larger on all sides, and a little more, as boxes far out are less exact."""
    import numpy as np

    return boxes + metres * np.array([-1.01, -1.01, 1.01, 1.01])


#: A developer's own word: its name without what every company's has. Two are alike that are the same, or, both long,
#: differ in a few characters.
_ALIKE = """
INSERT INTO project_alike
WITH pair AS (SELECT DISTINCT a, b FROM beside), own AS MATERIALIZED (
    SELECT developer_name, regexp_replace(regexp_replace(developer_name, '[（(].*?[)）]|\\s', '', 'g'),
           '房地产|置业|地产|开发|投资|实业|建设|建筑|工程|发展|集团|控股|股份|有限|责任|总?公司|分公司|第[一二三四五六七八九十]+|[^省市区县]{1,4}[省市县]', '', 'g') AS word
    FROM (SELECT DISTINCT developer_name FROM projects)
), core AS MATERIALIZED (
    SELECT p.project_id, p.developer_code, n.project_no, own.word
    FROM projects p JOIN land_project n USING (project_id) JOIN own USING (developer_name)
), named AS MATERIALIZED (
    SELECT x.project_id AS one, y.project_id AS other, x.word AS word, y.word AS word_,
           x.developer_code IS DISTINCT FROM y.developer_code AS differ
    FROM pair JOIN core x ON x.project_no = a JOIN core y ON y.project_no = b
)
SELECT one, other, NULL FROM named
WHERE differ AND len(word) >= {least} AND len(word_) >= {least}
  AND (word = word_ OR (len(word) >= {long} AND len(word) = len(word_)
       AND len(list_filter(range(1, len(word) + 1), lambda i: word[i] <> word_[i])) <= {off}))
ORDER BY one, other
"""


def _alike(measuring: Measuring) -> str:
    return (
        _ALIKE.replace("{least}", str(measuring.alike_word_characters))
        .replace("{long}", str(measuring.alike_long_word_characters))
        .replace("{off}", str(measuring.alike_off_characters))
    )


def write_alike(con: duckdb.DuckDBPyConnection, parcels: Parcels, measuring: Measuring) -> None:
    """Write ``project_alike``: pairs of projects at most ``alike_m`` apart whose developers have
    different credit codes (or none) and names alike.

    Names alike are a hint for people, never a reason to merge: their least distance is written, and nothing else is concluded.
    """
    import numpy as np
    import pyarrow as pa
    import shapely

    these = np.flatnonzero((parcels.projects >= 0) & ~shapely.is_missing(parcels.shapes))
    alike_m = measuring.alike_m
    if alike_m is None or not len(these):
        return
    tree, count = built(parcels.shapes[these]), int(parcels.projects.max()) + 1

    def beside(block: np.ndarray) -> np.ndarray:
        one, other = _near_of(parcels, these, tree, block, alike_m)
        return np.unique(parcels.projects[one] * count + parcels.projects[other])

    pairs = np.unique(in_threads(beside, these))  # of projects, as one number: their parcels are far more pairs
    con.register("beside", pa.table({"a": pairs // count, "b": pairs % count}))
    con.execute(_alike(measuring))
    con.unregister("beside")
    _measure_alike(con, parcels, these, tree, alike_m)


def _near_of(
    parcels: Parcels, these: np.ndarray, tree: shapely.STRtree, block: np.ndarray, metres: float
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Pairs of parcels, the one in ``block``, whose boxes are that near, the project of the one having the smaller number.
    ``tree``: of the parcels ``these``."""
    import shapely

    one, other = pairs_of_boxes(tree, _widened(shapely.bounds(parcels.shapes[block]), metres))
    one, other = block[one], these[other]
    kept = parcels.projects[one] < parcels.projects[other]
    return one[kept], other[kept]


def _measure_alike(con: duckdb.DuckDBPyConnection, parcels: Parcels, these: np.ndarray, tree: shapely.STRtree, alike_m: float) -> None:
    """The least distance of the pairs found; those farther apart than ``alike_m`` go again."""
    import numpy as np
    import pyarrow as pa
    import shapely

    pairs = con.sql(
        "SELECT x.project_no AS a, y.project_no AS b FROM project_alike p JOIN land_project x ON x.project_id = p.project_id "
        "JOIN land_project y ON y.project_id = p.other_id"
    ).fetchnumpy()
    count = int(parcels.projects.max()) + 1
    one, other = _near_of(parcels, these, tree, these[np.isin(parcels.projects[these], pairs["a"])], alike_m)
    wanted = np.isin(parcels.projects[one] * count + parcels.projects[other], pairs["a"] * count + pairs["b"])
    one, other = one[wanted], other[wanted]
    metres = np.round(shapely.distance(parcels.shapes[one], parcels.shapes[other]), 2)
    con.register("apart", pa.table({"a": parcels.projects[one], "b": parcels.projects[other], "metres": metres}))
    con.execute("""
        UPDATE project_alike p SET metres = least.metres FROM (
            SELECT x.project_id AS one, y.project_id AS other, min(metres) AS metres FROM apart
            JOIN land_project x ON x.project_no = a JOIN land_project y ON y.project_no = b GROUP BY ALL
        ) least WHERE p.project_id = least.one AND p.other_id = least.other""")
    con.unregister("apart")
    con.execute(f"DELETE FROM project_alike WHERE metres IS NULL OR metres > {alike_m}")
