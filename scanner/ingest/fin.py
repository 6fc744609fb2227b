"""One SWIFT FIN message: its blocks and the fields of its text, read with care.

Pure. Offsets and directions follow the SWIFT user handbook: the sender of an
output message stands in its MIR, not in block 1. A field opens with `:NN[A]:`
at the start of a line and nowhere else.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

_BLOCK_1 = re.compile(r"\{1:([A-Z])(\d\d)([A-Z0-9]{11,12})(\d{4})?(\d{6})?\}")
_BLOCK_2_INPUT = re.compile(r"\{2:I(\d{3})([A-Z0-9]{11,12})?([^}]*)\}")
_BLOCK_2_OUTPUT = re.compile(
    r"\{2:O(\d{3})(\d{4})(\d{6})([A-Z0-9]{11,12})(\d{4})(\d{6})(\d{6})(\d{4})([A-Z]?)[^}]*\}"
)
_SUB_BLOCK = re.compile(r"\{(\w{3}):((?:[^{}]++|\{[^{}]*+\})*+)\}")
_PLAIN_BLOCKS = {
    "3": re.compile(r"\{3:((?:\{[^{}]*+\})*+)\}"),
    "5": re.compile(r"\{5:((?:\{[^{}]*+\})*+)\}"),
}
_TEXT_BLOCK = re.compile(r"\{4:")
# No pattern here may look over line ends in a loop: a file of line ends would take for ever.
_TEXT_END = re.compile(r"[\r\n][ \t]*-[ \t]*\}|-\}\s*(?=\{[5S]:|$)")
_FIELD = re.compile(r"^[ \t]*(?:\*[ ])?:([0-9]{2}[A-Z]?):", re.MULTILINE)
_FIELD_IN_LINE = re.compile(r"(?:^|(?<=[ \t])):([0-9]{2}[A-Z]?):")
_LINE_MARK = re.compile(r"\\r\\n|\\n|<br ?/?>|\^~|[|^]")
_PARTY_NUMBERS = frozenset({"50", "51", "52", "53", "54", "55", "56", "57", "58", "59"})
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class UnreadableFinError(ValueError):
    """The text is no FIN message that can be read; `code` says why."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Field(NamedTuple):
    """One field of block 4: tag such as 50K, and value with newlines for line breaks."""

    tag: str
    value: str

    @property
    def number(self) -> str:
        """The tag without its letter."""
        return self.tag[:2]


@dataclass(frozen=True)
class FinMessage:
    """One message: header facts and the fields in order."""

    application: str
    message_type: str
    direction: str
    sender: str | None
    receiver: str | None
    created_on: date | None
    user_header: dict[str, str]
    trailer: dict[str, str]
    fields: tuple[Field, ...]
    repairs: tuple[str, ...] = ()


def read_fin(text: str) -> FinMessage:
    """Read one message, which begins with its block 1.

    Raises:
        UnreadableFinError: A block that must be there is missing or damaged.
    """
    repairs: list[str] = []
    basic = _BLOCK_1.match(text)
    if basic is None:
        raise UnreadableFinError("block_1", "block 1 is damaged")
    own = bic_of_terminal(basic[3])
    direction, message_type, sender, receiver, created_on = _application_header(text, own)
    user_header = _sub_blocks(_block(text, "3"))
    body, body_end = _text_block(text, repairs)
    trailer = _sub_blocks(_block(text[body_end:], "5"))
    fields = _fields(body)
    if len(fields) < 2 and "\n" not in body.strip():
        fields = _fields_of_one_line(body, repairs) or fields
    if not fields:
        raise UnreadableFinError("no_field", "block 4 holds no field")
    return FinMessage(
        application=basic[1] + basic[2],
        message_type=message_type,
        direction=direction,
        sender=sender,
        receiver=receiver,
        created_on=created_on,
        user_header=user_header,
        trailer=trailer,
        fields=fields,
        repairs=tuple(repairs),
    )


def uetr_in(text: str | None) -> str | None:
    """The UETR as received, in lower case; any UUID, for archives hold others than version 4."""
    found = _UUID.search(text or "")
    return found[0].lower() if found else None


