"""ISO 20022 messages as rows, in any version: read by local names and by place in the tree.

Two levels of a pacs.009 with an underlying customer transfer stay apart: the
banks above are `cover`, the customers inside `underlying`. Hostile XML is
refused: no document type, no entities, no network, bounded size.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree

from scanner.identifiers import bic_country, iban_country, is_iban
from scanner.ingest.rows import Rows, exact_amount
from scanner.places import country_of_clearing_code, country_of_last_line, is_country

_NAMESPACE_KIND = re.compile(r"([a-z]{4}\.\d{3}\.\d{3}\.\d{2})")
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)

CUSTOMER_ELEMENTS = {
    "Dbtr": "debtor",
    "UltmtDbtr": "ultimate_debtor",
    "InitgPty": "initiating_party",
    "Cdtr": "creditor",
    "UltmtCdtr": "ultimate_creditor",
    "Invcr": "invoicer",
    "Invcee": "invoicee",
}
AGENT_ELEMENTS = {
    "DbtrAgt": "debtor_agent",
    "CdtrAgt": "creditor_agent",
    "FwdgAgt": "forwarding_agent",
    "InstgAgt": "instructing_agent",
    "InstdAgt": "instructed_agent",
    "IntrmyAgt1": "intermediary_agent_1",
    "IntrmyAgt2": "intermediary_agent_2",
    "IntrmyAgt3": "intermediary_agent_3",
    "PrvsInstgAgt1": "previous_instructing_agent_1",
    "PrvsInstgAgt2": "previous_instructing_agent_2",
    "PrvsInstgAgt3": "previous_instructing_agent_3",
    "InstgRmbrsmntAgt": "instructing_reimbursement_agent",
    "InstdRmbrsmntAgt": "instructed_reimbursement_agent",
    "ThrdRmbrsmntAgt": "third_reimbursement_agent",
}
TEXT_ELEMENTS = {
    "RmtInf": "remittance_information",
    "RltdRmtInf": "remittance_information",
    "InstrForCdtrAgt": "bank_to_bank_information",
    "InstrForNxtAgt": "bank_to_bank_information",
    "InstrForDbtrAgt": "bank_to_bank_information",
    "RgltryRptg": "regulatory_reporting",
    "Purp": "purpose",
    "RtrRsnInf": "narrative",
    "StsRsnInf": "narrative",
    "CxlRsnInf": "narrative",
    "AddtlNtryInf": "statement_information",
    "AddtlTxInf": "statement_information",
    "SplmtryData": "narrative",
}
TRANSACTION_ELEMENTS = (
    "CdtTrfTxInf",
    "DrctDbtTxInf",
    "TxInfAndSts",
    "TxInf",
    "TxDtls",
)
_KINDS = {
    "pacs.008": "customer_transfer",
    "pacs.009": "bank_transfer",
    "pacs.004": "return",
    "pacs.002": "status",
    "pacs.003": "direct_debit",
    "pacs.010": "direct_debit",
    "pain.001": "customer_transfer",
    "camt.056": "cancellation",
    "camt.029": "answer",
    "camt.052": "statement_entry",
    "camt.053": "statement_entry",
    "camt.054": "statement_entry",
}
_AMOUNTS = ("IntrBkSttlmAmt", "RtrdIntrBkSttlmAmt", "OrgnlIntrBkSttlmAmt", "InstdAmt", "Amt")
_AMOUNT_NEEDED = ("pacs.008", "pacs.009", "pacs.004", "pain.001")


class UnreadableXmlError(ValueError):
    """The bytes are no ISO 20022 message that can be read; `code` says why."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def parse(content: bytes, namespaces: bytes = b"") -> etree._Element:
    """Parse one element without entities, document type or network.

    Args:
        content: The element's bytes in UTF-8.
        namespaces: Declarations that elements around it make, as attributes.

    Raises:
        UnreadableXmlError: It is not well-formed, or tries what is not allowed.
    """
    if _DOCTYPE.search(content):
        raise UnreadableXmlError("doctype", "a document type or entity is declared: refused")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        if not namespaces:
            return etree.fromstring(content, parser)
        return etree.fromstring(b"<around%b>%b</around>" % (namespaces, content), parser)[0]
    except (etree.XMLSyntaxError, IndexError) as error:
        raise UnreadableXmlError("xml", f"not well-formed: {error}") from error


def documents(root: etree._Element) -> Iterator[tuple[etree._Element | None, etree._Element]]:
    """Each `Document` of a file with the business header that stands before it, if any."""
    header: etree._Element | None = None
    for element in root.iter(etree.Element):
        name = local_name(element)
        if name == "AppHdr":
            header = element
        elif name == "Document" and len(element):
            yield header, element
            header = None


