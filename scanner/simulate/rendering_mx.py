"""Writes a deal as ISO 20022 messages: pacs.008, pacs.009 with or without cover, pacs.004."""

from xml.sax.saxutils import escape

from scanner.simulate.deal import Deal
from scanner.simulate.rendering_mt import ends_of
from scanner.simulate.world import Bank, Firm, World

_HEAD = "urn:iso:std:iso:20022:tech:xsd:head.001.001.02"
_SPACE = "urn:iso:std:iso:20022:tech:xsd:"


def render_mx(deal: Deal, world: World) -> list[str]:
    """The ISO 20022 messages of a deal; credits and rejects by text exist as MT alone."""
    sender, receiver = ends_of(deal, world.home_bank)
    if deal.form == "bank":
        return [_wrap("pacs.009.001.08", sender, receiver, deal, _bank_transfer(deal, "NONREF"))]
    made = [_wrap("pacs.008.001.08", sender, receiver, deal, _transfer(deal))]
    if deal.form == "covered":
        made.append(_wrap("pacs.009.001.08", sender, receiver, deal, _cover(deal.as_covered)))
    if deal.form == "bare_cover":
        made.append(
            _wrap("pacs.009.001.08", sender, receiver, deal, _bank_transfer(deal, deal.reference))
        )
    if deal.ends:
        made.append(_wrap("pacs.004.001.09", receiver, sender, deal, _returned(deal)))
    return made


def _wrap(kind: str, sender: Bank, receiver: Bank, deal: Deal, body: str) -> str:
    header = (
        f'<AppHdr xmlns="{_HEAD}">{_side("Fr", sender)}{_side("To", receiver)}'
        f"<BizMsgIdr>M{deal.reference[1:]}</BizMsgIdr><MsgDefIdr>{kind}</MsgDefIdr>"
        f"<CreDt>{deal.on.isoformat()}T09:00:00Z</CreDt></AppHdr>"
    )
    return f'<BusMsg>{header}<Document xmlns="{_SPACE}{kind}">{body}</Document></BusMsg>'


def _side(tag: str, bank: Bank) -> str:
    return f"<{tag}><FIId><FinInstnId><BICFI>{bank.bic}</BICFI></FinInstnId></FIId></{tag}>"


def _group(deal: Deal, method: str) -> str:
    return (
        f"<GrpHdr><MsgId>M{deal.reference[1:]}</MsgId><CreDtTm>{deal.on.isoformat()}T09:00:00Z</CreDtTm>"
        f"<NbOfTxs>1</NbOfTxs><SttlmInf><SttlmMtd>{method}</SttlmMtd></SttlmInf></GrpHdr>"
    )


def _money(deal: Deal) -> str:
    return (
        f'<IntrBkSttlmAmt Ccy="{deal.currency}">{deal.amount}</IntrBkSttlmAmt>'
        f"<IntrBkSttlmDt>{deal.on.isoformat()}</IntrBkSttlmDt>"
    )


def _agent(tag: str, bank: Bank) -> str:
    return f"<{tag}><FinInstnId><BICFI>{bank.bic}</BICFI></FinInstnId></{tag}>"


def _party(tag: str, firm: Firm, name: str) -> str:
    return (
        f"<{tag}><Nm>{escape(name)}</Nm><PstlAdr><StrtNm>{escape(firm.street)}</StrtNm>"
        f"<TwnNm>{firm.town}</TwnNm><Ctry>{firm.country}</Ctry></PstlAdr></{tag}>"
        f"<{tag}Acct><Id><Othr><Id>{firm.account}</Id></Othr></Id></{tag}Acct>"
    )


def _debtor(deal: Deal) -> str:
    if deal.payer_text:
        return (
            f"<Dbtr><Nm>{escape(deal.payer_text)}</Nm></Dbtr>"
            f"<DbtrAcct><Id><Othr><Id>{deal.debtor.account}</Id></Othr></Id></DbtrAcct>"
        )
    return _party("Dbtr", deal.debtor, deal.debtor.name)


def _customers(deal: Deal) -> str:
    creditor_bank = deal.creditor_bank or deal.creditor.bank
    instruction = deal.bank_text.replace("\n//", " ").replace("/ACC/", "")
    return (
        f"{_debtor(deal)}{_agent('DbtrAgt', deal.debtor.bank)}{_agent('CdtrAgt', creditor_bank)}"
        f"{_party('Cdtr', deal.creditor, deal.creditor_name or deal.creditor.name)}"
        + (
            f"<InstrForNxtAgt><InstrInf>{escape(instruction)}</InstrInf></InstrForNxtAgt>"
            if instruction
            else ""
        )
        + f"<RmtInf><Ustrd>{escape(deal.text[:140])}</Ustrd></RmtInf>"
    )


def _transfer(deal: Deal) -> str:
    middle = _agent("IntrmyAgt1", deal.intermediary) if deal.intermediary else ""
    return (
        f"<FIToFICstmrCdtTrf>{_group(deal, 'INDA')}<CdtTrfTxInf>"
        f"<PmtId><InstrId>{deal.reference}</InstrId>"
        f"<EndToEndId>{deal.reference}</EndToEndId><UETR>{deal.uetr}</UETR></PmtId>{_money(deal)}"
        f"<ChrgBr>SHAR</ChrgBr>{middle}{_customers(deal)}</CdtTrfTxInf></FIToFICstmrCdtTrf>"
    )


def _bank_parts(deal: Deal, related: str, underlying: str) -> str:
    creditor_bank = deal.creditor_bank or deal.creditor.bank
    return (
        f"<FICdtTrf>{_group(deal, 'INDA')}<CdtTrfTxInf>"
        f"<PmtId><InstrId>B{deal.reference[1:]}</InstrId>"
        f"<EndToEndId>{related}</EndToEndId><UETR>{deal.uetr}</UETR></PmtId>{_money(deal)}"
        f"{_agent('Dbtr', deal.debtor.bank)}{_agent('Cdtr', creditor_bank)}"
        f"{underlying}</CdtTrfTxInf></FICdtTrf>"
    )


def _bank_transfer(deal: Deal, related: str) -> str:
    return _bank_parts(deal, related, "")


def _cover(deal: Deal) -> str:
    inside = f"<UndrlygCstmrCdtTrf>{_customers(deal)}</UndrlygCstmrCdtTrf>"
    return _bank_parts(deal, deal.reference, inside)


def _returned(deal: Deal) -> str:
    code, _, words = deal.reason.strip("/").partition("/")
    return (
        f"<PmtRtr><GrpHdr><MsgId>R{deal.reference[1:]}</MsgId><CreDtTm>{deal.on.isoformat()}T12:00:00Z</CreDtTm>"
        f"<NbOfTxs>1</NbOfTxs><SttlmInf><SttlmMtd>INDA</SttlmMtd></SttlmInf></GrpHdr><TxInf>"
        f"<RtrId>R{deal.reference[1:]}</RtrId><OrgnlInstrId>{deal.reference}</OrgnlInstrId>"
        f"<OrgnlEndToEndId>{deal.reference}</OrgnlEndToEndId><OrgnlUETR>{deal.uetr}</OrgnlUETR>"
        f'<RtrdIntrBkSttlmAmt Ccy="{deal.currency}">{deal.amount}</RtrdIntrBkSttlmAmt>'
        f"<IntrBkSttlmDt>{deal.on.isoformat()}</IntrBkSttlmDt><RtrRsnInf><Rsn><Cd>{code}</Cd></Rsn>"
        f"<AddtlInf>{escape(words)}</AddtlInf></RtrRsnInf></TxInf></PmtRtr>"
    )
