"""One deal: who pays whom for what, through which banks, and what is really meant."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from scanner.simulate.world import Bank, Firm


@dataclass(frozen=True)
class Deal:
    """A payment to be written, with the hidden truth about it.

    Attributes:
        form: transfer, covered (with a cover message), bare_cover (a plain bank
            transfer in its place), bank (between banks alone) or credit.
        hidden_bank: A further bank that only the text names.
        documents: Field 46A of a credit.
        cover_payer: Whom the cover names as debtor, where it is not who pays.
        payer_text: What stands in the debtor's place instead of its name and address.
        ends: `return` or `reject` if a bank sends it back, with the reason.
    """

    number: int
    on: date
    currency: str
    amount: Decimal
    debtor: Firm
    creditor: Firm
    text: str
    typology: str
    guilty: bool
    form: str = "transfer"
    intermediary: Bank | None = None
    creditor_bank: Bank | None = None
    hidden_bank: Bank | None = None
    payer_text: str | None = None
    cover_payer: Firm | None = None
    creditor_name: str | None = None
    bank_text: str = ""
    documents: str = ""
    ends: str = ""
    reason: str = ""
    uetr: str = ""

    @property
    def as_covered(self) -> "Deal":
        """The deal as its cover tells it."""
        if self.cover_payer is None:
            return self
        return replace(self, debtor=replace(self.cover_payer, bank=self.debtor.bank))

    @property
    def reference(self) -> str:
        """Field 20 and InstrId."""
        return f"SIM{self.on:%y%m%d}{self.number:06d}"
