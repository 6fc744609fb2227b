"""Many phrases looked for at once, in time linear in the text.

A trie over word keys: each word of a text costs one look-up of a remembered
answer, and only where a phrase begins are further words followed. Adding a
thousand phrases does not slow a text that holds none of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from scanner.exposure.words import Word, keys_of, spellings

Payload = TypeVar("Payload")


@dataclass(frozen=True, slots=True)
class Found(Generic[Payload]):
    """One phrase found: its payload and the words [first, last) that spell it."""

    payload: Payload
    first: int
    last: int
    is_disguised: bool


@dataclass(slots=True)
class _Node(Generic[Payload]):
    children: dict[str, "_Node[Payload]"] = field(default_factory=dict)
    payloads: list[Payload] = field(default_factory=list)


class PhraseIndex(Generic[Payload]):
    """Finds every phrase of a list in a text.

    Args:
        phrases: Phrase, language, whether only as written, and what it stands for.
    """

    def __init__(self, phrases: Iterable[tuple[str, str, bool, Payload]]) -> None:
        self._root: _Node[Payload] = _Node()
        self._starts: dict[str, tuple[tuple[str, _Node[Payload]], ...]] = {}
        for phrase, language, exact, payload in phrases:
            for keys in sorted(spellings(phrase, language, exact=exact)):
                node = self._root
                for key in keys:
                    node = node.children.setdefault(key, _Node())
                if payload not in node.payloads:
                    node.payloads.append(payload)

    def find(self, words: Sequence[Word]) -> list[Found[Payload]]:
        """All phrases in the words: at each word the longest, with all it stands for."""
        found: list[Found[Payload]] = []
        for first, word in enumerate(words):
            if word.folded.isdecimal():  # no phrase begins with a number
                continue
            starts = self._starts.get(word.folded)
            if starts is None:
                starts = self._starts_of(word.folded)
            if starts:
                found += self._longest(words, first, starts)
        return found

    def meets(self, words: Sequence[str]) -> bool:
        """Whether `find` finds any phrase in folded words none of which is spaced."""
        for first, word in enumerate(words):
            starts = self._starts.get(word)
            if starts is None:
                if word.isdecimal():
                    continue
                starts = self._starts_of(word)
            if starts and _ends([node for _, node in starts], words, first + 1):
                return True
        return False

    def _starts_of(self, folded: str) -> tuple[tuple[str, _Node[Payload]], ...]:
        children = self._root.children
        starts = tuple((key, children[key]) for key in keys_of(folded) if key in children)
        if len(self._starts) < 50_000:
            self._starts[folded] = starts
        return starts

    def _longest(
        self,
        words: Sequence[Word],
        first: int,
        starts: tuple[tuple[str, _Node[Payload]], ...],
    ) -> list[Found[Payload]]:
        best: dict[int, Found[Payload]] = {}
        length = 0
        open_nodes = [(node, key.startswith("l:")) for key, node in starts]
        at = first + 1
        while open_nodes:
            ended = [(p, odd) for node, odd in open_nodes for p in node.payloads]
            if ended:
                if at - first > length:
                    best, length = {}, at - first
                spaced = any(word.is_spaced for word in words[first:at])
                for payload, odd in ended:
                    known = best.get(id(payload))
                    if known is None or (known.is_disguised and not odd):
                        best[id(payload)] = Found(payload, first, at, odd or spaced)
            if at == len(words):
                break
            keys = keys_of(words[at].folded)
            open_nodes = [
                (node.children[key], odd or key.startswith("l:"))
                for node, odd in open_nodes
                for key in keys
                if key in node.children
            ]
            at += 1
        return list(best.values())


def _ends(nodes: list[_Node[Payload]], words: Sequence[str], at: int) -> bool:
    """Whether a phrase that has come to one of these nodes ends there or in the words ahead."""
    while nodes:
        if any(node.payloads for node in nodes):
            return True
        if at == len(words):
            return False
        keys = keys_of(words[at])
        nodes = [node.children[key] for node in nodes for key in keys if key in node.children]
        at += 1
    return False
