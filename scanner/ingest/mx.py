"""ISO 20022 messages as rows, in any version: read by local names and by place in the tree.

One walk over a transaction gathers its parties, texts, references and amounts;
what elements around it say holds for it as well. The two levels of a pacs.009
with an underlying customer transfer stay apart: the banks above are `cover`, the
customers inside `underlying`; of a return, `original` are the parties of the
transfer that is returned.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from scanner.identifiers import is_test_bic
from scanner.ingest.currencies import doubts_of
from scanner.ingest.mx_document import (
    UnreadableXmlError,
    first,
    header_facts,
    header_texts,
    message_type_of,
)
from scanner.ingest.mx_elements import (
    AGENT_ELEMENTS,
    AMOUNT_NEEDED,
    AMOUNTS,
    AMOUNTS_OF_RETURNS,
    CHARGES,
    CUSTOMER_ELEMENTS,
    DATES,
    KINDS,
    NOT_READ,
    OTHER_AGENT,
    OTHER_CUSTOMER,
    OWN_REFERENCES,
    REASON_ELEMENTS,
    STATEMENTS,
    STATUSES,
    TEXT_ELEMENTS,
    TRANSACTION_ELEMENTS,
    is_code,
    is_code_in_text,
)
from scanner.ingest.mx_party import (
    account_alone,
    is_party,
    is_told,
    iso_date,
    local_name,
    told_of,
    values_of,
)
from scanner.ingest.rows import Rows, add_end, exact_amount

_LEVELS = {"UndrlygCstmrCdtTrf": "underlying", "OrgnlTxRef": "original"}
_ACCOUNT = "Acct"
_TAX_ELEMENTS = frozenset({"Tax", "TaxRmt"})
_TAX = "tax"  # parties of a tax, who are named like those of the transfer and are others
LEVEL_OF_ENDS = ("underlying", None, "cover", "original")
"""Levels in the order in which their parties stand for the transaction's ends."""


def read_mx(
    header: etree._Element | None, document: etree._Element, message_row: dict[str, Any]
) -> Rows:
    """Turn one business message into rows.

    Raises:
        UnreadableXmlError: An amount or date that must be there cannot be read.
    """
    if not len(document):
        raise UnreadableXmlError("empty", "the Document is empty")
    rows = Rows()
    body = document[0]
    message_type = message_type_of(header, document)
    message_row |= header_facts(header_texts(header))
    name_type(message_row, message_type, is_cover=is_cover(message_type, body))
    found = list(transaction_elements(body)) or [body]
    around = Around(body, found)
    for ordinal, element in enumerate(found, start=1):
        transaction = begun(message_row, ordinal)
        first_party = len(rows.parties)
        walk = Walk(rows, transaction)
        walk.read_all(element, around)
        finish(transaction, walk.facts, rows.parties[first_party:])
        rows.transactions.append(transaction)
    close_message(rows, message_row)
    return rows


def is_cover(message_type: str, body: etree._Element) -> bool:
    """Whether it is a bank transfer that covers a customer's."""
    return message_type[:8] == "pacs.009" and first(body, "UndrlygCstmrCdtTrf") is not None


def name_type(message_row: dict[str, Any], message_type: str, *, is_cover: bool) -> None:
    """Note type and variant in the row of a message, which has the facts of its header."""
    message_row |= {"format": "MX", "message_type": message_type}
    message_row["variant"] = "COV" if is_cover else _variant(message_row, message_type[:8])


def close_message(rows: Rows, message_row: dict[str, Any]) -> None:
    """Complete the row of a message by what its transactions tell, and add it."""
    if doubts := doubts_of(rows.transactions):
        message_row |= {"repaired": True, "repairs": doubts}
    _sender_and_receiver(rows, message_row)
    message_row["transaction_count"] = len(rows.transactions)
    rows.messages.append(message_row)


def _variant(message_row: Mapping[str, Any], family: str) -> str | None:
    """Advice or straight-through by the business service, such as swift.cbprplus.adv.03."""
    service = f"{message_row.get('service') or ''}."
    if family == "pacs.009":
        return "ADV" if ".adv." in service else "core"
    return "STP" if family == "pacs.008" and ".stp." in service else None


