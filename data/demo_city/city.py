"""The city from the ground up: land, developments, rented offices, what became of everything, money, and the errors of the files."""

from __future__ import annotations

import shapely

from .acts import Books
from .communities import communities, facilities
from .developments import Development, blur, developments
from .fates import deal, designate, other_rooms
from .flaws import bad_rows, odd_records
from .ground import Place, ground
from .land_flaws import community_flaws, land_flaws, told_differently
from .lives import lives
from .money import deposits, unit_prices
from .money_papers import decisions, money_papers, reported_figures
from .offices import offices
from .papers import papers
from .proofs import handovers, proofs
from .quarters import idle_facilities, parcels, renewal_areas
from .rented import choose_rented
from .room_papers import office_papers, room_papers
from .settings import DISTRICTS, stream
from .sites import sites


def _people_and_land(places: list[Place], found: list[Development]) -> Books:
    """Books with the districts and communities in them."""
    rows = communities(places, found)
    prices = {d.code: d.prices for d in DISTRICTS}
    books = Books(stream("books"), [str(r["community_code"]) for r in rows], [str(r["community_name"]) for r in rows], prices)
    for row, place in zip(rows, places, strict=True):
        books.add("communities", **row, geometry=place.ground)
    for district in DISTRICTS:
        books.add("districts", district_code=district.code, district_name=district.name)
    return books


def _mark_blocks(places: list[Place], found: list[Development]) -> None:
    """Notes on the land which development took it, and for each development a neighbouring community."""
    for one in found:
        for block in one.site.blocks:
            block.taken = one.id
        if places[one.site.place].neighbours:
            one.site.extra["neighbour"] = places[one.site.place].neighbours[0]


def _room_positions(books: Books, found: list[Development]) -> None:
    """Each room somewhere on its development's land; one lies across the street,
    and who reports another's room does not say where it is."""
    rng = stream("room positions")
    land = {one.id: one.site.blocks[0].ground for one in found}
    for row in books.rows["premises"]:
        shape = land[str(row["project_id"])]
        x0, y0, x1, y1 = shape.buffer(-8).bounds
        spots = [shapely.Point(rng.uniform(x0, x1), rng.uniform(y0, y1)) for _ in range(12)]
        row["point"] = next((p for p in spots if shape.buffer(-5).contains(p)), shapely.point_on_surface(shape))
        if str(row["premises_id"]).endswith("-9"):
            row["point"] = None
    outside = books.rows["premises"][6]
    outside["point"] = shapely.Point(land[str(outside["project_id"])].bounds[2] + 25, outside["point"].y)


def make_city() -> tuple[Books, list[Development]]:
    """All rows of the delivery, errors included, and the developments with the situation of each."""
    places, _river = ground()
    found = developments(places, sites(places))
    _mark_blocks(places, found)
    books = _people_and_land(places, found)
    rented = choose_rented(places, found)
    deal(books, found)
    designate(books, found)
    other_rooms(books, found)
    blur(found)
    unit_prices(books)
    deposits(books, found)
    points = offices(books, places, rented)
    outdoor = {str(r["community_code"]): float(r["outdoor_m2"] or 0) for r in books.rows["offices"]}
    books.rows["community_facilities"] = facilities(books.rows["communities"], outdoor)
    renewed = shapely.union_all(renewal_areas(books, places, found, rented, points))
    idle_facilities(books, places, rented, points)
    odd_records(books, found)
    parcels(books, places, found)
    _room_positions(books, found)
    papers(books, found)
    lives(books, found)
    room_papers(books, found)
    office_papers(books)
    money_papers(books, found)
    decisions(books, found)
    reported_figures(books)
    land_flaws(books, found)
    community_flaws(books)
    told_differently(found)
    proofs(books, found)
    for one in found:
        one.row["in_renewal_area"] = bool(one.site.blocks[0].ground.intersects(renewed))
    bad_rows(books, found)
    books.rows["projects"] = [one.row for one in found]
    handovers(books)
    return books, found