def _application_header(
    text: str, own: str | None
) -> tuple[str, str, str | None, str | None, date | None]:
    output = _BLOCK_2_OUTPUT.search(text)
    if output:
        return "output", output[1], bic_of_terminal(output[4]), own, _yymmdd(output[3])
    entered = _BLOCK_2_INPUT.search(text)
    if entered:
        return "input", entered[1], own, bic_of_terminal(entered[2]), None
    raise UnreadableFinError("block_2", "block 2 is missing or damaged")


def _block(text: str, number: str) -> str:
    plain = _PLAIN_BLOCKS[number].search(text)
    if plain:
        return plain[1]
    start = text.find("{" + number + ":")
    if start < 0:
        return ""
    depth = 0
    for position in range(start, len(text)):
        if text[position] == "{":
            depth += 1
        elif text[position] == "}":
            depth -= 1
            if depth == 0:
                return text[start + 3 : position]
    return text[start + 3 :]


def _sub_blocks(text: str) -> dict[str, str]:
    return {found[1]: found[2].strip() for found in _SUB_BLOCK.finditer(text)}


def _text_block(text: str, repairs: list[str]) -> tuple[str, int]:
    start = _TEXT_BLOCK.search(text)
    if start is None:
        raise UnreadableFinError("no_block_4", "block 4 is missing")
    body = text[start.end() :]
    end = _TEXT_END.search(body)
    if end:
        return _lines(body[: end.start()]), start.end() + end.end()
    repairs.append("block 4 has no end mark '-}'; read up to the next block or the end")
    stop = re.search(r"\}\s*(?=\{[5S]:)|\}\s*$", body)
    cut = stop.start() if stop else len(body)
    return _lines(body[:cut]), start.end() + cut


def _lines(text: str) -> str:
    for mark in ("\r\n", "\r", "##"):
        text = text.replace(mark, "\n")
    return text


def _fields(body: str) -> tuple[Field, ...]:
    _, *parts = _FIELD.split(body)
    return tuple(
        Field(tag, value.strip("\n").rstrip())
        for tag, value in zip(parts[::2], parts[1::2], strict=True)
    )


def _fields_of_one_line(body: str, repairs: list[str]) -> tuple[Field, ...]:
    """Fields of an export that wrote some mark or a blank for each line end."""
    marked = _LINE_MARK.sub("\n", body)
    fields = _fields(marked)
    if len(fields) > 1:
        repairs.append("the text stands on one line: marks were read as its line ends")
        return fields
    flat = _fields(_FIELD_IN_LINE.sub(r"\n:\1:", body))
    if len(flat) > 1:
        repairs.append("the text stands on one line: only the fields' beginnings are sure")
        return tuple(Field(field.tag, _with_lines(field)) for field in flat)
    return ()


def _with_lines(field: Field) -> str:
    """The lines of a party as far as they show: the account, and what is numbered."""
    value = field.value
    if field.number not in _PARTY_NUMBERS:
        return value
    if field.tag[2:] == "F":
        value = re.sub(r"[ ]+(?=[1-8]/)", "\n", value)
    return re.sub(r"^(/[^ \n]+)[ ]+", r"\1\n", value)


def bic_of_terminal(terminal: str | None) -> str | None:
    """BIC of a logical terminal address: eight characters, terminal letter, branch."""
    if not terminal:
        return None
    # Some exports leave the terminal letter out.
    branch = terminal[-3:]
    return terminal[:8] + ("" if branch == "XXX" else branch)


def _yymmdd(text: str) -> date | None:
    """A date of six digits; years from 80 on are of the last century (SWIFT began in 1977)."""
    year = int(text[:2])
    try:
        return date(1900 + year if year >= 80 else 2000 + year, int(text[2:4]), int(text[4:6]))
    except ValueError:
        return None


def swift_date(text: str) -> date | None:
    """A date of a field: YYMMDD; None if it is none."""
    return _yymmdd(text) if re.fullmatch(r"[0-9]{6}", text) else None
