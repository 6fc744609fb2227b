"""ISO 20022 documents: parsed without harm, with what their business header says.

No document type, no entities, no network, bounded size; the type of a message comes
from its namespace, else from its body's name, else from the header.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from scanner.ingest.mx_party import iso_date, local_name

_NAMESPACE_KIND = re.compile(r"([a-z]{4}\.\d{3}\.\d{3}\.\d{2})")
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class UnreadableXmlError(ValueError):
    """The bytes are no ISO 20022 message that can be read; `code` says why."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def parse(content: bytes, namespaces: bytes = b"") -> etree._Element:
    """Parse one element without entities, document type or network.

    Args:
        content: The element's bytes in UTF-8.
        namespaces: Declarations that elements around it make, as attributes.

    Raises:
        UnreadableXmlError: It is not well-formed, or tries what is not allowed.
    """
    if _DOCTYPE.search(content):
        raise UnreadableXmlError("doctype", "a document type or entity is declared: refused")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        if not namespaces:
            return etree.fromstring(content, parser)
        return etree.fromstring(b"<around%b>%b</around>" % (namespaces, content), parser)[0]
    except (etree.XMLSyntaxError, IndexError) as error:
        raise UnreadableXmlError("xml", f"not well-formed: {error}") from error


def documents(root: etree._Element) -> Iterator[tuple[etree._Element | None, etree._Element]]:
    """Each `Document` of a file with the business header that stands before it, if any."""
    header: etree._Element | None = None
    for element in root.iter(etree.Element):
        name = local_name(element)
        if name == "AppHdr":
            header = element
        elif name == "Document" and len(element):
            yield header, element
            header = None


def message_type_of(header: etree._Element | None, document: etree._Element) -> str:
    """Message type by the namespace, else by the body's name, else by the header.

    Raises:
        UnreadableXmlError: None of them names it.
    """
    told = _text(header, "MsgDefIdr") if header is not None else None
    namespace = str(document.tag).rpartition("}")[0]
    for text in (namespace, str(document[0].tag), told or ""):
        found = _NAMESPACE_KIND.search(text)
        if found:
            return found[1]
    raise UnreadableXmlError("message_type", "neither namespace nor header names the message")


def header_texts(header: etree._Element | None) -> dict[str, str | None]:
    """What a business header says, as it says it."""
    if header is None:
        return {}
    sides = {
        side: _text(found, "BICFI") or _text(found, "AnyBIC")
        for side in ("Fr", "To")
        if (found := first(header, side)) is not None
    }
    return {
        "sender_bic": sides.get("Fr"),
        "receiver_bic": sides.get("To"),
        "service": _text(header, "BizSvc"),
        "message_reference": _text(header, "BizMsgIdr"),
        "possible_duplicate": _text(header, "PssblDplct"),
        "created_on": _text(header, "CreDt"),
    }


def header_facts(texts: Mapping[str, str | None]) -> dict[str, Any]:
    """What the texts of a business header tell of its message."""
    if not texts:
        return {}
    duplicate, created = texts["possible_duplicate"], texts["created_on"]
    return {
        **texts,
        "possible_duplicate": duplicate == "true" if duplicate else None,
        "created_on": iso_date(created) if created else None,
    }


def first(element: etree._Element, name: str) -> etree._Element | None:
    """The first element of a name below an element."""
    return next(element.iterdescendants(f"{{*}}{name}"), None)


def _text(element: etree._Element | None, name: str) -> str | None:
    found = first(element, name) if element is not None else None
    return (found.text or "").strip() or None if found is not None else None