def read_mx(
    header: etree._Element | None, document: etree._Element, message_row: dict[str, Any]
) -> Rows:
    """Turn one business message into rows.

    Raises:
        UnreadableXmlError: An amount or date that must be there cannot be read.
    """
    rows = Rows()
    if not len(document):
        raise UnreadableXmlError("empty", "the Document is empty")
    body = document[0]
    message_type = _message_type(header, document)
    family = message_type[:8]
    underlying = _first(body, "UndrlygCstmrCdtTrf") is not None
    message_row |= _header_facts(header) | {
        "format": "MX",
        "message_type": message_type,
        "variant": "COV" if underlying and family == "pacs.009" else None,
    }
    group = _child(body, "GrpHdr")
    found = [e for e in body.iter(etree.Element) if local_name(e) in TRANSACTION_ELEMENTS]
    transactions = [e for e in found if not any(a in found for a in e.iterancestors())] or [body]
    for ordinal, element in enumerate(transactions, start=1):
        _read_transaction(rows, message_row, family, ordinal, element, body, group)
    _sender_and_receiver(rows, message_row)
    message_row["transaction_count"] = len(transactions)
    rows.messages.append(message_row)
    return rows


def local_name(element: etree._Element) -> str:
    """Name without namespace."""
    return etree.QName(element).localname


def _message_type(header: etree._Element | None, document: etree._Element) -> str:
    told = _text(header, "MsgDefIdr") if header is not None else None
    for text in (etree.QName(document).namespace or "", told or "", local_name(document[0])):
        found = _NAMESPACE_KIND.search(text)
        if found:
            return found[1]
    raise UnreadableXmlError("message_type", "neither namespace nor header names the message")


def _header_facts(header: etree._Element | None) -> dict[str, Any]:
    if header is None:
        return {}
    sides = {
        side: _text(found, "BICFI") or _text(found, "AnyBIC")
        for side in ("Fr", "To")
        if (found := _child(header, side)) is not None
    }
    duplicate = _text(header, "PssblDplct")
    created = _text(header, "CreDt")
    return {
        "sender_bic": sides.get("Fr"),
        "receiver_bic": sides.get("To"),
        "service": _text(header, "BizSvc"),
        "message_reference": _text(header, "BizMsgIdr"),
        "possible_duplicate": duplicate == "true" if duplicate else None,
        "created_on": _date(created) if created else None,
    }


def _read_transaction(
    rows: Rows,
    message_row: dict[str, Any],
    family: str,
    ordinal: int,
    element: etree._Element,
    body: etree._Element,
    group: etree._Element | None,
) -> None:
    transaction_id = f"{message_row['message_id']}-{ordinal}"
    transaction: dict[str, Any] = {
        "transaction_id": transaction_id,
        "message_id": message_row["message_id"],
        "ordinal": ordinal,
        "message_type": message_row["message_type"],
        "kind": "cover" if message_row.get("variant") == "COV" else _KINDS.get(family, "other"),
    }
    scopes = [element]
    if element is not body:
        scopes += [e for e in element.iterancestors() if local_name(e) == "PmtInf"]
        scopes += [group] if group is not None else []
    for scope in scopes:
        _read_scope(rows, transaction, scope, own=scope is element)
    _read_references(transaction, element, group)
    _read_amount(transaction, family, scopes)
    _ends_of(rows, transaction)
    rows.transactions.append(transaction)


def _read_scope(
    rows: Rows, transaction: dict[str, Any], scope: etree._Element, *, own: bool
) -> None:
    transaction_id = transaction["transaction_id"]
    stack = [(child, "") for child in reversed(scope)]
    while stack:
        element, level = stack.pop()
        name = local_name(element)
        if name in CUSTOMER_ELEMENTS or name in AGENT_ELEMENTS:
            _add_party(rows, transaction, element, name, level)
        elif name in TEXT_ELEMENTS:
            _add_texts(rows, transaction_id, element, TEXT_ELEMENTS[name])
        elif not (name in TRANSACTION_ELEMENTS and not own):
            inner = "underlying" if name == "UndrlygCstmrCdtTrf" else level
            stack.extend((child, inner) for child in reversed(element))


