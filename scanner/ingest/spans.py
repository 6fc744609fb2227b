"""Stretches of one text as Arrow columns, cut without a loop over them."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


class Spans:
    """Stretches of a text, in ascending order and without overlap.

    The text serves as the data of an Arrow array whose values are the stretches
    and, between them, the gaps; nothing is copied until some are taken.
    """

    def __init__(
        self, text: bytes | NDArray[np.uint8], start: NDArray[np.int64], end: NDArray[np.int64]
    ) -> None:
        offsets = np.empty(2 * len(start), dtype=np.int32)
        offsets[::2], offsets[1::2] = start, end
        self._count = len(start)
        count = max(0, len(offsets) - 1)
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(text)]
        self._array = pa.StringArray.from_buffers(count, buffers[1], buffers[2])

    def every(self) -> pa.Array:
        """All of them."""
        return self.take(np.arange(self._count))

    def joined(self) -> bytes:
        """All of them without the gaps."""
        found = self.every().buffers()
        size = int(np.frombuffer(found[1], dtype=np.int32)[self._count])
        return bytes(found[2].slice(0, size))

    def take(self, which: NDArray[np.int64], missing: NDArray[np.bool_] | None = None) -> pa.Array:
        """The stretches of these numbers; null where missing."""
        if missing is None:
            return self._array.take(pa.array(which * 2))
        return self._array.take(pa.array(which * 2, mask=missing))


def of_width(rows: NDArray[np.uint8], present: NDArray[np.bool_] | None = None) -> pa.Array:
    """Equally long ASCII texts, one in each row of a matrix; null where not present."""
    count, width = rows.shape
    if present is None:
        offsets = np.arange(count + 1, dtype=np.int32) * np.int32(width)
        return _string_array(count, None, offsets, rows)
    offsets = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(present * np.int32(width), out=offsets[1:])
    return _string_array(count, _bitmap(present), offsets, rows[present])


def decimals(units: NDArray[np.int64], present: NDArray[np.bool_], kind: pa.DataType) -> pa.Array:
    """Amounts of at least zero in units of a decimal type's last place; null where not present."""
    words = np.zeros((len(units), 2), dtype="<i8")
    words[:, 0] = units
    return pa.Array.from_buffers(kind, len(units), [_bitmap(present), pa.py_buffer(words)])


def _string_array(
    count: int, valid: pa.Buffer | None, offsets: NDArray[np.int32], data: NDArray[np.uint8]
) -> pa.Array:
    data = np.ascontiguousarray(data)
    return pa.Array.from_buffers(
        pa.string(), count, [valid, pa.py_buffer(offsets), pa.py_buffer(data)]
    )


def _bitmap(present: NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(present, bitorder="little"))
