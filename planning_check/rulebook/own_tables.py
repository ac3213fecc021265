"""A city's own tables, read from ``tables/*.yaml`` of its rules folder: fields, whom a row belongs to, and facts over the rows.

No SQL text anywhere: what a fact counts is an expression of the rule language over the table's own fields and ``as_of``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from planning_check import following, schema
from planning_check.declared import BELONGS, OwnFact, OwnTable
from planning_check.errors import Text
from planning_check.facts.dictionary import SUBJECTS, Fact
from planning_check.rulebook.expressions import compile_expression
from planning_check.rulebook.nodes import Item, check_name, hint, read_yaml
from planning_check.rulebook.reserved import COLUMNS, PREFIXES, TABLES, WORDS
from planning_check.rulebook.rules import DEPARTMENTS
from planning_check.rulebook.scopes import day_scope, fact_scope
from planning_check.schema import Choice, Field, Table

#: The folder of a rules folder that holds them.
FOLDER = "tables"
_KEYS = ("table", "title", "aliases", "owner", "judged", "fields", "facts")
_FIELD = ("type", "need", "of", "zh", "en", "aliases", "note", "unit", "owner", "choices")
_FACT = ("count", "sum", "latest", "by", "where", "lookup", "zh", "en", "note")
_HOW = ("count", "sum", "latest")
_SUMMED = ("integer", "number", "area", "money")
_ORDERED = (*_SUMMED, "date")
_UNITS = {"area": "m2", "money": "yuan"}


def read_own_tables(files: Sequence[tuple[Path, str]]) -> tuple[OwnTable, ...]:
    """Read table files, each with the name that messages call it by. Raises RulebookError with file:line for the first mistake."""
    read: list[tuple[Item, OwnTable]] = []
    with following.in_force(()):
        for path, name in files:
            item = read_yaml(path, name=name)
            read.append((item, _table(item, path, [table for _, table in read])))
    bare = [table for _, table in read]
    with following.in_force(bare):  # what is looked up may be a fact that another of them gives
        return tuple(replace(table, facts=(*table.facts, *_lookups(item, table))) for item, table in read)


def _table(item: Item, path: Path, others: Sequence[OwnTable]) -> OwnTable:
    """One table with its facts, but for those that are looked up."""
    item.mapping(_KEYS)
    name = _table_name(item.need("table"), path, others)
    label = item.need("title").bilingual()
    aliases = _words(item.get("aliases"))
    _refuse_known_words(item, name, label, aliases, others)
    owner = item.need("owner").text(DEPARTMENTS)
    judged = _yes(told) if (told := item.get("judged")) else False
    entries = item.need("fields").mapping()
    fields = tuple(_field(field_name, entry, owner) for field_name, entry in entries.items())
    _refuse_same_words(fields, entries)
    if not any(f.need == "key" for f in fields):
        raise item.need("fields").fail(
            "没有主键：至少一个字段写 need: key", "no key: at least one field needs need: key",
            fix_zh="主键字段合起来认得出一行", fix_en="the key fields together tell one row from another",
        )  # fmt: skip
    belongs = tuple(told.text() for entry in entries.values() if (told := entry.get("of")))
    bare = OwnTable(Table(name, label, fields, aliases), belongs, judged, (), item.file)
    return replace(bare, facts=tuple(_facts(item, bare, others)))


def _yes(item: Item) -> bool:
    """``yes``, ``no``, ``true`` or ``false``."""
    if item.value in ("yes", "no"):
        return item.value == "yes"
    return item.boolean()


def _table_name(item: Item, path: Path, others: Sequence[OwnTable]) -> str:
    name = item.text()
    check_name(name, item)
    if path.stem != name:
        raise item.fail(f"表名 {name} 与文件名 {path.name} 不符", f"table {name} does not fit the file name {path.name}",
                        fix_zh=f"文件改名为 {name}.yaml", fix_en=f"call the file {name}.yaml")  # fmt: skip
    if name in schema.BY_NAME or name in SUBJECTS:
        raise item.fail(f"{name} 是已有的表或对象", f"{name} is a table or subject that there is already", fix_zh="换一个表名",
                        fix_en="choose another name")  # fmt: skip
    taken = next((one for one in others if one.name == name), None)
    if taken:
        raise item.fail(f"表 {name} 已在 {taken.file} 中定义", f"table {name} is already defined in {taken.file}", fix_zh="换一个表名，或只用其中一个文件夹",
                        fix_en="choose another name, or use one of the two folders")  # fmt: skip
    _refuse_reserved(name, item, TABLES | ({name} if name.startswith(PREFIXES) else set()))
    return name


def _refuse_reserved(name: str, item: Item, names: frozenset[str]) -> None:
    if name in names or name in WORDS:
        raise item.fail(f"名称 {name} 由程序或数据库占用", f"the name {name} is one that the program or the database uses itself",
                        fix_zh="换一个，例如后面加 _no、_on、_m2", fix_en="choose another, such as one that ends in _no, _on or _m2")  # fmt: skip


def _words(item: Item | None) -> tuple[str, ...]:
    return tuple(one.text() for one in item.items()) if item else ()


def _refuse_known_words(item: Item, name: str, label: Text, aliases: Sequence[str], others: Sequence[OwnTable]) -> None:
    """A sheet called so would be the other table's."""
    known = {word.lower(): t for t in (*schema.TABLES, *(o.table for o in others)) for word in (t.name, t.label.zh, t.label.en, *t.aliases)}
    at = item.get("aliases")
    for word, place in ((label.zh, item.need("title")), (label.en, item.need("title")), *((a, at or item) for a in aliases)):
        other = known.get(word.lower())
        if other is not None:
            raise place.fail(f"“{word}”已是表 {other.name} 的名称或别名", f"{word!r} is a name or alias of the table {other.name}",
                             fix_zh=f"给 {name} 换一个", fix_en=f"choose another for {name}")  # fmt: skip


