"""What each ISO 20022 element means: its role, kind of text, or that nothing is read from it.

Source: ISO 20022 message definitions of the business areas pacs, pain and camt;
elements are known by their local names, which the versions share. A party that
no table names is kept under a general role, and a leaf that no table and no
suffix names is kept as free text, so that it is screened.
"""

import re

CUSTOMER_ELEMENTS = {
    "Dbtr": "debtor",
    "UltmtDbtr": "ultimate_debtor",
    "InitgPty": "initiating_party",
    "Cdtr": "creditor",
    "UltmtCdtr": "ultimate_creditor",
    "Invcr": "invoicer",
    "Invcee": "invoicee",
    "Ownr": "account_owner",
    "AcctOwnr": "account_owner",
    "Orgtr": "originator",
    "TradgPty": "trading_party",
    "Pyer": "debtor",
    "Pyee": "creditor",
    "Grnshee": "garnishee",
}
"""Elements of customers; where they hold a bank, the party is one."""

AGENT_ELEMENTS = {
    "DbtrAgt": "debtor_agent",
    "CdtrAgt": "creditor_agent",
    "FwdgAgt": "forwarding_agent",
    "InstgAgt": "instructing_agent",
    "InstdAgt": "instructed_agent",
    "IntrmyAgt1": "intermediary_agent_1",
    "IntrmyAgt2": "intermediary_agent_2",
    "IntrmyAgt3": "intermediary_agent_3",
    "PrvsInstgAgt": "previous_instructing_agent_1",
    "PrvsInstgAgt1": "previous_instructing_agent_1",
    "PrvsInstgAgt2": "previous_instructing_agent_2",
    "PrvsInstgAgt3": "previous_instructing_agent_3",
    "InstgRmbrsmntAgt": "instructing_reimbursement_agent",
    "InstdRmbrsmntAgt": "instructed_reimbursement_agent",
    "ThrdRmbrsmntAgt": "third_reimbursement_agent",
    "ChrgsAcctAgt": "charges_agent",
    "Svcr": "account_servicer",
    "Assgnr": "assigner",
    "Assgne": "assignee",
    "DrwrAgt": "drawer_agent",
    "DrweeAgt": "drawee_agent",
    "IssgAgt": "issuing_agent",
}
"""Elements of banks."""

OTHER_CUSTOMER, OTHER_AGENT = "other_party", "other_agent"

TEXT_ELEMENTS = {
    "RmtInf": "remittance_information",
    "RltdRmtInf": "remittance_information",
    "InstrForCdtrAgt": "bank_to_bank_information",
    "InstrForNxtAgt": "bank_to_bank_information",
    "InstrForDbtrAgt": "bank_to_bank_information",
    "RgltryRptg": "regulatory_reporting",
    "Purp": "purpose",
    "CityOfBirth": "place",
    "PrvcOfBirth": "place",
    "AddtlNtryInf": "statement_information",
    "AddtlTxInf": "statement_information",
}
"""Kind of the texts below an element; below any other, texts are narrative."""

TRANSACTION_ELEMENTS = frozenset(
    {"CdtTrfTxInf", "DrctDbtTxInf", "TxInfAndSts", "TxInf", "TxDtls", "Ntry", "Itm", "Chq", "Rcrd"}
)
"""Elements of one transfer each; an entry with details gives one for each of them."""

KINDS = {
    "pacs.002": "status",
    "pacs.003": "direct_debit",
    "pacs.004": "return",
    "pacs.008": "customer_transfer",
    "pacs.009": "bank_transfer",
    "pacs.010": "direct_debit",
    "pacs.028": "enquiry",
    "pain.001": "customer_transfer",
    "pain.002": "status",
    "pain.008": "direct_debit",
    "camt.029": "answer",
    "camt.052": "statement_entry",
    "camt.053": "statement_entry",
    "camt.054": "statement_entry",
    "camt.055": "cancellation",
    "camt.056": "cancellation",
    "camt.057": "notice",
    "camt.058": "cancellation",
    "camt.087": "enquiry",
    "camt.105": "charges_advice",
    "camt.106": "charges_request",
    "camt.107": "cheque",
    "camt.108": "cancellation",
    "camt.109": "answer",
    "camt.110": "enquiry",
    "camt.111": "answer",
}
"""Kind of the transaction by message."""

