"""Estates, rooms and payments that may be claimed twice, and what is found of them."""

from tests.facts.tables import connection

UNIT = "990101001001GB00001F00010001"
FILLERS = [
    "办理中",
    "见附件",
    "正在办理",
    "暂未办理",
    "待办",
    "无",
    "/",
    "0001",
    "1",
    "0",
    "00000",
    "附件12",
    "详见档案2009-15",
    "有",
    "产权证办理中",
    "申请中2011",
]


def estate(number, **values):
    return {"project_id": f"P{number}", "project_name": f"{number}号院", "district_code": "990101", "community_code": "C1", **values}


def room(number, of, **values):
    return {"premises_id": f"R{number}", "project_id": f"P{of}", "kind": "community", "surveyed_m2": 200, **values}


def handover(number, of, on, **values):
    return {
        "handover_id": f"H{number}",
        "project_id": f"P{of}",
        "premises_id": f"R{number}",
        "area_m2": 200,
        "handed_over_on": on,
        **values,
    }


def spot(number, x=0.0, y=0.0, half=0.0):
    """Where room ``number`` lies, in metres; drawn as a square with ``half`` a side."""
    return {"premises_id": f"R{number}", "x": x, "y": y, "west": x - half, "south": y - half, "east": x + half, "north": y + half}


def told(*rooms, projects=None, handovers=(), **rest):
    projects = projects or [estate(n) for n in sorted({int(r["project_id"][1:]) for r in rooms})]
    return connection(projects=projects, premises=list(rooms), handovers=list(handovers), **rest)


def claims(*rooms, **rest):
    """(room, the other, its project, claimed elsewhere first) of every room."""
    return (
        told(*rooms, **rest)
        .execute("""SELECT r.premises_id, same_room_premises_id, same_room_project_id,
                           CASE WHEN c.premises_id IS NULL THEN false ELSE is_claimed_elsewhere END
                    FROM premises r LEFT JOIN room_claim c USING (premises_id) ORDER BY 1""")
        .fetchall()
    )


def leads(*rooms, **rest):
    """What each room resembles, and how; nothing of it may be claimed elsewhere."""
    con = told(*rooms, **rest)
    assert not con.execute("FROM room_claim").fetchall()
    assert not con.execute("FROM claimed_twice WHERE handed_elsewhere_m2 > 0").fetchall()
    query = "SELECT resembling_premises_id, resembling_by FROM premises LEFT JOIN room_alike USING (premises_id) ORDER BY premises_id"
    return con.execute(query).fetchall()


def twice(**rows):
    """Per project: handed over that another has first, paid in lieu on a receipt used before."""
    con = connection(**rows)
    return con.execute("SELECT handed_elsewhere_m2, in_lieu_twice_m2 FROM claimed_twice ORDER BY project_id").fetchall()


def receipts(projects, payments, **rest):
    """Payment -> the one that used its receipt before."""
    return dict(connection(projects=projects, payments=payments, **rest).execute("FROM repeated_receipt").fetchall())
