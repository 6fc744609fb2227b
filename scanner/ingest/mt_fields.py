"""What each MT field means: its role or kind of text, per message type and sequence.

Source: SWIFT category 1, 2, 7 and 9 message reference guides. Agents are roles of
banks; a tag that no table names is kept as free text, so that it is screened.
"""

from functools import lru_cache
from typing import NamedTuple

AGENT_ROLES_1XX = {
    "51": "sending_institution",
    "52": "debtor_agent",
    "53": "senders_correspondent",
    "54": "receivers_correspondent",
    "55": "third_reimbursement_agent",
    "56": "intermediary_agent_1",
    "57": "creditor_agent",
}
"""Agents of customer transfers (MT101 to MT112) and of sequence B of a cover."""

AGENT_ROLES_2XX = {
    "52": "debtor",
    "53": "senders_correspondent",
    "54": "receivers_correspondent",
    "56": "intermediary_agent_1",
    "57": "creditor_agent",
    "58": "creditor",
}
"""Banks of bank transfers (MT200 to MT205): both ends are banks themselves."""

AGENT_ROLES_7XX = {
    "41": "available_with",
    "42": "drawee",
    "51": "applicant_agent",
    "52": "issuing_bank",
    "53": "reimbursing_bank",
    "56": "intermediary_agent_1",
    "57": "advise_through_bank",
    "58": "confirming_party",
}
"""Banks of documentary credits and guarantees."""

AGENT_ROLES_DEBITS = AGENT_ROLES_1XX | {"52": "creditor_agent", "57": "debtor_agent"}
"""Agents of direct debits (MT104, MT107): the creditor's bank sends."""

AGENT_ROLES_204 = AGENT_ROLES_2XX | {"53": "debtor"}
"""Banks of a direct debit between banks: field 53 is the one that is debited."""

CUSTOMER_ROLES = {"50": "debtor", "59": "creditor"}
"""Customers; in credits and guarantees the applicant and the beneficiary."""

CUSTOMER_ROLES_DEBITS = {"50": "creditor", "59": "debtor"}
"""Customers of direct debits: the creditor orders and the debtor pays."""

CUSTOMER_DEBITS = frozenset({"104", "107"})
"""Direct debits of customers."""

TEXT_KINDS = {
    "23": "instruction",
    "26": "purpose",
    "37": "narrative",
    "44": "shipment",
    "45": "goods_description",
    "46": "documents_required",
    "47": "additional_conditions",
    "48": "additional_conditions",
    "49": "instruction",
    "70": "remittance_information",
    "71": "charges",
    "72": "bank_to_bank_information",
    "73": "charges",
    "75": "narrative",
    "76": "narrative",
    "77": "narrative",
    "78": "instruction",
    "79": "narrative",
    "86": "statement_information",
}
"""Free text by tag number, where its letter does not matter."""

TEXT_KINDS_BY_TAG = {
    "77B": "regulatory_reporting",
    "77L": "additional_conditions",
    "77T": "envelope_contents",
    "77U": "additional_conditions",
}
"""Free text whose letter tells the kind."""

NOT_TEXT = frozenset({"11", "12", "13", "19", "20", "21", "25", "27", "28", "30", "31", "32", "33",
                      "34", "36", "39", "40", "43", "60", "61", "62", "64", "65"})  # fmt: skip
"""Codes, dates, amounts and references: no names stand there."""

KINDS = {
    "101": "customer_transfer", "102": "customer_transfer", "103": "customer_transfer",
    "104": "direct_debit", "107": "direct_debit", "110": "cheque", "111": "cheque",
    "112": "cheque", "200": "bank_transfer", "201": "bank_transfer", "202": "bank_transfer",
    "203": "bank_transfer", "204": "direct_debit", "205": "bank_transfer",
    "210": "notice", "700": "letter_of_credit", "701": "letter_of_credit",
    "705": "letter_of_credit", "707": "letter_of_credit", "710": "letter_of_credit",
    "708": "letter_of_credit", "711": "letter_of_credit", "720": "letter_of_credit",
    "721": "letter_of_credit", "760": "guarantee", "761": "guarantee", "765": "guarantee",
    "767": "guarantee", "900": "confirmation",
    "910": "confirmation", "940": "statement_entry", "942": "statement_entry",
    "950": "statement_entry",
}  # fmt: skip
"""Kind of the transaction by message type; n92, n95, n96 and n99 are told by their ending."""

