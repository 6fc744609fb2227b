"""Identifiers as lists write them, brought to the form in which they are compared.

A tax or registration number of Russia becomes an INN, KPP or OGRN by its
length, because payments carry these under their own names (MT field 77B,
`//INN`, pacs.008 `TaxId`).
"""

import re
from functools import cache

from scanner import reference
from scanner.identifiers import compact, is_bic, is_imo, is_inn, is_lei, is_ogrn
from scanner.watchlists.entry import Identifier

_AS_PUBLISHED = frozenset({"crypto_address"})
_LOWER = frozenset({"website", "email"})
_SCHEME = re.compile(r"^[a-z]+://", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)$")
_DIGITS = re.compile(r"\D")


@cache
def _kinds() -> dict[str, str]:
    return {row["label"].lower(): row["kind"] for row in reference.rows("ofac_remark_labels")}


def kind_of_label(label: str, value: str = "") -> str | None:
    """Kind of an identifier by the label that OFAC gives it; None for what is no identifier.

    Args:
        label: Such as `Tax ID No.` or `Vessel Registration Identification`.
        value: Its value: an IMO number is marked in it.
    """
    lowered = label.strip().rstrip(":").strip().lower()
    if value.strip().upper().startswith("IMO"):
        return "imo" if lowered.startswith("vessel") else "imo_company"
    if lowered.startswith("digital currency address"):
        return "crypto_address"
    return _kinds().get(lowered) or _kinds().get(_IN_BRACKETS.sub("", lowered))


def identifier(kind: str, value: str, country: str | None = None) -> Identifier | None:
    """Bring an identifier to its compared form; None where nothing is left of it.

    Args:
        kind: Kind as in `list_identifiers.kind`, or tax_id / registration_number.
        value: As published.
        country: ISO 3166 alpha-2 of the issuer.
    """
    if kind in _AS_PUBLISHED:
        kept = value.strip()
    elif kind in _LOWER:
        kept = _SCHEME.sub("", value.strip().lower()).rstrip("/.")
    elif kind == "phone":
        kept = _DIGITS.sub("", value)
    else:
        kept = compact(value)
    if not kept:
        return None
    kept = kept.removeprefix("IMO") if kind in ("imo", "imo_company") else kept
    refined = _refined(kind, kept, country)
    issuer = "RU" if refined in ("inn", "ogrn") else country
    return Identifier(refined, kept, issuer)


def _refined(kind: str, value: str, country: str | None) -> str:
    if kind == "bic":
        return "bic" if is_bic(value) else "registration_number"
    if kind == "lei":
        return "lei" if is_lei(value) else "registration_number"
    if kind == "imo":
        return "imo" if is_imo(value) else "imo_company"
    if kind in ("tax_id", "registration_number") and country in ("RU", None) and value.isdigit():
        return _russian(kind, value, known_russian=country == "RU")
    return kind


def _russian(kind: str, value: str, *, known_russian: bool) -> str:
    """INN by 10 or 12 digits, OGRN by 13 or 15; without an issuer the check digit must hold."""
    if len(value) in (13, 15) and (known_russian or is_ogrn(value)):
        return "ogrn"
    if len(value) in (10, 12) and kind == "tax_id" and (known_russian or is_inn(value)):
        return "inn"
    return kind
