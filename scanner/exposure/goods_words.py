"""Goods in words, and the context that decides whether a word means a good.

"Ball bearings 6205" is a good; "Bearing Capital Ltd", "interest bearing notes",
"bearings for a washing machine", "seminar on semiconductors" and "contains no
microchips" are not. The lexicon says for each term how telling it is by itself
and beside which words it means something else; the context table lists words of
negation, households, services, firms' names, quantities and trade.

Pure: words in, findings out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from scanner import reference
from scanner.exposure.hs_codes import Good, good_of
from scanner.exposure.phrases import Found, PhraseIndex
from scanner.exposure.words import Word, fold, keys_of

Marks = dict[int, list[Found[str]]]

_STRONG, _WEAK, _SUPPORT = 0.85, 0.4, 0.2
_OTHER_SENSE_REACH = 4
_NEGATION_REACH = 4
_CODE_NEGATION_REACH = 6
_SHORT_NEGATION = frozenset({"NO", "NOT", "NON", "NE", "BEZ"})
_LIST_WORDS = frozenset({"OR", "NOR", "AND", "VE", "VEYA", "NE", "I", "ILI", "NI"})
_NUMBERED = frozenset(
    {
        "INVOICE", "INV", "CONTRACT", "ORDER", "REF", "PO", "PROFORMA", "PART", "LC", "FATURA",
        "ITEM", "CODE", "ARTICLE", "LOT", "PI",
    }
)  # fmt: skip
_AFTER_NO_FORM = frozenset({"PER", "THE", "OF", "AN", "A"})
_GOODS_INTRODUCTION = frozenset({"OF", "FOR", "PCS", "UNITS", "ADET", "KG", "KGS", "SHT", "ZA"})


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the lexicon."""

    words: str
    good: Good
    is_strong: bool
    other_sense: frozenset[str]


@dataclass(frozen=True, slots=True)
class WordsFound:
    """One good named in words: the words [first, last) of the text."""

    term: Term
    first: int
    last: int
    confidence: float
    because: str


@cache
def _terms() -> PhraseIndex[Term]:
    phrases = []
    for row in reference.rows("goods_lexicon"):
        good = good_of(row["hs6"])
        if good is None:
            continue
        other = frozenset(fold(word) for word in row["unless"].split(";") if word)
        term = Term(row["term"], good, row["strength"] != "weak", other)
        phrases.append((row["term"], row["language"], row["strength"] == "exact", term))
    return PhraseIndex(phrases)


@cache
def _context() -> PhraseIndex[str]:
    return PhraseIndex(
        (row["phrase"], row["language"], row["role"] == "legal_form", row["role"])
        for row in reference.rows("goods_context")
    )


def names_good(words: Sequence[str]) -> bool:
    """Whether a term of the lexicon is among folded words, whatever stands around it."""
    return _terms().meets(words)


def find_words(
    words: Sequence[Word], *, describes_goods: bool, has_part: frozenset[int] = frozenset()
) -> list[WordsFound]:
    """Priority goods that a text names in words.

    Args:
        words: The words of the text.
        describes_goods: The field's purpose is to describe goods.
        has_part: Clauses in which an ordering code or a tariff code stands.

    Returns:
        Findings in order; those that the context takes away are left out.
    """
    named = _longest_only(_terms().find(words))
    if not named:
        return []
    marks = marks_of(words)
    denied = _denied(words, named, marks)
    found = []
    for at, name in enumerate(named):
        if at in denied:
            continue
        beside = _is_beside_another(words, named, at)
        near = marks.get(words[name.first].clause, [])
        judged = _judge(words, name, near, describes_goods, has_part, beside)
        if judged is not None:
            found.append(judged)
    return found


def marks_of(words: Sequence[Word]) -> Marks:
    """The words of a text that say how its other words are meant, by their clause."""
    return _by_clause(words, _context().find(words))


def is_denied(words: Sequence[Word], at: int, marks: Marks) -> bool:
    """Whether the text says of what stands at a word, such as a code, that it is absent."""
    near = marks.get(words[at].clause, [])
    return _is_denied(words, at, at + 1, near, _CODE_NEGATION_REACH)


def is_about_service(words: Sequence[Word], clause: int, marks: Marks) -> str | None:
    """The words of a service or household article in a clause, or None."""
    for mark in marks.get(clause, []):
        if mark.payload in ("service", "household"):
            return " ".join(word.folded for word in words[mark.first : mark.last])
    return None


def _by_clause(words: Sequence[Word], context: list[Found[str]]) -> Marks:
    marks: Marks = {}
    for mark in context:
        marks.setdefault(words[mark.first].clause, []).append(mark)
    return marks


def _denied(words: Sequence[Word], named: list[Found[Term]], marks: Marks) -> frozenset[int]:
    """Which terms are denied, each by itself or in one list with a denied one."""
    denied: set[int] = set()
    for at, name in enumerate(named):
        near = marks.get(words[name.first].clause, [])
        between = words[named[at - 1].last : name.first] if at else ()
        if _is_denied(words, name.first, name.last, near, _NEGATION_REACH) or (
            at - 1 in denied
            and words[named[at - 1].first].clause == words[name.first].clause
            and len(between) <= 1
            and all(word.folded in _LIST_WORDS for word in between)
        ):
            denied.add(at)
    return frozenset(denied)


