"""ISO 20022 messages of a known shape give the rows that the careful reader gives.

Every test reads the same messages both ways, each several times, so that its shape is
known: simulated, public and mutated messages, and texts around what must be left to the
careful reader.
"""

import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ingest import containers, reading
from scanner.ingest.columns import Given
from scanner.ingest.containers import Cutter, cut
from scanner.ingest.mx_many import ReadMessages, read_many
from scanner.ingest.mx_messages import MxMessages
from scanner.ingest.mx_shapes import Shaped, Shapes
from scanner.ingest.reading import Origin, Portion, read_portions
from scanner.ingest.rows import Batch
from scanner.simulate import Plan
from scanner.simulate.deals import DealMaker
from scanner.simulate.rendering_mx import render_mx
from scanner.simulate.world import make_world
from tests.ingest.test_mutated_messages import mutated
from tests.ingest.test_mx import ONE, transfer

TABLES = ("messages", "transactions", "parties", "texts", "rejected")


class Counted(Shapes):
    """Shapes that count what they find."""

    found_count = 0

    def find(self, header: str | None, document: str, namespaces: bytes) -> Shaped | None:
        found = super().find(header, document, namespaces)
        self.found_count += found is not None
        return found


class Unknowing(Shapes):
    """Knows no shape: everything is read with care."""

    def find(self, header: str | None, document: str, namespaces: bytes) -> Shaped | None:
        return None


NEVER = 1 << 40


def read(
    content: bytes, shapes: Shapes, *, fewest_together: int = NEVER, sets_aside: bool = False
) -> Batch:
    def counted(messages: MxMessages, shapes: Shapes) -> ReadMessages:
        found = read_many(messages, shapes)
        if isinstance(shapes, Counted):
            shapes.found_count += len(messages) - len(found.left)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_FEWEST_TOGETHER", fewest_together)
        patch.setattr(reading, "read_many", counted)
        patch.setattr(reading, "_shapes", lambda: shapes)
        origin = Origin(Path("x.xml"), "0" * 64, len(content))
        patch.setattr(containers, "_FEWEST_TOGETHER", 1)
        patch.setattr(containers, "_SMALL_BYTES", 0)
        cutter = Cutter(sets_aside=sets_aside)
        pieces = tuple(cutter.feed(content, final=True))
        portions = [
            Portion(origin, pieces, plain=cutter.plain, documents=cutter.documents),
            Portion(origin, ()),
        ]
        batch, counts = read_portions(portions, excerpt_bytes=1000)
    tables = (batch.messages, batch.transactions, batch.rejected)
    assert counts == [tuple(map(len, tables)), (0, 0, 0)]
    return batch


def all_ways(content: bytes) -> int:
    """Read with care, one by one by shapes, together as pieces, and together as they stand.

    Every row is held against the careful reader's.

    Returns:
        Messages read by their shape, fewest of the ways.
    """
    content += b"\n" + content  # what comes once is not read together
    careful = read(content, Unknowing())
    found = []
    for fewest_together, sets_aside in ((NEVER, False), (1, False), (1, True)):
        shapes = Counted()
        for _ in range(2):  # the second time all shapes are known
            known = read(content, shapes, fewest_together=fewest_together, sets_aside=sets_aside)
            for name in TABLES:
                mine, other = getattr(known, name), getattr(careful, name)
                if not mine.equals(other):
                    assert mine.to_pylist() == other.to_pylist(), name
            assert known.excerpts == careful.excerpts
        found.append(shapes.found_count)
    return min(found)


def several(contents: Iterable[bytes]) -> Iterator[bytes]:
    """Contents joined, five at a time; what keeps later ones from being read stands alone."""
    held: list[bytes] = []
    for content in contents:
        alone = content.count(b"<!--") != content.count(b"-->") or b"<!D" in content
        if alone or not content.isascii():
            yield content
            continue
        held.append(content)
        if len(held) == 5:
            yield b"\n".join(held)
            held = []
    yield b"\n".join(held)