def _field(name: str, item: Item, owner: str) -> Field:
    check_name(name, item)
    _refuse_reserved(name, item, COLUMNS)
    item.mapping(_FIELD)
    type_ = item.need("type").text(tuple(schema.SQL_TYPES))
    if (type_ == "geometry") != (name == "geometry"):
        raise item.fail("图形字段叫 geometry，类型也是 geometry", "a geometry is a field called geometry, and no other field is called so")
    told = item.get("need")
    need = told.text(("key", "required")) if told else ""
    if need == "key" and type_ in ("geometry", "choices"):
        raise item.need("need").fail(f"{type_} 不能作主键", f"a field of type {type_} cannot be a key")
    if told := item.get("of"):
        wanted = BELONGS[told.text(tuple(BELONGS))][0]
        if name != wanted or type_ != "code":
            raise told.fail(
                f"写 of: {told.value} 的字段须叫 {wanted}，type: code", f"the field with of: {told.value} is called {wanted} and is of type code",
                fix_zh="与其他台账同名，按名称、编号、隔离行归属才都认得", fix_en="so that names, ids and rows set aside are read as in every other register",
            )  # fmt: skip
    choices = tuple(_choice(code, entry) for code, entry in told.mapping().items()) if (told := item.get("choices")) else ()
    if bool(choices) != (type_ in ("choice", "choices")):
        raise item.fail("choice、choices 类型要写 choices，其他类型不写", "choices are for the types choice and choices, which need them")
    unit = _UNITS.get(type_, "m" if type_ == "number" and name.endswith("_m") else "")
    if type_ == "money" and name.endswith("_yuan_per_m2"):
        unit = "yuan/m2"
    if told := item.get("unit"):
        if type_ not in ("number", "integer"):
            raise told.fail(f"{type_} 的单位是固定的", f"the unit of a field of type {type_} is given by its type")
        unit = told.text()
    label = Text(item.need("zh").text(), item.need("en").text())
    note = told.bilingual() if (told := item.get("note")) else None
    keeper = told.text(DEPARTMENTS) if (told := item.get("owner")) else owner
    return Field(name, type_, label, unit, _words(item.get("aliases")), need, choices, keeper, note, is_point=type_ == "geometry")