def _is_beside_another(words: Sequence[Word], named: list[Found[Term]], at: int) -> bool:
    """Whether another good is named in the clause: two doubtful words vouch for each other."""
    one = named[at]
    return any(
        other.payload.words != one.payload.words
        and words[other.first].clause == words[one.first].clause
        and not _means_something_else(words, other)
        for other in (*named[max(0, at - 1) : at], *named[at + 1 : at + 2])
    )


def _longest_only(found: list[Found[Term]]) -> list[Found[Term]]:
    # Strongest tier first among terms of the same words, so that the choice is stated.
    ranked = sorted(
        found,
        key=lambda f: (f.first - f.last, not f.payload.is_strong, f.first, f.payload.words),
    )
    taken: set[int] = set()
    kept = []
    for one in ranked:
        places = set(range(one.first, one.last))
        if not places & taken:
            taken |= places
            kept.append(one)
    return sorted(kept, key=lambda f: f.first)


def _judge(
    words: Sequence[Word],
    name: Found[Term],
    near: list[Found[str]],
    describes_goods: bool,
    has_part: frozenset[int],
    beside_another: bool,
) -> WordsFound | None:
    clause = words[name.first].clause
    outside = [m for m in near if m.last <= name.first or m.first >= name.last]
    if (
        _means_something_else(words, name)
        or any(mark.payload in ("household", "service") for mark in outside)
        or _is_firm_name(words, name, near)
    ):
        return None
    term = name.payload
    confidence = _STRONG if term.is_strong else _WEAK
    why = [f"the words {term.words} mean HS {term.good.hs6}"]
    roles = {mark.payload for mark in outside}
    for role, said in (("quantity", "a quantity"), ("trade", "words of a trade")):
        if role in roles:
            confidence += _SUPPORT / 2 if term.is_strong else _SUPPORT
            why.append(f"{said} beside it")
            break
    if beside_another and not term.is_strong:
        confidence += _SUPPORT
        why.append("another good beside it")
    if clause in has_part:
        confidence += _SUPPORT
        why.append("an ordering or tariff code beside it")
    if describes_goods:
        confidence += _SUPPORT
        why.append("in a description of goods")
    if name.is_disguised:
        why.append("written in a disguised way")
    return WordsFound(term, name.first, name.last, min(confidence, 0.95), "; ".join(why))


def _means_something_else(words: Sequence[Word], name: Found[Term]) -> bool:
    other = name.payload.other_sense
    if not other:
        return False
    reach = words[max(0, name.first - _OTHER_SENSE_REACH) : name.last + _OTHER_SENSE_REACH]
    return any(key[2:] in other for word in reach for key in keys_of(word.folded)[:5])


def _is_denied(
    words: Sequence[Word], first: int, last: int, near: list[Found[str]], reach: int
) -> bool:
    for mark in near:
        if mark.payload == "negation" and mark.last <= first:
            said = words[mark.first].folded
            short = mark.last - mark.first == 1 and said in _SHORT_NEGATION
            if first - mark.last > (1 if short else reach):
                continue
            following = words[mark.last].folded
            before = words[mark.first - 1].folded if mark.first else ""
            # "INVOICE NO FPGA-17" counts invoices, it denies nothing.
            if said == "NO" and (before in _NUMBERED or any(c.isdigit() for c in following)):
                continue
            return True
        if mark.payload == "negation_after" and 0 <= mark.first - last <= 2:
            return True
    return False


def _is_firm_name(words: Sequence[Word], name: Found[Term], near: list[Found[str]]) -> bool:
    roles: dict[int, set[str]] = {}
    ends: dict[int, int] = {}
    for mark in near:
        roles.setdefault(mark.first, set()).add(mark.payload)
        ends[mark.first] = max(ends.get(mark.first, 0), mark.last)
        if mark.payload == "form_before" and mark.last == name.first:
            return True
    at = name.last
    seen_firm_word = False
    if "firm_word" in roles.get(at, set()):
        seen_firm_word = True
        at = ends[at]
    introduced = name.first > 0 and (
        words[name.first - 1].folded in _GOODS_INTRODUCTION
        or words[name.first - 1].folded.isdigit()
    )
    if seen_firm_word:
        return True
    # "SEMICONDUCTOR INVEST HOLDING LTD": words of firms may stand between name and form.
    steps, step = 2, -1
    while (step := step + 1) < steps:
        if at + step >= len(words) or (step and introduced):
            break
        if step and "firm_word" in roles.get(at + step, set()):
            steps = min(steps + 1, 5)
        if "legal_form" in roles.get(at + step, set()):
            after = ends[at + step]
            return not (after < len(words) and words[after].folded in _AFTER_NO_FORM)
        if words[at + step].folded.isdigit() or "trade" in roles.get(at + step, set()):
            break
    return False
