"""Writes a deal as SWIFT MT messages."""

from scanner.simulate.deal import Deal
from scanner.simulate.world import Bank, Firm, World

_WIDTH = 35


def render_mt(deal: Deal, world: World) -> list[str]:
    """The FIN messages of a deal: the transfer, its cover, its return."""
    home = world.home_bank
    sender, receiver = ends_of(deal, home)
    if deal.form == "credit":
        return [_credit(deal, sender, receiver)]
    if deal.form == "bank":
        return [_bank_transfer(deal, sender, receiver, related="NONREF")]
    made = [_transfer(deal, sender, receiver)]
    if deal.form == "covered":
        made.append(_cover(deal.as_covered, sender, receiver))
    if deal.form == "bare_cover":
        made.append(_bank_transfer(deal, sender, receiver, related=deal.reference))
    if deal.ends:
        made.append(_returned(deal, receiver, sender))
    return made


def ends_of(deal: Deal, home: Bank) -> tuple[Bank, Bank]:
    """Sender and receiver of the first message."""
    other = deal.intermediary or deal.creditor_bank or deal.creditor.bank
    if deal.creditor.bank is home:
        return deal.debtor.bank, home
    return (home if deal.debtor.bank is home else deal.debtor.bank), other


def _envelope(
    kind: str, sender: Bank, receiver: Bank, deal: Deal, fields: list[str], flag: str = ""
) -> str:
    user = f"{{3:{{119:{flag}}}{{121:{deal.uetr}}}}}" if flag else f"{{3:{{121:{deal.uetr}}}}}"
    body = "\r\n".join(line for line in fields if line)
    return (
        f"{{1:F01{_terminal(sender)}0000{deal.number:06d}}}{{2:I{kind}{_terminal(receiver)}N}}{user}"
        f"{{4:\r\n{body}\r\n-}}"
    )


def _terminal(bank: Bank) -> str:
    bic = bank.bic.ljust(11, "X")
    return f"{bic[:8]}X{bic[8:11]}"


def _amount(deal: Deal) -> str:
    return f"{deal.currency}{str(deal.amount).replace('.', ',')}"


def wrapped(text: str, width: int = _WIDTH, lines: int = 4) -> list[str]:
    """A text cut at the width of a field, inside words where they fall so."""
    flat = [text[i : i + width] for i in range(0, len(text), width)]
    return flat[:lines]


def _party(tag: str, firm: Firm, name: str) -> str:
    lines = [
        f"/{firm.account}",
        *wrapped(name, lines=2),
        firm.street,
        f"{firm.town} {firm.country}",
    ]
    return f":{tag}:" + "\r\n".join(lines[:5])


def _debtor(deal: Deal) -> str:
    if deal.payer_text:
        return f":50K:/{deal.debtor.account}\r\n{deal.payer_text}"
    return _party("50K", deal.debtor, deal.debtor.name)


def _agents(deal: Deal) -> list[str]:
    creditor_bank = deal.creditor_bank or deal.creditor.bank
    return [
        f":52A:{deal.debtor.bank.bic}",
        f":56A:{deal.intermediary.bic}" if deal.intermediary else "",
        f":57A:{creditor_bank.bic}",
    ]


def _texts(deal: Deal) -> list[str]:
    return [
        ":70:" + "\r\n".join(wrapped(deal.text)),
        f":72:{deal.bank_text}".replace("\n", "\r\n") if deal.bank_text else "",
    ]


def _transfer(deal: Deal, sender: Bank, receiver: Bank) -> str:
    remittance, bank_text = _texts(deal)
    return _envelope(
        "103",
        sender,
        receiver,
        deal,
        [
            f":20:{deal.reference}",
            ":23B:CRED",
            f":32A:{deal.on:%y%m%d}{_amount(deal)}",
            _debtor(deal),
            *_agents(deal),
            _party("59", deal.creditor, deal.creditor_name or deal.creditor.name),
            remittance,
            ":71A:SHA",
            bank_text,
        ],
    )


def _cover(deal: Deal, sender: Bank, receiver: Bank) -> str:
    creditor_bank = deal.creditor_bank or deal.creditor.bank
    remittance, _ = _texts(deal)
    return _envelope(
        "202",
        sender,
        receiver,
        deal,
        [
            f":20:C{deal.reference[1:]}",
            f":21:{deal.reference}",
            f":32A:{deal.on:%y%m%d}{_amount(deal)}",
            f":58A:{creditor_bank.bic}",
            _debtor(deal),
            f":52A:{deal.debtor.bank.bic}",
            f":57A:{creditor_bank.bic}",
            _party("59", deal.creditor, deal.creditor_name or deal.creditor.name),
            remittance,
        ],
        flag="COV",
    )


def _bank_transfer(deal: Deal, sender: Bank, receiver: Bank, *, related: str) -> str:
    creditor_bank = deal.creditor_bank or deal.creditor.bank
    return _envelope(
        "202",
        sender,
        receiver,
        deal,
        [
            f":20:B{deal.reference[1:]}",
            f":21:{related}",
            f":32A:{deal.on:%y%m%d}{_amount(deal)}",
            f":52A:{deal.debtor.bank.bic}",
            f":58A:{creditor_bank.bic}",
        ],
    )


def _returned(deal: Deal, sender: Bank, receiver: Bank) -> str:
    mark = "RETN" if deal.ends == "return" else "REJT"
    return _envelope(
        "199",
        sender,
        receiver,
        deal,
        [
            f":20:R{deal.reference[1:]}",
            f":21:{deal.reference}",
            f":79:/{mark}/99\r\n{deal.reason}\r\n/MREF/{deal.reference}",
        ],
    )


def _credit(deal: Deal, sender: Bank, receiver: Bank) -> str:
    applicant = [deal.debtor.name, deal.debtor.street, f"{deal.debtor.town} {deal.debtor.country}"]
    seller = [
        deal.creditor.name,
        deal.creditor.street,
        f"{deal.creditor.town} {deal.creditor.country}",
    ]
    return _envelope(
        "700",
        sender,
        receiver,
        deal,
        [
            ":27:1/1",
            ":40A:IRREVOCABLE",
            f":20:{deal.reference}",
            f":31C:{deal.on:%y%m%d}",
            ":40E:UCP LATEST VERSION",
            f":31D:{deal.on:%y%m%d}{deal.creditor.town}",
            ":50:" + "\r\n".join(line[:_WIDTH] for line in applicant),
            ":59:" + "\r\n".join(line[:_WIDTH] for line in seller),
            f":32B:{_amount(deal)}",
            f":41A:{receiver.bic}\r\nBY PAYMENT",
            f":44E:{deal.creditor.town}",
            f":44F:{deal.debtor.town}",
            ":45A:" + "\r\n".join(wrapped(deal.text, 65, 100)),
            ":46A:" + "\r\n".join(wrapped(deal.documents, 65, 100)),
        ],
    )
