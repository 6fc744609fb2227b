"""Who is the same person, firm or ship on several lists: one `subject_id` for all its entries.

Entries are joined across lists, never within one: a publisher who lists two
entries means two. A key that stands twice in a list is no evidence and joins
nothing. What joins:

* the number that OFAC gives, which its lists and trade.gov share;
* an identifier that names one subject in the world (LEI, BIC of a bank, IMO
  number, INN, OGRN, wallet), or one of a stated country (passport, national,
  tax and registration numbers of six characters or more);
* a person's name, in any order of its words, with the whole birth date;
* a firm's or bank's name with a country that both share.

Evidence is followed in steps, surest first; a step that would put two entries of
one list together is not taken. A subject is named after its first entry in the
order of lists.
"""

from collections.abc import Iterable
from typing import Any

import polars as pl
import pyarrow as pa

_WORLDWIDE = ("lei", "imo", "inn", "ogrn", "crypto_address")
_OF_A_COUNTRY = ("passport", "national_id", "tax_id", "registration_number", "okpo")
_LEAST_LENGTH = 6
_TREASURY = r"^(?:SDN|SSI|CAP|MBS|PLC|CMIC|FSE)-(\d+)"
_FIRST_LISTS = ("OFAC-SDN", "OFAC-CONS", "US-CSL", "EU-FSF", "UK-SL", "UN-SC")


def with_subjects(entries: pa.Table, names: pa.Table, identifiers: pa.Table) -> pa.Table:
    """Fill `subject_id` of `list_entries`.

    Args:
        entries: Rows of `list_entries` of all lists.
        names: Rows of `list_names`.
        identifiers: Rows of `list_identifiers`.

    Returns:
        The entries, in their order; an entry that nothing joins is its own subject.
    """
    ids: list[str] = entries["entry_id"].to_pylist()
    lists: list[str] = entries["list"].to_pylist()
    subject = dict(zip(ids, ids, strict=True))
    if len(set(lists)) > 1:
        keys = _keys(_frame(entries), _frame(names), _frame(identifiers))
        rank = {entry: (_order(name), entry) for entry, name in zip(ids, lists, strict=True)}
        subject = _joined(ids, _groups(keys), rank)
    position = entries.schema.get_field_index("subject_id")
    column = pa.array([subject[entry] for entry in ids], pa.string())
    return entries.set_column(position, entries.schema.field("subject_id"), column)


def _frame(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame


def _order(list_name: str) -> tuple[int, str]:
    known = list_name in _FIRST_LISTS
    return (_FIRST_LISTS.index(list_name) if known else len(_FIRST_LISTS), list_name)


def _keys(entries: pl.DataFrame, names: pl.DataFrame, identifiers: pl.DataFrame) -> pl.DataFrame:
    """One row per key of an entry: entry_id, list, key, and whether a list may repeat it."""
    found = [
        _publisher_keys(entries),
        _identifier_keys(identifiers),
        _name_keys(entries, names),
    ]
    return pl.concat(found).unique(maintain_order=True)


def _publisher_keys(entries: pl.DataFrame) -> pl.DataFrame:
    number = pl.col("entry_id").str.split_exact(":", 1).struct.field("field_1")
    treasury = number.str.extract(_TREASURY, 1)
    of_ofac = (
        pl.when(pl.col("list").str.starts_with("OFAC"))
        .then(number)
        .otherwise(pl.when(pl.col("list") == "US-CSL").then(treasury))
    )
    return (
        entries.select("entry_id", "list", number=of_ofac)
        .drop_nulls("number")
        .select(
            "entry_id",
            "list",
            key=pl.lit("ofac:") + pl.col("number"),
            may_repeat=pl.lit(value=True),
        )
    )


def _identifier_keys(identifiers: pl.DataFrame) -> pl.DataFrame:
    bank = identifiers.filter(pl.col("kind") == "bic").with_columns(
        value=pl.col("value").str.slice(0, 8), kind=pl.lit("bic8"), country=pl.lit(None, pl.String)
    )
    worldwide = identifiers.filter(pl.col("kind").is_in(_WORLDWIDE)).with_columns(
        country=pl.lit(None, pl.String)
    )
    national = identifiers.filter(
        pl.col("kind").is_in(_OF_A_COUNTRY)
        & pl.col("country").is_not_null()
        & (pl.col("value").str.len_chars() >= _LEAST_LENGTH)
    )
    return pl.concat([bank, worldwide, national]).select(
        "entry_id",
        "list",
        key=pl.concat_str(["kind", "country", "value"], separator=":", ignore_nulls=True),
        may_repeat=pl.lit(value=False),
    )


def _name_keys(entries: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    words = (
        pl.col("name")
        .str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .str.to_lowercase()
        .str.replace_all(r"[^\p{L}\p{N}]+", " ")
        .str.strip_chars()
        .str.split(" ")
        .list.sort()
        .list.join(" ")
    )
    named = names.filter(pl.col("quality").is_in(["primary", "strong"])).select(
        "entry_id", words=words
    )
    told = entries.select("entry_id", "list", "entry_type", "birth_dates", "countries")
    both = named.join(told, on="entry_id").filter(pl.col("words").str.len_chars() >= _LEAST_LENGTH)
    people = (
        both.filter(pl.col("entry_type") == "individual")
        .explode("birth_dates")
        .filter(pl.col("birth_dates").str.len_chars() == len("YYYY-MM-DD"))
        .select("entry_id", "list", key=pl.concat_str(["words", "birth_dates"], separator="|"))
    )
    firms = (
        both.filter(pl.col("entry_type") == "entity")
        .explode("countries")
        .drop_nulls("countries")
        .select("entry_id", "list", key=pl.concat_str(["words", "countries"], separator="|"))
    )
    return pl.concat([people, firms]).with_columns(may_repeat=pl.lit(value=False))


def _groups(keys: pl.DataFrame) -> list[list[str]]:
    """Entries that share a key, where the key stands in several lists and once in each."""
    shared = (
        keys.group_by("key", maintain_order=True)
        .agg(
            pl.col("entry_id"),
            pl.col("list").n_unique().alias("lists"),
            pl.len().alias("rows"),
            pl.col("may_repeat").any(),
        )
        .filter(
            (pl.col("rows") > 1)
            & (pl.col("may_repeat") | ((pl.col("lists") > 1) & (pl.col("rows") == pl.col("lists"))))
        )
    )
    groups: list[list[str]] = shared["entry_id"].to_list()
    return groups


def _list_of(entry_id: str) -> str:
    """The list of an entry; trade.gov's is made of several."""
    name, _, number = entry_id.partition(":")
    return f"{name}:{number.partition('-')[0]}" if name == "US-CSL" else name


def _joined(
    ids: Iterable[str], groups: Iterable[list[str]], rank: dict[str, Any]
) -> dict[str, str]:
    """The first entry of everything that is joined to each entry, directly or in steps."""
    parent = {entry: entry for entry in ids}
    lists_of = {entry: {_list_of(entry)} for entry in parent}

    def top(entry: str) -> str:
        while parent[entry] != entry:
            parent[entry] = parent[parent[entry]]
            entry = parent[entry]
        return entry

    for group in groups:
        tops = sorted({top(entry) for entry in group}, key=rank.__getitem__)
        for other in tops[1:]:
            if lists_of[tops[0]].isdisjoint(lists_of[other]):
                parent[other] = tops[0]
                lists_of[tops[0]] |= lists_of[other]
    return {entry: top(entry) for entry in parent}