STATEMENTS = ("camt.052", "camt.053", "camt.054")
CHARGES = ("camt.105", "camt.106")

AMOUNTS = (
    "IntrBkSttlmAmt",
    "OrgnlIntrBkSttlmAmt",
    "RtrdIntrBkSttlmAmt",
    "InstdAmt",
    "TtlChrgsAmt",
    "Amt",
)
AMOUNTS_OF_RETURNS = ("RtrdIntrBkSttlmAmt", "OrgnlIntrBkSttlmAmt", "IntrBkSttlmAmt")
AMOUNT_NEEDED = ("pacs.003", "pacs.004", "pacs.008", "pacs.009", "pacs.010", "pain.001", "pain.008")
DATES = (
    "IntrBkSttlmDt", "ReqdExctnDt", "ReqdColltnDt", "OrgnlIntrBkSttlmDt", "ValDt", "XpctdValDt",
    "BookgDt", "IsseDt",
)  # fmt: skip
OWN_REFERENCES = (
    "TxId",
    "RtrId",
    "StsId",
    "CxlStsId",
    "CxlId",
    "ChrgsId",
    "ChqNb",
    "NtryRef",
    "Itm/Id",
)
STATUSES = ("TxSts", "TxCxlSts", "GrpSts", "Conf")
REASON_ELEMENTS = frozenset(
    {"RtrRsnInf", "StsRsnInf", "CxlRsnInf", "CxlStsRsnInf", "RjctRsn", "CxlRsn", "ChqCxlOrStopRsn"}
)

NOT_READ = frozenset(
    {"AdrTp", "Bal", "TxsSummry", "CardTx", "RptPgntn", "StmtPgntn", "NtfctnPgntn", "Sgntr"}
)
"""Types of addresses, balances, sums, card terminals, pages, signatures: nobody stands there."""

CODE_ENDINGS = (
    "Cd", "Ind", "Tp", "Mtd", "Sts", "Prty", "Chanl", "Ccy", "Dt", "DtTm", "Tm", "Amt", "Rate",
    "Id", "Ref", "Sum", "Pctg", "LEI", "BIC", "BICFI", "BICOrBEI", "AnyBIC", "IBAN", "ISIN", "UETR",
    "Br", "Conf", "SeqNb", "Nb", "Days", "Issr", "Ctry", "Dplct", "Incl", "Yldd",
)  # fmt: skip
"""Endings of the names of leaves that hold codes, dates, numbers and references."""

CODE_PARTS = ("NbOf", "CtryOf", "CcyOf")
"""Parts of such names that something may follow."""

CODES_IN_TEXTS = ("Cd", "Dt", "Ctry", "Tp", "DtTm", "Issr")
"""Leaves inside an element of free text that are none; numbers of documents are."""

_CODE_NAME = re.compile(rf".*(?:{'|'.join(CODE_ENDINGS)}|(?:{'|'.join(CODE_PARTS)})\w*)")
WORD = r"[^\W\d_]{3}"
"""A word: what holds none is no text."""
_WORD = re.compile(WORD)


def is_code(name: str, text: str) -> bool:
    """Whether a leaf that no table names holds a code, a date, a number or a reference.

    The last part of an element's name tells the data type: ISO 20022 names are built so.
    """
    return bool(_CODE_NAME.fullmatch(name)) or not _WORD.search(text)


def is_code_in_text(name: str) -> bool:
    """Whether a leaf inside an element of free text is no text; numbers of documents are."""
    return name in CODES_IN_TEXTS