def simulated() -> list[str]:
    rng = random.Random(29)
    plan = Plan(seed=29, payments=200)
    world = make_world(rng, plan.start, plan.payments)
    maker = DealMaker(rng, world, plan)
    deals = [maker.ordinary() for _ in range(200)]
    return [text for deal in deals if deal.form != "bank" for text in render_mx(deal, world)]


def test_simulated_messages_are_read_by_their_shapes() -> None:
    made = simulated()
    assert all_ways("\n".join(made).encode()) > 2 * len(made)


def test_public_files_read_the_same(corpus: Path) -> None:
    paths = [p for p in sorted(corpus.rglob("*.xml")) if p.stat().st_size < 200_000]
    contents = list(dict.fromkeys(path.read_bytes() for path in paths))
    by_shape = sum(map(all_ways, several(contents)))
    assert by_shape > len(contents) / 2


@pytest.mark.fuzz
def test_mutated_messages_read_the_same() -> None:
    rng = random.Random(1219)
    whole = [text.encode() for text in simulated()]
    by_shape = sum(map(all_ways, several(mutated(rng, whole, 500))))
    assert by_shape > 250


@pytest.mark.fuzz
def test_mutated_public_messages_read_the_same(corpus: Path) -> None:
    rng = random.Random(1220)
    paths = sorted(corpus.rglob("*.xml"))
    whole = [content for path in paths if 0 < len(content := path.read_bytes()) < 20_000]
    for content in several(mutated(rng, whole, 250)):
        all_ways(content)


def message(name: str = "PAYER LTD", amount: str = "12.5", tail: str = "", town: str = "A") -> str:
    return (
        '<AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.02"><Fr><FIId><FinInstnId>'
        "<BICFI>QQBBTRIS</BICFI></FinInstnId></FIId></Fr><BizMsgIdr>B1</BizMsgIdr>"
        "<CreDt>2024-09-10T09:00:00Z</CreDt><PssblDplct>true</PssblDplct></AppHdr>"
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"><FIToFICstmrCdtTrf>'
        "<GrpHdr><MsgId>M1</MsgId><InstgAgt><FinInstnId><BICFI>QQBBTRIS</BICFI></FinInstnId>"
        "</InstgAgt></GrpHdr><CdtTrfTxInf><PmtId><EndToEndId>E1</EndToEndId></PmtId>"
        f'<IntrBkSttlmAmt Ccy="EUR">{amount}</IntrBkSttlmAmt>'
        "<IntrBkSttlmDt>2024-09-10</IntrBkSttlmDt>"
        f"<Dbtr><Nm>{name}</Nm><PstlAdr><TwnNm>{town}</TwnNm><Ctry>TR</Ctry></PstlAdr>"
        "<CtctDtls><Nm>MS CONTACT</Nm></CtctDtls></Dbtr>"
        "<DbtrAcct><Id><Othr><Id>123</Id></Othr></Id><Nm>ACCOUNT NAME</Nm></DbtrAcct>"
        "<Cdtr><Nm>PAYEE</Nm></Cdtr><CdtrAcct><Id><IBAN>TR380000000000000000567224</IBAN></Id>"
        f"</CdtrAcct><RmtInf><Ustrd>INV 1</Ustrd></RmtInf>{tail}</CdtTrfTxInf>"
        "</FIToFICstmrCdtTrf></Document>\n"
    )