def transaction_elements(body: etree._Element) -> Iterator[etree._Element]:
    """The elements of one transfer each; an entry without details stands for itself."""
    waiting = list(reversed(body))
    while waiting:
        element = waiting.pop()
        name = local_name(element)
        if name not in TRANSACTION_ELEMENTS:
            waiting.extend(reversed(element))
            continue
        details = list(element.iter("{*}TxDtls", "TxDtls")) if name == "Ntry" else []
        yield from details or [element]


class Around:
    """What elements around a transaction say: everything that holds no transaction itself."""

    def __init__(self, body: etree._Element, transactions: list[etree._Element]) -> None:
        self._body = body
        self._holders = {body}
        for element in transactions:
            for ancestor in element.iterancestors():
                if ancestor in self._holders:
                    break
                self._holders.add(ancestor)
        self._common: dict[etree._Element, list[etree._Element]] = {}
        self._transactions = set(transactions)

    def of(self, element: etree._Element) -> list[tuple[etree._Element, list[etree._Element]]]:
        """Each element around, from the inside, with its children that hold no transaction."""
        if element is self._body:
            return []
        found = []
        for ancestor in element.iterancestors():
            if ancestor not in self._common:
                self._common[ancestor] = [
                    child
                    for child in ancestor
                    if child not in self._holders
                    and child not in self._transactions
                    and local_name(child) not in TRANSACTION_ELEMENTS
                ]
            found.append((ancestor, self._common[ancestor]))
            if ancestor is self._body:
                break
        return found


@dataclass
class Facts:
    """Plain values of one transaction: of each name, the one that stands nearest."""

    first: dict[str, str] = field(default_factory=dict)
    money: dict[str, tuple[str, str]] = field(default_factory=dict)
    reason_code: str | None = None
    reason_texts: list[str] = field(default_factory=list)


def begun(message_row: Mapping[str, Any], ordinal: int) -> dict[str, Any]:
    """A transaction as far as its message tells it."""
    family = message_row["message_type"][:8]
    return {
        "transaction_id": f"{message_row['message_id']}-{ordinal}",
        "message_id": message_row["message_id"],
        "ordinal": ordinal,
        "message_type": message_row["message_type"],
        "kind": "cover" if message_row.get("variant") == "COV" else KINDS.get(family, "other"),
    }


def finish(transaction: dict[str, Any], facts: Facts, parties: list[dict[str, Any]]) -> None:
    """Complete a transaction by its plain values and its parties.

    Raises:
        UnreadableXmlError: An amount or date that must be there cannot be read.
    """
    family = transaction["message_type"][:8]
    read_references(transaction, facts)
    read_amounts(transaction, family, facts)
    read_date(transaction, facts)
    if family in AMOUNT_NEEDED and transaction.get("amount") is None:
        reason = f"the amount of transaction {transaction['ordinal']} is missing"
        raise UnreadableXmlError("no_amount", reason)
    _ends_of(parties, transaction)