def _choice(code: str, item: Item) -> Choice:
    check_name(code, item)
    item.mapping(("zh", "en", "aliases"))
    return Choice(code, Text(item.need("zh").text(), item.need("en").text()), _words(item.get("aliases")))


def _refuse_same_words(fields: Sequence[Field], entries: dict[str, Item]) -> None:
    """A heading that two fields go by would be neither's; a cell that two choices go by, too."""
    _refuse_twice([(word, f.name) for f in fields for word in (f.label.zh, f.label.en, f.name, *f.aliases)], entries)
    for field in fields:
        at = {c.code: told for c in field.choices if (told := entries[field.name].need("choices").get(c.code))}
        _refuse_twice([(word, c.code) for c in field.choices for word in (c.label.zh, c.label.en, *c.aliases)], at)


def _refuse_twice(told: Iterable[tuple[str, str]], at: dict[str, Item]) -> None:
    seen: dict[str, str] = {}
    for word, whose in told:
        first = seen.setdefault(word.lower(), whose)
        if first != whose:
            raise at[whose].fail(f"“{word}”同时是 {first} 和 {whose} 的叫法", f"{word!r} is what both {first} and {whose} go by",
                                 fix_zh="给其中一个换名称或别名", fix_en="give one of them another label or alias")  # fmt: skip


def _facts(item: Item, table: OwnTable, others: Sequence[OwnTable]) -> Iterator[OwnFact]:
    """What is counted over the rows."""
    able = (*table.belongs, *((table.name,) if table.judged else ()))
    for subject, entries in told.mapping().items() if (told := item.get("facts")) else ():
        if subject not in able:
            known = ", ".join(able)
            raise entries.fail(
                f"这张表没有字段指明 {subject}", f"no field of this table names a {subject}",
                fix_zh=f"给字段写 of: {subject}（只可 project、community、office、parcel）；现有：{known or '无'}",
                fix_en=f"give a field of: {subject} (of project, community, office, parcel); there are: {known or 'none'}",
            )  # fmt: skip
        for name, entry in entries.mapping().items():
            _refuse_known_fact(subject, name, entry, table, others)
            if subject != table.name:
                yield _over_rows(subject, name, entry, table)


def _lookups(item: Item, table: OwnTable) -> Iterator[OwnFact]:
    """What a judged row has from what it belongs to."""
    told = item.get("facts")
    own = told.get(table.name) if told else None
    for name, entry in own.mapping().items() if own else ():
        yield _lookup(name, entry, table)


def _refuse_known_fact(subject: str, name: str, item: Item, table: OwnTable, others: Sequence[OwnTable]) -> None:
    check_name(name, item)
    _refuse_reserved(name, item, COLUMNS)
    if subject == table.name:
        known = {f.name for f in table.table.fields} | {"district_code", "community_code", "project_id"}
    else:
        known = {*SUBJECTS[subject].facts, *(f.name for one in others for f in one.facts if f.subject == subject)}
    if name in known:
        raise item.fail(
            f"{subject} 已有事实 {name}", f"{subject} has a fact {name} already", fix_zh="换一个名称", fix_en="choose another name"
        )


def _lookup(name: str, item: Item, table: OwnTable) -> OwnFact:
    _only(item, ("lookup", "zh", "en", "note"), Text("逐行判的表自己的事实只写 lookup", "a fact of a judged table itself is a lookup"))
    told = item.need("lookup")
    subject, _, of = told.text().partition(".")
    if subject not in table.belongs:
        known = ", ".join(f"{one}.…" for one in table.belongs) or "-"
        raise told.fail(f"一行不属于 {subject}，无从查取 {told.value}", f"a row belongs to no {subject}, so {told.value} cannot be looked up",
                        fix_zh=f"可用：{known}", fix_en=f"known here: {known}")  # fmt: skip
    facts = SUBJECTS[subject].facts
    if of not in facts:
        near = hint(of, facts)
        raise told.fail(f"{subject} 没有事实 {of}", f"{subject} has no fact {of}", fix_zh=f"相近：{near}", fix_en=f"near it: {near}")
    fact = facts[of]
    return OwnFact(table.name, name, fact.type, _label(item, fact.label), fact.unit, fact.owner, fact.reads, "lookup", told.text(),
                   choices=fact.choices, may_be_blank=fact.may_be_blank, line=item.line)  # fmt: skip