KINDS_BY_ENDING = {
    "90": "charges_advice", "91": "charges_request", "92": "cancellation", "95": "enquiry",
    "96": "answer", "98": "free_format", "99": "free_format",
}  # fmt: skip
"""Kind of common-group messages by their last two digits."""

COPIES_ORIGINAL = frozenset({"90", "91", "92", "95", "96"})
"""Endings of common-group messages that repeat fields of the message which they speak of."""

REFERENCE_IN_21 = frozenset({"101", "102", "104", "107", "110"})
"""Types whose field 21 is the transfer's own reference; in others that of an earlier message."""

ACCOUNT_OWNER = "account_owner"
"""Role of whose account a statement or a confirmation is of: field 25."""

CODED_TEXT = frozenset({"23", "26", "71"})
"""Texts of codes, which no one writes in Cyrillic."""


class Meaning(NamedTuple):
    """What the reader does with a field.

    Attributes:
        use: party, text, reference, related_reference, money, execution_date, entry,
            balance, floor, charge_bearer, purpose_code, place or nothing.
        name: Role of the party or kind of the text.
        is_agent: Whether the role is a bank's.
    """

    use: str
    name: str = ""
    is_agent: bool = False


@lru_cache(maxsize=20_000)  # bounded: hostile files may invent types and tags without end
def meaning_of(
    message_type: str, variant: str | None, sequence: str, tag: str, *, names_customer: bool
) -> Meaning:
    """What a field means.

    Args:
        message_type: Three digits.
        variant: COV, STP, REMIT, RFDD or None.
        sequence: Letter of the sequence that holds the field, or empty.
        tag: Number and letter.
        names_customer: Whether the message has a field 50.
    """
    number, letter = tag[:2], tag[2:]
    if party := _party(message_type, variant, sequence, number, letter, names_customer):
        return party
    if use := _PLAIN_USES.get(tag) or _PLAIN_USES.get(number):
        if use == "execution_date" and message_type[0] == "7":
            return Meaning("nothing")
        if tag == "21" and message_type in REFERENCE_IN_21:
            return Meaning("reference")
        return Meaning(use)
    if number in NOT_TEXT:
        return Meaning("nothing")
    return Meaning("text", TEXT_KINDS_BY_TAG.get(tag) or TEXT_KINDS.get(number, "narrative"))


_PLAIN_USES = {
    "20": "reference", "21": "related_reference", "30": "execution_date", "31D": "place",
    "32": "money", "33": "instructed_money", "60": "balance", "61": "entry",
    "71A": "charge_bearer", "26T": "purpose_code", "34F": "floor",
}  # fmt: skip


def _party(
    message_type: str,
    variant: str | None,
    sequence: str,
    number: str,
    letter: str,
    names_customer: bool,
) -> Meaning | None:
    if number == "25" and message_type[0] == "9":
        return Meaning("party", ACCOUNT_OWNER)
    if number == "50" and letter in ("C", "L"):
        return Meaning("party", "initiating_party")
    if number == "50" and letter == "B" and message_type[0] == "7":
        return Meaning("party", "non_bank_issuer")
    if number in CUSTOMER_ROLES:
        is_debit = message_type in CUSTOMER_DEBITS
        return Meaning("party", (CUSTOMER_ROLES_DEBITS if is_debit else CUSTOMER_ROLES)[number])
    if number == "42" and letter not in ("A", "D"):
        return None  # 42C, 42M and 42P: when and how drafts are paid
    if number == "51" and message_type.startswith("76"):
        return Meaning("party", "instructing_party")
    role = _agent_roles(message_type, variant, sequence, names_customer).get(number)
    return Meaning("party", role, is_agent=True) if role else None


def _agent_roles(
    message_type: str, variant: str | None, sequence: str, names_customer: bool
) -> dict[str, str]:
    category = message_type[0]
    if category == "7":
        return AGENT_ROLES_7XX
    if message_type in CUSTOMER_DEBITS:
        return AGENT_ROLES_DEBITS
    if message_type == "204":
        return AGENT_ROLES_204
    if category not in "29" or (variant == "COV" and sequence == "B"):
        return AGENT_ROLES_1XX
    if variant != "COV" and names_customer:
        # A notice that names the customer: then field 52 is the customer's bank.
        return AGENT_ROLES_2XX | {"52": "debtor_agent"}
    return AGENT_ROLES_2XX