def _add_party(
    rows: Rows, transaction: dict[str, Any], element: etree._Element, name: str, level: str
) -> None:
    inner = element
    for wrapper in ("Pty", "Agt"):
        wrapped = _child(inner, wrapper)
        inner = wrapped if wrapped is not None else inner
    bank = _child(inner, "FinInstnId")
    source = bank if bank is not None else inner
    is_cover = transaction["kind"] == "cover"
    values: dict[str, Any] = {
        "is_agent": bank is not None,
        "level": level or ("cover" if is_cover else None),
        "name": _text(source, "Nm", deep=False),
        "bic": next(
            (
                found
                for tag in ("BICFI", "BIC", "AnyBIC", "BICOrBEI")
                if (found := _text(source, tag))
            ),
            None,
        ),
        "lei": _text(source, "LEI"),
        "account": _account(element),
        "clearing_code": _clearing_code(source),
        "identifier": _identifiers(source),
        "field_path": _path(element),
    }
    birth = _text(source, "BirthDt")
    values["birth_date"] = _date(birth) if birth else None
    lines = [values["name"]] if values["name"] else []
    _add_address(values, source, lines)
    values["raw"] = "\n".join(lines) or None
    _add_country(values)
    role = CUSTOMER_ELEMENTS.get(name) or AGENT_ELEMENTS[name]
    if (
        values["raw"]
        or values["bic"]
        or values["account"]
        or values["clearing_code"]
        or values["lei"]
    ):
        rows.add_party(transaction["transaction_id"], role, **values)


def _add_address(values: dict[str, Any], source: etree._Element, lines: list[str]) -> None:
    address = _child(source, "PstlAdr")
    if address is None:
        return
    parts = [(local_name(e), (e.text or "").strip()) for e in address.iter(etree.Element) if e.text]
    parts = [(name, text) for name, text in parts if text]
    street = [text for name, text in parts if name not in ("Ctry", "TwnNm")]
    town = next((text for name, text in parts if name == "TwnNm"), None)
    country = next((text for name, text in parts if name == "Ctry"), None)
    values["address"] = ", ".join([*street, *([town] if town else [])]) or None
    values["town"] = None if town == "CUTOVER2026" else town
    lines.extend([*street, *([town] if town else []), *([country] if country else [])])
    if country and is_country(country):
        values["country"], values["country_source"] = country, "structured"
    elif street:
        found = country_of_last_line(street[-1])
        if found:
            values["country"], values["country_source"] = found, "address_text"


def _add_country(values: dict[str, Any]) -> None:
    if values.get("country"):
        return
    account = values.get("account")
    for source, country in (
        ("bic", bic_country(values.get("bic"))),
        ("clearing_code", country_of_clearing_code(values.get("clearing_code"))),
        ("iban", iban_country(account) if account and is_iban(account) else None),
    ):
        if country:
            values["country"], values["country_source"] = country, source
            return


def _account(element: etree._Element) -> str | None:
    """The account stands beside its owner: Dbtr and DbtrAcct."""
    parent = element.getparent()
    beside = _child(parent, local_name(element) + "Acct") if parent is not None else None
    if beside is None:
        return None
    return _text(beside, "IBAN") or _text(_child(beside, "Id"), "Id")


def _clearing_code(source: etree._Element) -> str | None:
    member = _child(source, "ClrSysMmbId")
    if member is None:
        return None
    system = _text(member, "Cd") or _text(member, "Prtry") or ""
    value = _text(member, "MmbId") or ""
    return f"{system[:2]}{value}" if system else value or None


def _identifiers(source: etree._Element) -> str | None:
    found = []
    for other in source.iter("{*}Othr"):
        value = _text(other, "Id", deep=False)
        scheme = _text(other, "Cd") or _text(other, "Prtry") or "OTHR"
        if value:
            found.append(f"{scheme}:{value}")
    return "; ".join(found) or None


def _add_texts(rows: Rows, transaction_id: str, element: etree._Element, kind: str) -> None:
    for leaf in element.iter(etree.Element):
        if len(leaf) == 0 and leaf.text and leaf.text.strip():
            name = local_name(leaf)
            if name not in ("Cd", "Dt", "Ctry", "Nb", "Tp"):
                rows.add_text(transaction_id, kind, leaf.text, _path(leaf))