def _label(item: Item, otherwise: Text | None = None) -> Text:
    zh, en = item.get("zh"), item.get("en")
    if otherwise is not None and zh is None and en is None:
        return otherwise
    return Text(item.need("zh").text(), item.need("en").text())


def _only(item: Item, keys: tuple[str, ...], why: Text) -> None:
    for key, told in item.mapping(_FACT).items():
        if key not in keys:
            raise told.fail(f"这里不写 {key}：{why.zh}", f"{key} does not go here: {why.en}")


def _over_rows(subject: str, name: str, item: Item, table: OwnTable) -> OwnFact:
    """A count, a sum or the latest of the rows that belong to a subject."""
    item.mapping(_FACT)
    how = next((word for word in _HOW if word in item.value), "")
    if not how:
        raise item.fail("须写 count、sum、latest 之一", "one of count, sum and latest is needed")
    of_one = Text(f"已写 {how}", f"{how} is there already")
    _only(item, (how, "where", "zh", "en", "note", *(("by",) if how == "latest" else ())), of_one)
    facts = {f.name: f for f in fields_as_facts_of(table.table)}
    key = table.table.field(table.table.key[0])
    fact = OwnFact(subject, name, "integer", _label(item), "", key.owner, (), how, line=item.line)
    reads = {key.name}
    if how == "count":
        if not _yes(item.need("count")):
            raise item.need("count").fail("不计数就不要写这个事实", "a count that is no count: leave the fact out")
    else:
        field = _field_of(item.need(how), table, facts)
        if how == "sum" and field.type not in _SUMMED:
            raise item.need(how).fail(
                f"{field.name} 的类型是 {field.type}，不能相加", f"{field.name} is of type {field.type} and cannot be added up"
            )
        fact = replace(fact, of=field.name, type=field.type, unit=field.unit, owner=field.owner, choices=field.choices)
        reads.add(field.name)
    if how == "latest":
        ordered = _field_of(item.need("by"), table, facts)
        if ordered.type not in _ORDERED:
            raise item.need("by").fail(
                f"{ordered.name} 没有先后，须是数字或日期", f"{ordered.name} has no order: a number or a day is needed"
            )
        fact = replace(fact, by=ordered.name)
        reads.add(ordered.name)
    if told := item.get("where"):
        term = compile_expression(told, {**fact_scope(facts), **day_scope()}, "bool")
        fact = replace(fact, where=told.expression(), where_sql=term.sql)
        reads |= term.names & facts.keys()
    return replace(fact, reads=tuple(f"{table.name}.{f.name}" for f in table.table.fields if f.name in reads))


def fields_as_facts_of(table: Table) -> list[Fact]:
    """The fields that an expression over a table can name."""
    return [Fact(f.name, f.type, f.label, f.unit, f.owner, (), f.choices, f.may_be_blank) for f in table.fields if f.type != "geometry"]


def _field_of(item: Item, table: OwnTable, known: Iterable[str]) -> Field:
    return table.table.field(item.text(tuple(known)))


def check_measures(own: Iterable[OwnTable], measures: Iterable[str]) -> None:
    """Refuse a fact that goes by the name of a measure that rules share: they would read the one and mean the other."""
    taken = set(measures)
    for table in own:
        for fact in table.facts:
            if fact.name in taken:
                raise Item(None, table.file, fact.line).fail(
                    f"{fact.name} 是规则共用的数量（measures.yaml）", f"{fact.name} is a measure that rules share (measures.yaml)",
                    fix_zh="换一个名称", fix_en="choose another name",
                )  # fmt: skip
