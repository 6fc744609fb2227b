"""ISO 20022: levels apart, references and amounts, hostile XML refused, twins of MT agree."""

import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from scanner.ingest.fin import read_fin
from scanner.ingest.mt import read_mt
from scanner.ingest.mx import read_mx
from scanner.ingest.mx_document import UnreadableXmlError, documents, parse
from scanner.ingest.rows import Rows
from scanner.simulate import Plan
from scanner.simulate.deals import DealMaker
from scanner.simulate.rendering_mt import render_mt
from scanner.simulate.rendering_mx import render_mx
from scanner.simulate.world import make_world

SPACE = "urn:iso:std:iso:20022:tech:xsd:"
AGENT = "<{0}><FinInstnId><BICFI>{1}</BICFI></FinInstnId></{0}>"


def rows(xml: str) -> Rows:
    made = Rows()
    for position, (header, document) in enumerate(documents(parse(xml.encode()))):
        made.extend(read_mx(header, document, {"message_id": f"m{position}"}))
    return made


def transfer(inside: str, kind: str = "pacs.008.001.08", root: str = "FIToFICstmrCdtTrf") -> str:
    head = "<GrpHdr><MsgId>M1</MsgId></GrpHdr>"
    return f'<Document xmlns="{SPACE}{kind}"><{root}>{head}{inside}</{root}></Document>'


ONE = (
    "<CdtTrfTxInf><PmtId><InstrId>I1</InstrId><EndToEndId>E1</EndToEndId>"
    "<UETR>8A562C67-CA16-48BA-B074-65581BE6F001</UETR></PmtId>"
    '<IntrBkSttlmAmt Ccy="EUR">1234.50</IntrBkSttlmAmt><IntrBkSttlmDt>2024-08-15</IntrBkSttlmDt>'
    "<UltmtDbtr><Nm>BEHIND LTD</Nm></UltmtDbtr><Dbtr><Nm>PAYER &amp; CO</Nm>"
    "<PstlAdr><TwnNm>CUTOVER2026</TwnNm><Ctry>TR</Ctry></PstlAdr></Dbtr>"
    "<DbtrAcct><Id><IBAN>TR330006100519786457841326</IBAN></Id></DbtrAcct>"
    + AGENT.format("DbtrAgt", "QQBBTRISXXX")
    + AGENT.format("IntrmyAgt1", "QQCCUS33XXX")
    + AGENT.format("CdtrAgt", "QQAADEFFXXX")
    + "<Cdtr><Nm>PAYEE GMBH</Nm></Cdtr><RmtInf><Ustrd>INVOICE 7</Ustrd></RmtInf></CdtTrfTxInf>"
)


def test_a_transfer() -> None:
    made = rows(transfer(ONE))
    (transaction,) = made.transactions
    assert (transaction["amount"], transaction["currency"]) == (Decimal("1234.50"), "EUR")
    assert transaction["value_date"] == date(2024, 8, 15)
    assert transaction["uetr"] == "8a562c67-ca16-48ba-b074-65581be6f001"
    assert (transaction["instruction_id"], transaction["end_to_end_id"]) == ("I1", "E1")
    roles = {p["role"]: p.get("name") or p.get("bic") for p in made.parties}
    assert roles == {
        "ultimate_debtor": "BEHIND LTD",
        "debtor": "PAYER & CO",
        "debtor_agent": "QQBBTRISXXX",
        "intermediary_agent_1": "QQCCUS33XXX",
        "creditor_agent": "QQAADEFFXXX",
        "creditor": "PAYEE GMBH",
    }
    debtor = next(p for p in made.parties if p["role"] == "debtor")
    assert debtor["account"] == "TR330006100519786457841326"
    assert debtor["town"] is None, "the placeholder of the market practice group is no town"
    assert [t["text"] for t in made.texts] == ["INVOICE 7"]


def test_many_transactions_and_many_documents() -> None:
    made = rows(f"<Batch>{transfer(ONE + ONE)}{transfer(ONE)}</Batch>")
    assert [m["transaction_count"] for m in made.messages] == [2, 1]
    assert len({t["transaction_id"] for t in made.transactions}) == 3