class Walk:
    """Goes through the elements of one transaction once."""

    def __init__(self, rows: Rows, transaction: dict[str, Any]) -> None:
        self.facts = Facts()
        self._rows, self._id = rows, transaction["transaction_id"]
        self._outer = "cover" if transaction["kind"] == "cover" else None

    def read_all(self, element: etree._Element, around: Around) -> None:
        """Read a transaction's element and what stands around it."""
        self._read(element, list(element))
        for holder, children in around.of(element):
            self._read(holder, children)

    def _read(self, holder: etree._Element, children: list[etree._Element]) -> None:
        self._children(holder, children, self._outer, None, in_reason=False)

    def _children(
        self,
        holder: etree._Element,
        children: list[etree._Element],
        level: str | None,
        kind: str | None,
        *,
        in_reason: bool,
    ) -> None:
        for child in children:
            name = local_name(child)
            if name in NOT_READ:
                continue
            text = (child.text or "").strip()
            below = TEXT_ELEMENTS.get(name, kind)
            if not len(child):
                if text:
                    self.read_leaf(holder, child, name, text, below, in_reason=in_reason)
            elif name.endswith("Acct"):
                self.read_account(holder, child, level)
            elif name in CUSTOMER_ELEMENTS or name in AGENT_ELEMENTS or is_party(child):
                self.read_party(holder, child, name, level)
            else:
                self._children(
                    child,
                    list(child),
                    _TAX if name in _TAX_ELEMENTS else _LEVELS.get(name, level),
                    below,
                    in_reason=in_reason or name in REASON_ELEMENTS,
                )

    def read_leaf(
        self,
        holder: etree._Element,
        leaf: etree._Element,
        name: str,
        text: str,
        kind: str | None,
        *,
        in_reason: bool,
    ) -> None:
        """Read a leaf: money, a plain value, a text, or none of them."""
        currency = leaf.get("Ccy")
        if currency:
            self.facts.money.setdefault(name, (currency, text))
            return
        if in_reason:
            if name in ("Cd", "Prtry") and self.facts.reason_code is None:
                self.facts.reason_code = text
            elif name == "AddtlInf":
                self.facts.reason_texts.append(text)
        elif kind is None or kind == "purpose":
            self.facts.first.setdefault(name, text)
            # A date may be wrapped: ReqdExctnDt/Dt, ValDt/DtTm.
            self.facts.first.setdefault(f"{local_name(holder)}/{name}", text)
        if is_code_in_text(name) if kind else is_code(name, text):
            return
        self._rows.add_text(self._id, kind or "narrative", leaf.text or "", path_of(leaf))

    def read_party(
        self, holder: etree._Element, element: etree._Element, name: str, level: str | None
    ) -> None:
        """Read a party with its account, and the texts inside it."""
        told = told_of(element, account_of(holder, name))
        for leaf, leaf_name, text in told.rest:
            kind = TEXT_ELEMENTS.get(leaf_name)
            if kind or not is_code(leaf_name, text):
                self._rows.add_text(self._id, kind or "narrative", text, path_of(leaf))
        values = values_of(told)
        if not is_told(values):
            return
        role, level = role_of(name, level, is_agent=told.is_agent)
        path = path_of(element)
        self._rows.add_party(self._id, role, level=level, field_path=path, **values)

    def read_account(
        self, holder: etree._Element, account: etree._Element, level: str | None
    ) -> None:
        """The number belongs to the owner beside it; its name and owner are read here."""
        owner = local_name(account).removesuffix("Acct")
        is_own = local_name(account) == _ACCOUNT  # of a statement, a notice or charges
        if is_own:
            owner = "Ownr"
        role = CUSTOMER_ELEMENTS.get(owner) or AGENT_ELEMENTS.get(owner)
        around = account if is_own else holder
        if role and not any(local_name(beside) == owner and len(beside) for beside in around):
            # Nobody is named, but whose account it is may be known.
            values = account_alone(account)
            if values["account"] or not is_own:
                self._rows.add_party(
                    self._id,
                    role,
                    level=level,
                    field_path=path_of(account),
                    is_agent=owner in AGENT_ELEMENTS,
                    **values,
                )
        for child in account:
            name = local_name(child)
            if name in CUSTOMER_ELEMENTS or name in AGENT_ELEMENTS:
                self.read_party(account, child, name, self._outer)
            elif name in ("Nm", "Prxy"):
                for leaf in child.iter(etree.Element):
                    text = (leaf.text or "").strip()
                    if text and not len(leaf) and local_name(leaf) != "Cd":
                        self._rows.add_text(self._id, "narrative", text, path_of(leaf))


def account_of(holder: etree._Element, name: str) -> etree._Element | None:
    """The account beside a party's element of this name."""
    account = next((e for e in holder if local_name(e) == f"{name}Acct"), None)
    if account is None and name == "Ownr" and local_name(holder) == _ACCOUNT:
        account = next((e for e in holder if local_name(e) == "Id"), None)
    return account


def role_of(name: str, level: str | None, *, is_agent: bool) -> tuple[str, str | None]:
    """Role and level of a party by the name of its element and the level it stands at."""
    role = CUSTOMER_ELEMENTS.get(name) or AGENT_ELEMENTS.get(name)
    if role is None or level == _TAX:
        role = OTHER_AGENT if is_agent else OTHER_CUSTOMER
        level = None if level == _TAX else level
    return role, level


