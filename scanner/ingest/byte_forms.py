"""Forms of short stretches of bytes, tested at many places at once and eight bytes at a time."""

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]

_DIGIT, _UPPER, _HEXADECIMAL = 1, 2, 4
_CODE = 8  # a digit or an upper-case letter
_OF_LETTER = {"d": _DIGIT, "u": _UPPER, "h": _HEXADECIMAL, "c": _CODE}
_LANE = 8


def _classes() -> bytes:
    table = bytearray(256)
    for letter in b"0123456789":
        table[letter] |= _DIGIT | _CODE
    for letter in b"ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        table[letter] |= _UPPER | _CODE
    for letter in b"0123456789abcdefABCDEF":
        table[letter] |= _HEXADECIMAL
    return bytes(table)


_CLASSES = _classes()


class Form:
    """What a stretch looks like.

    Args:
        pattern: `d` stands for a digit, `u` for an upper-case letter, `c` for either, `h` for
            a hexadecimal digit, a blank for any byte, whatever else for itself.
    """

    def __init__(self, pattern: str) -> None:
        self.width = -(-len(pattern) // _LANE) * _LANE
        literal, mask, classes = (np.zeros(self.width, dtype=np.uint8) for _ in range(3))
        for place, letter in enumerate(pattern):
            if letter in _OF_LETTER:
                classes[place] = _OF_LETTER[letter]
            elif letter != " ":
                literal[place], mask[place] = ord(letter), 255
        self._literal, self._mask, self._classes = (
            row.view(np.uint64) for row in (literal, mask, classes)
        )

    def stands_at(self, codes: Bytes, at: Positions) -> Flags:
        """Whether each of the places begins a stretch of this form."""
        rows = rows_at(codes, at, self.width)
        lanes = kinds = rows.view(np.uint64)
        if self._classes.any():
            kinds = np.frombuffer(rows.tobytes().translate(_CLASSES), dtype=np.uint64)
            kinds = kinds.reshape(lanes.shape)
        stands = np.ones(len(at), dtype=np.bool_)
        for lane in range(lanes.shape[1]):
            if self._mask[lane]:
                stands &= (lanes[:, lane] & self._mask[lane]) == self._literal[lane]
            if self._classes[lane]:
                stands &= (kinds[:, lane] & self._classes[lane]) == self._classes[lane]
        return stands


def rows_at(codes: Bytes, at: Positions, width: int) -> Bytes:
    """The bytes from each place on as rows of a matrix; the room behind them must reach."""
    every = np.ndarray(
        (len(codes) - width + 1,), dtype=f"V{width}", buffer=codes.data, strides=(1,)
    )
    return every[at].view(np.uint8).reshape(-1, width)
