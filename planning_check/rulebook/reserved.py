"""Names that an own table, its fields and facts cannot have: the program's own tables and columns, and words of the database."""

#: Words that the database does not take as a bare name of a column.
_WORDS = (
    "all analyse analyze and anti any array as asc asof asymmetric at authorization between bigint binary bit boolean both by case cast "
    "char character check coalesce collate collation column columns concurrently constraint create cross dec decimal default deferrable "
    "desc describe distinct do else end except exists extract false fetch float for foreign freeze from full generated glob group grouping "
    "grouping_id having ilike in initially inner inout int integer intersect interval into is isnull join lambda lateral leading left like "
    "limit map national natural nchar none not notnull null nullif numeric offset on only or order out outer overlaps overlay pivot "
    "pivot_longer pivot_wider placing position positional precision primary qualify real references returning right row select semi setof "
    "show similar smallint some struct substring summarize symmetric table tablesample then time timestamp to trailing treat trim true "
    "try_cast tuple union unique unpack unpivot using values varchar variadic verbose when where window with xmlattributes xmlconcat "
    "xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable"
)
WORDS = frozenset(_WORDS.split())
#: Columns that stand beside the fields of a row and the facts of a subject.
_COLUMNS = (
    "row_id row_ids row_key source_id not_read key_text conflicts settled as_of geometry_crs belongs_to law law_state project phases param "
    "subject subject_key told_key scenario ordinance_id ordinance_sha256 verified register_letters longitude latitude"
)
COLUMNS = frozenset(_COLUMNS.split())
#: How the tables begin that the program makes of others.
PREFIXES = (
    "raw_", "fact_", "judged_", "judging_", "lawful_", "governing_", "evidence_", "told_", "subject_source_", "cited_", "typed_", "united_",
)  # fmt: skip
#: The tables, views and macros that it makes itself.
_TABLES = (
    "act apart area_of astray astray_near bad balance bare_name beside block_key border_box boundary box_of called_key carried cells "
    "change checked cited city_box claimed claimed_twice code_check community_hole community_shape confirmed_name contract correction "
    "counted coverage_line crs_taken current_community delivered deposit_event deposit_ledger developer_called disagreement doubt "
    "exposure facility_place falls_due field_label filled finding finding_class finding_head finding_lacks finding_line finding_rule "
    "finding_subject forfeiture_heard found_use fund_in fund_line fund_out fund_own geo_choice grouped handed handed_again handed_known "
    "handed_once handed_room handed_told handover_receiver has_kind heading_seen heard hole hole_text id_key in_lieu_by_project "
    "in_lieu_payment instrument is_any_day is_filler is_price_of is_slight kept_rows key_seen keys_of_it known lacking land_piece "
    "land_project land_total law_base law_version layer_frame leading_finding leading_list ledger_day letter listed_price long_number_of "
    "loose lost_id lost_owner lost_place lost_row made marks match_candidate match_facility match_office match_pair matched maybe_lost "
    "moved name_key named_subject near near_district near_pair nobodys number_of office_place outcome_without outside overlap_piece own "
    "own_reference own_subject pairs_found parcel_box parcel_of part percent_of permit_key piece place plain_number point point_place "
    "points problem profile project_fund project_gap project_group project_hole project_land project_life project_to_come project_told "
    "quarantine reason receipt_key recorded register register_count register_of register_told registered repeated_receipt robustness room "
    "room_alike room_claim room_heard room_pair room_project room_spot room_sum rows rows_of_it rule_place sampled shape sheet_seen slip "
    "source source_column spot standing subject_geometry subject_info successor table_label title_of title_part told twofold unit_of "
    "unjudged_line unread unread_register was_not_read"
)
TABLES = frozenset(_TABLES.split())