NAMES = [
    "OTHER &amp; SONS", "A &lt;B&gt; &quot;C&quot; &apos;D&apos;", "A &#38; B", "A &amp;amp; B",
    "A &x; B", " BLANK BEFORE", "BLANK AFTER ", "TWO\nLINES", "TWO\r\nLINES", "TAB\tINSIDE", "",
    " ", "<![CDATA[PAYER]]>", "PAY<!-- no -->ER", "PAYER<?pi x?>", "\u041f\u041b\u0410\u0422",
    "\ue000abc7", "A]]>B", "A>B", "A<B", "\u00a0NBSP", "\u2028LINE", "1234 5678 9012 3456",
]  # fmt: skip
AMOUNTS = ["1", "1.50", "1.005", "+1.50", "1,5", "x", "", "1.123456", "-1"]
TAILS = ["", "<Purp><Cd>SALA</Cd></Purp>", "<XtrInf>SOME WORDS</XtrInf>", "<XtrInf>12</XtrInf>",
         "<Dbtr/>", "<NewPty><Nm>THIRD</Nm><Id><X>1</X></Id></NewPty>"]  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.builds(
            message,
            st.one_of(st.just("PAYER LTD"), st.sampled_from(NAMES)),
            st.one_of(st.just("12.5"), st.sampled_from(AMOUNTS)),
            st.sampled_from(TAILS),
            st.sampled_from(["A", "B", "CUTOVER2026", "x x"]),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_any_mixture_reads_the_same(parts: list[str]) -> None:
    all_ways("".join(parts).encode())


@pytest.mark.parametrize("name", NAMES)
def test_each_odd_text_reads_the_same(name: str) -> None:
    all_ways((message() + message(name) + message(town=name) + message()).encode())
    all_ways(f"<File>{message(name)}{message(name)}</File>".encode())


def test_texts_with_entities_are_taken_with_all_others() -> None:
    name = "A &amp; B &lt;C&gt; &quot;D&quot; &apos;E&apos; &amp;lt;"
    content = (message() + message(name) + message(town=name) * 2).encode()
    pieces = [(place, piece, Given({}, b"")) for place, piece in enumerate(cut(content))]
    made = read_many(MxMessages.of_pieces(pieces), Shapes())
    assert not len(made.left)
    meant = "A & B <C> \"D\" 'E' &lt;"
    assert meant in made.tables["parties"]["name"].to_pylist()
    assert made.tables["parties"]["town"].to_pylist().count(meant) == 2


@pytest.mark.parametrize("amount", AMOUNTS)
def test_each_odd_amount_reads_the_same(amount: str) -> None:
    all_ways((message() * 3 + message(amount=amount)).encode())


def test_what_was_kept_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for bound in ("_MOST_SHAPES", "_MOST_SEEN", "_MOST_PARTIES"):
        monkeypatch.setattr(f"scanner.ingest.mx_shapes.{bound}", 3)
    all_ways("\n".join(simulated()[:60]).encode())


def test_messages_of_declared_encodings_and_indented_ones_read_the_same() -> None:
    text = message("M\u00dcLLER").replace("><", ">\n  <")
    for encoding in ("utf-8", "iso-8859-1"):
        whole = f'<?xml version="1.0" encoding="{encoding}"?>\n{text}' * 3
        all_ways(whole.encode(encoding))
    assert all_ways((text * 3).encode()) >= 6


DECIDING = ONE.replace("</Dbtr>", "<CtctDtls><MobNb>+90-1</MobNb></CtctDtls></Dbtr>").replace(
    "</CdtTrfTxInf>", "<Tax><Dbtr><TaxId>12</TaxId></Dbtr></Tax></CdtTrfTxInf>"
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("QQAADEFFXXX", "NOTPROVIDED"),
        ("PAYEE GMBH", "2392 2949 0086 0966"),
        ("INVOICE 7", "2392 2949 0086 0966"),
        ("+90-1", "+7-495"),
        (">12<", ">7701234500<"),
        ("CUTOVER2026", "IZMIR"),
        ("TR330006100519786457841326", "XX1"),
        ("QQBBTRISXXX</BICFI></FinInstnId></FIId>", "QQBBTRI0XXX</BICFI></FinInstnId></FIId>"),
        ("swift.cbprplus.03", "swift.cbprplus.stp.03"),
    ],
)
def test_a_value_that_decides_how_another_is_read_decides_in_a_known_shape_too(
    one: str, other: str
) -> None:
    header = (
        "<AppHdr><Fr><FIId><FinInstnId><BICFI>QQBBTRISXXX</BICFI></FinInstnId></FIId></Fr>"
        "<BizSvc>swift.cbprplus.03</BizSvc></AppHdr>"
    )
    told = f"<BusMsg>{header}{transfer(DECIDING)}</BusMsg>"
    assert one in told
    content = (told + told.replace(one, other)) * 2
    assert all_ways(content.encode()) > 0
