"""SWIFT-RUR6: Russian text in the letters that FIN allows, turned back into Cyrillic.

One sign for one letter; lower-case Latin letters are letters of their own, so the
text must be decoded before anything is upper-cased. An apostrophe switches to
Latin and back. Source: the SWIFT-RUR rules of the Russian SWIFT users' group.
"""

import re

_LETTERS = dict(
    zip(
        "ABVGDEJZIKLMNOPRSTUFHCQXYoicqxeuamnpdbsvjzrf",
        "АБВГДЕЖЗИКЛМНОПРСТУФХЦШЬЫЁЙЧЩЪЭЮЯ\"№%&!$;'_=*",
        strict=True,
    )
)
_MIXED_CASE = re.compile(r"[A-Z][a-z][A-Z ]|[A-Z]{2}[a-z]\b")
# Correspondence in English goes under the mark of RUR6 too; no Russian line holds these words.
_ENGLISH = re.compile(
    r"\b(?:THE|AND|WITH|FROM|YOUR|OUR|PLEASE|PLS|FOR|STATES|QUOTE|UNQUOTE|PAYMENT|INVOICE|INV|"
    r"INFORMED|INFORM|DEPT|DTD|DATED|ATTN|REF|BENEFICIARY|ORDER|REGARDS|RECEIVED|CONTRACT)\b"
)
_CODE_WORD = re.compile(r"^(?:/[A-Z0-9]{1,8}/|//?)")


def decode(text: str) -> str:
    """Decode one text; code words such as /INS/ and lines in English stay as they are."""
    return "\n".join(
        line if _ENGLISH.search(line) else _decode_line(line) for line in text.split("\n")
    )


def looks_like_rur6(text: str) -> bool:
    """Whether lower-case letters stand inside upper-case words, as RUR6 has them and no other."""
    return len(_MIXED_CASE.findall(text)) >= 2  # one may be a slip of the keyboard


def _decode_line(line: str) -> str:
    code = _CODE_WORD.match(line)
    start = code.end() if code else 0
    made, latin = [line[:start]], False
    for character in line[start:]:
        if character == "'":
            latin = not latin
        else:
            made.append(character if latin else _LETTERS.get(character, character))
    return "".join(made)
