"""Communities and their eight functions: unknown is not missing."""

from planning_check.facts.dictionary import EIGHT
from tests.facts.tables import connection, facts

KINDS = [c.code for c in EIGHT]
HAS = [f"has_{k}" for k in KINDS]


def community(code="C1", **values):
    return {"community_code": code, "community_name": code, "district_code": "990101", **values}


def facility(kind, code="C1"):
    return {"community_code": code, "kind": kind}


def test_there_are_eight():
    assert len(KINDS) == 8


def test_functions_listed_and_missing_in_the_order_of_the_dictionary():
    con = connection(communities=[community()], community_facilities=[facility(k) for k in ("library", "charity_shop", "party_office")])
    assert facts(con, "community", "functions", "missing_functions") == [(2, [k for k in KINDS if k not in ("library", "party_office")])]
    assert facts(con, "community", *HAS) == [tuple(k in ("library", "party_office") for k in KINDS)]


def test_all_eight():
    con = connection(communities=[community()], community_facilities=[facility(k) for k in KINDS])
    assert facts(con, "community", "functions", "missing_functions", *HAS) == [(8, [], *[True] * 8)]


def test_a_community_without_a_row_is_unknown_and_so_is_all_without_the_register():
    con = connection(communities=[community(), community("C2")], community_facilities=[facility("library", "C2")])
    assert facts(con, "community", "functions", "missing_functions", *HAS)[0] == (None,) * 10
    assert facts(connection(communities=[community()]), "community", "functions", "missing_functions", *HAS) == [(None,) * 10]


def test_a_facility_set_aside_leaves_what_is_not_listed_unknown():
    lost = {"table_name": "community_facilities", "community_code": "C1", "code": "unknown_choice"}
    con = connection(communities=[community()], community_facilities=[facility("library")], quarantine=[lost])
    assert facts(con, "community", "has_library", "has_police_room", "functions", "missing_functions") == [(True, None, None, None)]
    con = connection(communities=[community()], community_facilities=[facility(k) for k in KINDS], quarantine=[lost])
    assert facts(con, "community", "functions", "missing_functions") == [(8, [])]


def test_a_row_set_aside_elsewhere_leaves_the_functions_known():
    lost = {"table_name": "offices", "community_code": "C1", "code": "unknown_choice"}
    con = connection(communities=[community()], community_facilities=[facility("library")], quarantine=[lost])
    assert facts(con, "community", "functions") == [(1,)]


def test_communities_of_the_day():
    given = [
        community("C1", valid_to="2011-06-30"), community("C2", valid_to="2011-07-01"), community("C3", valid_from="2011-06-30"),
        community("C4", valid_from="2011-07-01"), community("C5", valid_from="2011-06", valid_to="2011-07"),
    ]  # fmt: skip
    con = connection(communities=given)
    assert [c for (c,) in facts(con, "community", "community_code")] == ["C2", "C3", "C5"]
    assert con.execute("SELECT value FROM profile WHERE name = 'communities'").fetchone() == (3,)