def test_the_two_levels_of_a_cover_stay_apart() -> None:
    inside = (
        "<CdtTrfTxInf><PmtId><InstrId>C</InstrId></PmtId>"
        '<IntrBkSttlmAmt Ccy="EUR">1</IntrBkSttlmAmt>'
        + AGENT.format("Dbtr", "QQBBTRISXXX")
        + AGENT.format("Cdtr", "QQAADEFFXXX")
        + "<UndrlygCstmrCdtTrf><Dbtr><Nm>PAYER</Nm></Dbtr><Cdtr><Nm>PAYEE</Nm></Cdtr>"
        "</UndrlygCstmrCdtTrf></CdtTrfTxInf>"
    )
    made = rows(transfer(inside, "pacs.009.001.08", "FICdtTrf"))
    seen = {
        (p["level"], p["role"], p["is_agent"]): p.get("bic") or p.get("name") for p in made.parties
    }
    assert seen == {
        ("cover", "debtor", True): "QQBBTRISXXX", ("cover", "creditor", True): "QQAADEFFXXX",
        ("underlying", "debtor", False): "PAYER", ("underlying", "creditor", False): "PAYEE",
    }  # fmt: skip
    assert made.messages[0]["variant"] == "COV"
    assert made.transactions[0]["debtor_name"] == "PAYER"


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "doctype"),
        ("<Document><a>", "xml"),
        ("<Document><a/></Document>", "message_type"),
        (transfer(ONE.replace("1234.50", "12,34")), "amount"),
        (transfer(ONE.replace("1234.50", "NaN")), "amount"),
        (transfer(ONE.replace("1234.50", "1E300")), "amount"),
        (transfer(ONE.replace("1234.50", "9" * 30)), "amount"),
        (transfer(ONE.replace("1234.50", "1.1234567")), "amount"),
        (transfer(ONE.replace("2024-08-15", "15.08.2024")), "date"),
        (
            transfer(ONE.replace('<IntrBkSttlmAmt Ccy="EUR">1234.50</IntrBkSttlmAmt>', "")),
            "no_amount",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(xml: str, code: str) -> None:
    with pytest.raises(UnreadableXmlError) as refused:
        rows(xml)
    assert refused.value.code == code


def _facts(made: Rows) -> dict[str, Any]:
    transaction = next(t for t in made.transactions if t["kind"] == "customer_transfer")
    texts = "".join(t["text"] for t in made.texts if t["kind"] == "remittance_information")
    return {
        "amount": transaction["amount"],
        "currency": transaction["currency"],
        "value_date": transaction["value_date"],
        "uetr": transaction["uetr"],
        "debtor": "".join(transaction["debtor_name"].split()),
        "creditor": "".join(transaction["creditor_name"].split()),
        "countries": (transaction["debtor_country"], transaction["creditor_country"]),
        "agents": (transaction["debtor_agent_bic"], transaction["creditor_agent_bic"]),
        "text": "".join(texts.split()),
    }


def test_mt_and_mx_twins_of_one_payment_agree() -> None:
    import random

    rng = random.Random(4)
    plan = Plan(seed=4, payments=300)
    world = make_world(rng, plan.start, plan.payments)
    maker = DealMaker(rng, world, plan)
    compared = 0
    for _ in range(300):
        deal = maker.ordinary()
        if (
            deal.form in ("bank", "credit")
            or len(deal.debtor.name) > 70
            or len(deal.creditor.name) > 70
        ):
            continue
        mt = read_mt(read_fin(render_mt(deal, world)[0]), {"message_id": "m"})
        assert _facts(mt) == _facts(rows(render_mx(deal, world)[0]))
        compared += 1
    assert compared > 200


def document(inside: str, kind: str, root: str) -> str:
    return f'<Document xmlns="{SPACE}{kind}"><{root}>{inside}</{root}></Document>'


def test_an_entry_of_a_statement_without_details_is_not_lost() -> None:
    entry = '<Ntry><Amt Ccy="EUR">{0}</Amt><ValDt><Dt>2024-08-15</Dt></ValDt>{1}</Ntry>'
    details = (
        "<NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>PAYER</Nm></Pty></Dbtr></RltdPties></TxDtls>"
        "<TxDtls><AddtlTxInf>SECOND OF TWO</AddtlTxInf></TxDtls></NtryDtls>"
    )
    balance = '<Bal><Amt Ccy="EUR">999</Amt></Bal>'
    owner = "<Acct><Id><Othr><Id>1</Id></Othr></Id><Ownr><Nm>HOLDER</Nm></Ownr></Acct>"
    made = rows(
        document(
            f"<Stmt>{owner}{balance}{entry.format(7, '')}{entry.format(8, details)}"
            "<Ntry><Amt Ccy='EUR'>9</Amt><AddtlNtryInf>ABOUT THE ENTRY</AddtlNtryInf></Ntry>"
            "</Stmt>",
            "camt.053.001.08",
            "BkToCstmrStmt",
        )
    )
    assert [int(t["amount"]) for t in made.transactions] == [7, 8, 8, 9]
    assert [str(t.get("value_date")) for t in made.transactions] == ["2024-08-15"] * 3 + ["None"]
    assert made.transactions[1]["debtor_name"] == "PAYER"
    owners = [p for p in made.parties if p["role"] == "account_owner"]
    assert [(p["name"], p["account"]) for p in owners] == [("HOLDER", "1")] * 4
    assert {p["role"] for p in made.parties} == {"account_owner", "debtor"}
    assert [t["text"] for t in made.texts] == ["SECOND OF TWO", "ABOUT THE ENTRY"]


def test_what_an_initiation_says_once_holds_for_all_its_transfers() -> None:
    transfer_of = (
        "<CdtTrfTxInf><PmtId><EndToEndId>{0}</EndToEndId></PmtId><Amt><InstdAmt Ccy='EUR'>{0}"
        "</InstdAmt></Amt><Cdtr><Nm>PAYEE {0}</Nm></Cdtr></CdtTrfTxInf>"
    )
    made = rows(
        document(
            "<GrpHdr><MsgId>M</MsgId><InitgPty><Nm>SENDER OF THE FILE</Nm></InitgPty></GrpHdr>"
            "<PmtInf><ReqdExctnDt><Dt>2024-08-15</Dt></ReqdExctnDt><Dbtr><Nm>PAYER</Nm></Dbtr>"
            + "".join(transfer_of.format(n) for n in range(1, 4))
            + "</PmtInf>",
            "pain.001.001.09",
            "CstmrCdtTrfInitn",
        )
    )
    assert [(t["reference"], int(t["amount"]), t["creditor_name"]) for t in made.transactions] == [
        (str(n), n, f"PAYEE {n}") for n in range(1, 4)
    ]
    assert {str(t["value_date"]) for t in made.transactions} == {"2024-08-15"}
    assert {t["debtor_name"] for t in made.transactions} == {"PAYER"}
    assert sum(p["role"] == "initiating_party" for p in made.parties) == 3


def test_of_a_return_the_money_and_the_parties_are_those_of_the_way_back() -> None:
    made = rows(
        document(
            "<TxInf><RtrId>R1</RtrId><OrgnlInstrId>I1</OrgnlInstrId><OrgnlUETR>U</OrgnlUETR>"
            "<RtrdIntrBkSttlmAmt Ccy='EUR'>90</RtrdIntrBkSttlmAmt>"
            "<RtrChain><Dbtr><Pty><Nm>FIRST PAYEE</Nm></Pty></Dbtr>"
            "<Cdtr><Pty><Nm>FIRST PAYER</Nm></Pty></Cdtr></RtrChain>"
            "<RtrRsnInf><Rsn><Cd>RR04</Cd></Rsn><AddtlInf>REGULATORY</AddtlInf></RtrRsnInf>"
            "<OrgnlTxRef><IntrBkSttlmAmt Ccy='EUR'>100</IntrBkSttlmAmt>"
            "<Dbtr><Pty><Nm>FIRST PAYER</Nm></Pty></Dbtr></OrgnlTxRef></TxInf>",
            "pacs.004.001.09",
            "PmtRtr",
        )
    )
    (transaction,) = made.transactions
    assert (transaction["kind"], int(transaction["amount"])) == ("return", 90)
    assert (transaction["debtor_name"], transaction["creditor_name"]) == (
        "FIRST PAYEE", "FIRST PAYER",
    )  # fmt: skip
    assert (transaction["reference"], transaction["related_reference"]) == ("R1", "I1")
    assert (transaction["reason_code"], transaction["reason_text"]) == ("RR04", "REGULATORY")
    assert ("original", "FIRST PAYER") in {(p["level"], p["name"]) for p in made.parties}


def test_a_party_or_a_text_that_no_table_names_is_screened_all_the_same() -> None:
    extra = (
        "<FutrRole><Nm>HIDDEN LTD</Nm><PstlAdr><Ctry>RU</Ctry></PstlAdr></FutrRole>"
        "<FutrAgt><FinInstnId><BICFI>QQRURUMMXXX</BICFI></FinInstnId></FutrAgt>"
        "<FutrNote>GOODS FOR MOSCOW</FutrNote><FutrCd>CODE</FutrCd>"
    )
    contact = "<CtctDtls><Nm>IVAN OF SALES</Nm><EmailAdr>x@y.example</EmailAdr></CtctDtls></Dbtr>"
    made = rows(
        transfer(
            ONE.replace("<RmtInf>", extra + "<RmtInf>")
            .replace("</Dbtr>", contact)
            .replace("</DbtrAcct>", "<Nm>ACCOUNT OF X</Nm></DbtrAcct>")
        )
    )
    roles = {(p["role"], p.get("name") or p.get("bic"), p.get("country")) for p in made.parties}
    assert ("other_party", "HIDDEN LTD", "RU") in roles
    assert ("other_agent", "QQRURUMMXXX", "RU") in roles
    assert {t["text"] for t in made.texts} == {
        "INVOICE 7", "GOODS FOR MOSCOW", "IVAN OF SALES", "x@y.example", "ACCOUNT OF X",
    }  # fmt: skip


def test_the_number_of_transactions_costs_time_in_proportion() -> None:
    cost = []
    for count in (300, 2400):
        xml = transfer(ONE * count)
        start = time.process_time()
        rows(xml)
        cost.append(time.process_time() - start)
    assert cost[1] < 24 * cost[0] + 0.2


def test_a_cheque_is_known_by_its_number_and_pays_from_payer_to_payee() -> None:
    cheque = (
        "<Chq><InstrId>I1</InstrId><ChqNb>102145</ChqNb><IsseDt>2022-10-20</IsseDt>"
        '<Amt Ccy="GBP">25250</Amt><Pyer><Nm>PAYER CO</Nm><PstlAdr><Ctry>GB</Ctry></PstlAdr></Pyer>'
        "<Pyee><Nm>PAYEE CO</Nm><PstlAdr><Ctry>FR</Ctry></PstlAdr></Pyee></Chq>"
    )
    made = rows(document(cheque, "camt.107.001.01", "ChqPresntmntNtfctn"))
    (transaction,) = made.transactions
    assert (transaction["reference"], transaction["instruction_id"]) == ("102145", "I1")
    assert (transaction["debtor_name"], transaction["creditor_name"]) == ("PAYER CO", "PAYEE CO")
    assert transaction["value_date"] == date(2022, 10, 20)


def test_each_record_of_charges_speaks_of_its_own_transfer() -> None:
    record = (
        "<Rcrd><UndrlygTx><InstrId>{0}</InstrId></UndrlygTx><TtlChrgsPerRcrd>"
        '<TtlChrgsAmt Ccy="GBP">{1}</TtlChrgsAmt></TtlChrgsPerRcrd>'
        '<ChrgsBrkdwn><Amt Ccy="GBP">1</Amt></ChrgsBrkdwn></Rcrd>'
    )
    inside = "<Chrgs><PerTx><ChrgsId>CHARGE1</ChrgsId>{}</PerTx></Chrgs>".format(
        record.format("TRANSFER1", 15) + record.format("TRANSFER2", 20)
    )
    made = rows(document(inside, "camt.106.001.02", "ChrgsPmtReq"))
    told = [(t["reference"], t["related_reference"], t["amount"]) for t in made.transactions]
    assert told == [("CHARGE1", "TRANSFER1", Decimal(15)), ("CHARGE1", "TRANSFER2", Decimal(20))]


def test_what_is_not_provided_is_no_bic() -> None:
    made = rows(transfer(ONE.replace("QQAADEFFXXX", "NOTPROVIDED")))
    assert made.transactions[0].get("creditor_agent_bic") is None
    assert "creditor_agent" not in {p["role"] for p in made.parties}


def test_an_account_beside_nobody_is_a_party_of_its_own() -> None:
    alone = "<Dbtr/><DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>"
    inside = f'<CdtTrfTxInf><IntrBkSttlmAmt Ccy="EUR">1</IntrBkSttlmAmt>{alone}</CdtTrfTxInf>'
    made = rows(transfer(inside))
    (party,) = made.parties
    assert (party["role"], party["account"]) == ("debtor", "DE89370400440532013000")
    assert (party["country"], party["country_source"]) == ("DE", "iban")
    assert made.transactions[0]["debtor_account"] == "DE89370400440532013000"


def test_the_account_of_a_statement_without_owner_is_told() -> None:
    entry = '<Ntry><Amt Ccy="EUR">7</Amt></Ntry>'
    for account, told in (
        ("<Id><IBAN>DE89370400440532013000</IBAN></Id>", 1),
        ("<Ccy>EUR</Ccy>", 0),
    ):
        inside = f"<Stmt><Acct>{account}</Acct>{entry}</Stmt>"
        made = rows(document(inside, "camt.053.001.08", "BkToCstmrStmt"))
        found = [(p["role"], p["account"], p["country"]) for p in made.parties]
        assert found == [("account_owner", "DE89370400440532013000", "DE")] * told


def test_an_amount_finer_than_its_currency_is_kept_and_told() -> None:
    for currency, amount, doubtful in (("JPY", "5.50", True), ("JPY", "5.00", False)):
        made = rows(
            transfer(
                f'<CdtTrfTxInf><IntrBkSttlmAmt Ccy="{currency}">{amount}</IntrBkSttlmAmt>'
                "<Dbtr><Nm>A</Nm></Dbtr></CdtTrfTxInf>"
            )
        )
        assert made.transactions[0]["amount"] == Decimal(amount)
        assert bool(made.messages[0].get("repaired")) == doubtful


def test_where_a_person_was_born_is_told() -> None:
    born = (
        "<Id><PrvtId><DtAndPlcOfBirth><BirthDt>1970-02-03</BirthDt><CityOfBirth>MOSCOW</CityOfBirth>"
        "<CtryOfBirth>RU</CtryOfBirth></DtAndPlcOfBirth></PrvtId></Id></Dbtr>"
    )
    made = rows(transfer(ONE.replace("</Dbtr>", born)))
    debtor = next(p for p in made.parties if p["role"] == "debtor")
    assert (debtor["birth_date"], debtor["birth_place"]) == (date(1970, 2, 3), "RU/MOSCOW")


def test_the_parties_of_a_tax_are_others_and_keep_their_numbers() -> None:
    tax = "<Tax><Dbtr><TaxId>7701234500</TaxId></Dbtr><Cdtr><RegnId>R9</RegnId></Cdtr></Tax>"
    made = rows(transfer(ONE.replace("</CdtTrfTxInf>", f"{tax}</CdtTrfTxInf>")))
    others = [p["identifier"] for p in made.parties if p["role"] == "other_party"]
    assert others == ["TXID:7701234500", "REGN:R9"]
    assert made.transactions[0]["debtor_name"] == "PAYER & CO"


def test_the_telephone_of_a_party_stands_with_it() -> None:
    contact = "<CtctDtls><MobNb>+7-4950000000</MobNb></CtctDtls></Dbtr>"
    made = rows(transfer(ONE.replace("</Dbtr>", contact)))
    debtor = next(p for p in made.parties if p["role"] == "debtor")
    assert debtor["raw"].endswith("\n+7-4950000000")
    assert "4950000000" not in (debtor["address"] or "")


def test_the_reason_of_a_cancelled_cheque_or_notice_is_read() -> None:
    cancelled = (
        '<Chq><ChqNb>102145</ChqNb><Amt Ccy="GBP">1</Amt>'
        "<ChqCxlOrStopRsn><Rsn><Cd>LOST</Cd></Rsn></ChqCxlOrStopRsn></Chq>"
    )
    made = rows(document(cancelled, "camt.108.001.01", "ChqCxlOrStopReq"))
    assert made.transactions[0]["reason_code"] == "LOST"


@pytest.mark.parametrize(
    ("kind", "service", "variant"),
    [
        ("pacs.009.001.08", "swift.cbprplus.adv.03", "ADV"),
        ("pacs.009.001.08", "swift.cbprplus.03", "core"),
        ("pacs.009.001.08", "", "core"),
        ("pacs.008.001.08", "swift.cbprplus.stp.03", "STP"),
        ("pacs.008.001.08", "swift.cbprplus.03", None),
    ],
)
def test_the_business_service_tells_the_variant(
    kind: str, service: str, variant: str | None
) -> None:
    header = f"<AppHdr><BizSvc>{service}</BizSvc></AppHdr>"
    made = rows(f"<BusMsg>{header}{transfer(ONE, kind)}</BusMsg>")
    assert made.messages[0]["variant"] == variant


@pytest.mark.parametrize(("sender", "is_test"), [("QQBBTRI0XXX", True), ("QQBBTRISXXX", False)])
def test_a_test_bic_marks_a_message_as_no_real_traffic(sender: str, is_test: bool) -> None:
    fr = f"<Fr><FIId><FinInstnId><BICFI>{sender}</BICFI></FinInstnId></FIId></Fr>"
    made = rows(f"<BusMsg><AppHdr>{fr}</AppHdr>{transfer(ONE)}</BusMsg>")
    assert made.messages[0]["is_test"] == is_test
