"""Writes single payments for end-to-end tests; every name that is not passed in is invented."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Payment:
    """One MT103, with everything that a test does not speak of left at its default."""

    reference: str
    creditor: tuple[str, ...] = ("VELNOR TEXTILES GMBH", "LINDENSTR 5", "HAMBURG DE")
    debtor: tuple[str, ...] = ("ORBITEX SANAYI VE TICARET LTD STI", "CICEK SOK 7", "ISTANBUL TR")
    debtor_account: str = "TR330006100519786457841326"
    creditor_account: str = "DE89370400440532013000"
    text: str = "INVOICE 4711 COTTON YARN"
    intermediary: str | None = None
    creditor_bank: str = "QQAADEFFXXX"
    date: str = "240815"
    amount: str = "EUR125000,"

    def fin(self) -> str:
        """The message."""
        lines = [
            f":20:{self.reference}",
            ":23B:CRED",
            f":32A:{self.date}{self.amount}",
            "\n".join((f":50K:/{self.debtor_account}", *self.debtor)),
            ":52A:QQBBTRISXXX",
            *([f":56A:{self.intermediary}"] if self.intermediary else []),
            f":57A:{self.creditor_bank}",
            "\n".join((f":59:/{self.creditor_account}", *self.creditor)),
            ":70:" + "\n".join(self.text[i : i + 35] for i in range(0, len(self.text), 35)),
            ":71A:SHA",
        ]
        body = "\n".join(lines)
        return (f"{{1:F01QQBBTRISXXXX0000000001}}{{2:I103QQAADEFFXXXXN}}{{4:\n{body}\n-}}").replace(
            "\n", "\r\n"
        )


def rje(payments: list[Payment]) -> bytes:
    """An RJE file of payments."""
    return "\r\n$\r\n".join(payment.fin() for payment in payments).encode()
