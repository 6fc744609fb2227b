"""XML lists, read element by element: no entities, no network, memory bounded by one element."""

import io
import re
from collections.abc import Collection, Iterator

from lxml import etree

from scanner.errors import IntegrityError
from scanner.watchlists.list_files import ListFile

_PROLOG = re.compile(
    rb"^\s*(?:<\?[^>]*\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>|\s)*", re.DOTALL
)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)")
_BOM = b"\xef\xbb\xbf"


def root_name(data: bytes) -> str | None:
    """Local name of an XML file's first element; None for what is no XML."""
    head = data[:8000].removeprefix(_BOM)
    if not head.lstrip().startswith(b"<"):
        return None
    prolog = _PROLOG.match(head)
    found = _ROOT.match(head, prolog.end() if prolog else 0)
    return found[1].decode("ascii", errors="replace") if found else None


def elements(file: ListFile, names: Collection[str]) -> Iterator[etree._Element]:
    """Yield the elements of these local names in the order of the file, without name spaces.

    An element is emptied when the next one is asked for.

    Raises:
        IntegrityError: The file is not whole, is no XML, or declares a document type.
    """
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", file.data[:8000], re.IGNORECASE):
        raise IntegrityError(
            "the list file declares a document type, which no publisher does",
            where=file.where,
            hint="fetch the file again",
        )
    wanted = [f"{{*}}{name}" for name in names]
    context = etree.iterparse(
        io.BytesIO(file.data),
        events=("end",),
        tag=wanted,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
    )
    try:
        for _, element in context:
            for inner in element.iter():
                if isinstance(inner.tag, str):
                    inner.tag = inner.tag.rpartition("}")[2]
            yield element
            element.clear()
            while element.getprevious() is not None:
                parent = element.getparent()
                if parent is None:
                    break
                del parent[0]
    except etree.XMLSyntaxError as error:
        raise IntegrityError(
            "the list file is not whole: it was cut off or is no XML",
            where=f"{file.where}: {error}",
            hint="fetch the file again",
        ) from error


def text_of(element: etree._Element, path: str) -> str | None:
    """Text of the first element at a path, without outer spaces; None where there is none."""
    found = element.findtext(path)
    return (found.strip() or None) if found else None
