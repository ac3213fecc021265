"""What is measured of an idle facility: what its owner offers, and which rented office is nearest; unknown stays unknown."""

from decimal import Decimal

from tests.facts.tables import connection


def test_what_its_owner_offers_is_known_only_where_it_was_told():
    con = connection(idle_facilities=[
        {"facility_id": "S1", "offered_path": ["open", "co_build"], "opening_hours": "周末 9:00-17:00", "capacity_persons": 80},
        {"facility_id": "S2"},
    ])  # fmt: skip
    columns = "opening_hours, capacity_persons, offers_open, offers_exchange, offers_co_build"
    assert con.execute(f"SELECT facility_id, {columns} FROM fact_idle_facility ORDER BY 1").fetchall() == [
        ("S1", "周末 9:00-17:00", 80, True, False, True), ("S2", None, None, None, None, None),
    ]  # fmt: skip


def test_the_nearest_office_has_the_name_of_its_community():
    con = connection(
        idle_facilities=[{"facility_id": "S1"}, {"facility_id": "S2"}], offices=[{"office_id": "B1", "community_code": "C1"}],
        communities=[{"community_code": "C1", "community_name": "甲社区"}],
        facility_place=[{"facility_id": "S1", "office_id": "B1", "metres": 120.5}],
    )  # fmt: skip
    found = con.execute("SELECT nearest_office_id, nearest_office_name, nearest_office_m FROM fact_idle_facility ORDER BY facility_id")
    assert found.fetchall() == [("B1", "甲社区", Decimal("120.5")), (None, None, None)]