def read_references(transaction: dict[str, Any], facts: Facts) -> None:
    """References, codes and reasons of a transaction."""
    first = facts.first
    transaction["instruction_id"] = first.get("InstrId") or first.get("OrgnlInstrId")
    transaction["end_to_end_id"] = first.get("EndToEndId") or first.get("OrgnlEndToEndId")
    uetr = first.get("UETR") or first.get("OrgnlUETR")
    transaction["uetr"] = uetr.lower() if uetr else None
    transaction["related_reference"] = (
        first.get("OrgnlTxId")
        or first.get("OrgnlInstrId")
        or first.get("OrgnlItmId")
        or first.get("OrgnlMsgId")
    )
    transaction["reference"] = (
        next((first[name] for name in OWN_REFERENCES if name in first), None)
        or transaction["instruction_id"]
        or transaction["end_to_end_id"]
        or first.get("MsgId")
    )
    transaction["purpose_code"] = first.get("Purp/Cd")
    transaction["charge_bearer"] = first.get("ChrgBr")
    transaction["status_code"] = next((first[s] for s in STATUSES if s in first), None)
    transaction["reason_code"] = facts.reason_code
    transaction["reason_text"] = "\n".join(facts.reason_texts) or None
    if transaction["status_code"] == "RJCT":
        transaction["kind"] = "reject"


def read_amounts(transaction: dict[str, Any], family: str, facts: Facts) -> None:
    """Amounts with their currencies, and the references that hang on the kind of message.

    Raises:
        UnreadableXmlError: An amount cannot be read.
    """
    names = AMOUNTS_OF_RETURNS if family == "pacs.004" else AMOUNTS
    for name in names:
        if name in facts.money:
            currency, text = facts.money[name]
            transaction["currency"], transaction["amount"] = currency, amount_of(text, name)
            break
    if "InstdAmt" in facts.money:
        currency, text = facts.money["InstdAmt"]
        transaction["instructed_currency"] = currency
        transaction["instructed_amount"] = amount_of(text, "InstdAmt")
    if family in STATEMENTS and "EndToEndId" in facts.first:
        # The account owner's own reference is the one that the transfer bore.
        transaction["related_reference"] = facts.first.get("InstrId") or facts.first["EndToEndId"]
    if family in CHARGES and "ChrgsId" in facts.first:
        # The instruction is that of the transfer which the charges are for.
        transaction["related_reference"] = transaction["instruction_id"]


def read_date(transaction: dict[str, Any], facts: Facts) -> None:
    """The value date.

    Raises:
        UnreadableXmlError: It is no date.
    """
    for name in DATES:
        told = (name, f"{name}/Dt", f"{name}/DtTm")
        text = next((facts.first[key] for key in told if key in facts.first), None)
        if text is None:
            continue
        transaction["value_date"] = iso_date(text)
        if transaction["value_date"] is None:
            raise UnreadableXmlError("date", f"{name} is no date")
        return


def _ends_of(own: list[dict[str, Any]], transaction: dict[str, Any]) -> None:
    """Name, country and account of debtor and creditor; of a cover, the customers'."""
    for role in ("debtor", "creditor", "debtor_agent", "creditor_agent"):
        found = [
            p for p in own if p["role"] == role and (p.get("bic") or not role.endswith("_agent"))
        ]
        if found:
            add_end(min(found, key=lambda p: LEVEL_OF_ENDS.index(p["level"])), transaction)


def _sender_and_receiver(rows: Rows, message_row: dict[str, Any]) -> None:
    for side, role in (("sender_bic", "instructing_agent"), ("receiver_bic", "instructed_agent")):
        if not message_row.get(side):
            message_row[side] = next(
                (p["bic"] for p in rows.parties if p["role"] == role and p.get("bic")), None
            )
        for transaction in rows.transactions:
            transaction[side] = message_row[side]
    message_row["is_test"] = is_test_bic(message_row["sender_bic"])
    uetrs = {t["uetr"] for t in rows.transactions}
    message_row["uetr"] = uetrs.pop() if len(uetrs) == 1 else None


def path_of(element: etree._Element) -> str:
    """Names of the elements from below the Document down to this one."""
    names = [local_name(element)]
    for ancestor in element.iterancestors():
        if local_name(ancestor) == "Document":
            break
        names.append(local_name(ancestor))
    return "/".join(reversed(names[:-1] or names))


def amount_of(text: str, where: str) -> Any:
    """The amount that an element holds.

    Raises:
        UnreadableXmlError: It holds none.
    """
    amount = exact_amount(text.removeprefix("+"))
    if amount is None:
        raise UnreadableXmlError("amount", f"{where} holds no amount")
    return amount