def _read_references(
    transaction: dict[str, Any], element: etree._Element, group: etree._Element | None
) -> None:
    transaction["instruction_id"] = _text(element, "InstrId") or _text(element, "OrgnlInstrId")
    transaction["end_to_end_id"] = _text(element, "EndToEndId") or _text(element, "OrgnlEndToEndId")
    uetr = _text(element, "UETR") or _text(element, "OrgnlUETR")
    transaction["uetr"] = uetr.lower() if uetr else None
    transaction["related_reference"] = _text(element, "OrgnlTxId") or _text(element, "OrgnlMsgId")
    transaction["reference"] = (
        _text(element, "TxId", deep=True)
        or transaction["instruction_id"]
        or transaction["end_to_end_id"]
        or (_text(group, "MsgId") if group is not None else None)
    )
    transaction["purpose_code"] = _text(_first(element, "Purp"), "Cd")
    transaction["charge_bearer"] = _text(element, "ChrgBr")
    transaction["status_code"] = _text(element, "TxSts")
    for holder in ("RtrRsnInf", "StsRsnInf", "CxlRsnInf"):
        reason = _first(element, holder)
        if reason is not None:
            transaction["reason_code"] = _text(reason, "Cd") or _text(reason, "Prtry")
            transaction["reason_text"] = _text(reason, "AddtlInf")
    if transaction["status_code"] == "RJCT":
        transaction["kind"] = "reject"


def _read_amount(transaction: dict[str, Any], family: str, scopes: list[etree._Element]) -> None:
    for name in _AMOUNTS:
        found = next((e for scope in scopes if (e := _first(scope, name)) is not None), None)
        if found is None:
            continue
        holder = found
        if not found.get("Ccy"):
            # pain.001 wraps the amount: Amt/InstdAmt or Amt/EqvtAmt/Amt
            holder = next((e for e in found.iterdescendants(etree.Element) if e.get("Ccy")), found)
        if not holder.get("Ccy"):
            continue
        transaction["currency"] = holder.get("Ccy")
        transaction["amount"] = _decimal((holder.text or "").strip(), name)
        break
    instructed = _first(scopes[0], "InstdAmt")
    if instructed is not None and instructed.get("Ccy"):
        transaction["instructed_currency"] = instructed.get("Ccy")
        transaction["instructed_amount"] = _decimal((instructed.text or "").strip(), "InstdAmt")
    if family in _AMOUNT_NEEDED and transaction.get("amount") is None:
        raise UnreadableXmlError("no_amount", "the amount is missing")
    for name in ("IntrBkSttlmDt", "ReqdExctnDt", "OrgnlIntrBkSttlmDt", "ValDt"):
        text = next((t for scope in scopes if (t := _text(scope, name))), None)
        if text is None:
            continue
        transaction["value_date"] = _date(text)
        if transaction["value_date"] is None:
            raise UnreadableXmlError("date", f"{name} is no date")
        return


def _ends_of(rows: Rows, transaction: dict[str, Any]) -> None:
    own = [p for p in rows.parties if p["transaction_id"] == transaction["transaction_id"]]
    for role in ("debtor", "creditor"):
        found = [p for p in own if p["role"] == role]
        if found:
            end = next((p for p in found if p.get("level") == "underlying"), found[0])
            transaction[f"{role}_name"] = end.get("name") or end.get("bic")
            transaction[f"{role}_country"] = end.get("country")
            transaction[f"{role}_account"] = end.get("account")
    for role in ("debtor_agent", "creditor_agent"):
        bics = [p.get("bic") for p in own if p["role"] == role and p.get("bic")]
        transaction[f"{role}_bic"] = bics[-1] if bics else None


def _sender_and_receiver(rows: Rows, message_row: dict[str, Any]) -> None:
    for side, role in (("sender_bic", "instructing_agent"), ("receiver_bic", "instructed_agent")):
        if not message_row.get(side):
            message_row[side] = next(
                (p["bic"] for p in rows.parties if p["role"] == role and p.get("bic")), None
            )
        for transaction in rows.transactions:
            transaction[side] = message_row[side]
    uetrs = {t["uetr"] for t in rows.transactions}
    message_row["uetr"] = uetrs.pop() if len(uetrs) == 1 else None


def _child(element: etree._Element | None, name: str) -> etree._Element | None:
    if element is None:
        return None
    return next((e for e in element if isinstance(e.tag, str) and local_name(e) == name), None)


def _first(element: etree._Element, name: str) -> etree._Element | None:
    return next(element.iterdescendants(f"{{*}}{name}"), None)


def _text(element: etree._Element | None, name: str, *, deep: bool = True) -> str | None:
    if element is None:
        return None
    found = _first(element, name) if deep else _child(element, name)
    text = (found.text or "").strip() if found is not None else ""
    return text or None


def _path(element: etree._Element) -> str:
    names = [local_name(element)]
    for ancestor in element.iterancestors():
        if local_name(ancestor) == "Document":
            break
        names.append(local_name(ancestor))
    return "/".join(reversed(names[:-1] or names))


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def _decimal(text: str, where: str) -> Decimal:
    amount = exact_amount(text.removeprefix("+"))
    if amount is None:
        raise UnreadableXmlError("amount", f"{where} holds no amount")
    return amount
