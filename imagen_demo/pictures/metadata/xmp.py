"""The label that says what drew a picture, for search engines and shops, as an XMP packet.

`png`, `jpeg` and `webp` put it into their files. The property is IPTC's DigitalSourceType; a packet
that a file has already is extended by it, byte for byte as it was otherwise.
"""

import re
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from imagen_demo.domain.generation import DrawnBy

MAX_PACKET = 1 << 20
"""Bytes of a packet of the file's own that is read."""

_TERMS = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_SOURCES: dict[DrawnBy, str] = {
    "imagen": f"{_TERMS}trainedAlgorithmicMedia",
    "sandbox": f"{_TERMS}algorithmicMedia",  # a program that was never trained
}

_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DIGITAL_SOURCE_TYPE = "DigitalSourceType"
_TAG = re.compile(rb"<([^\s/>]+)")
_DUBLIN_CORE = b"http://purl.org/dc/terms/"

# The two mark where a packet begins and ends for who searches a file for it [XMP specification].
_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
_END = '<?xpacket end="w"?>'


def packet_of(drawn_by: DrawnBy) -> bytes:
    """Build the packet of a file that has none."""
    label = _label(drawn_by, about="")
    return (
        f'{_BEGIN}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{_RDF}">{label}'
        f"</rdf:RDF></x:xmpmeta>{_END}"
    ).encode()


def extended(packet: bytes, drawn_by: DrawnBy, *, beside: bytes = b"") -> bytes:
    """Add the label to a file's own packet.

    Args:
        packet: As it stands in the file.
        drawn_by: Who drew the picture.
        beside: What the file says in XMP besides.

    Returns:
        The same, if it is labelled already, or is not understood.
    """
    written = packet.rstrip(b"\0")
    is_labelled = any(_DIGITAL_SOURCE_TYPE.encode() in each for each in (packet, beside))
    if is_labelled or len(packet) > MAX_PACKET or b"\0" in written:
        return packet
    found = _Search()
    try:
        found.read(written)
    except (expat.ExpatError, ValueError, LookupError):
        return packet
    place = found.end_of_rdf
    if place is None:
        return packet
    label = _label(drawn_by, about=found.about).encode("ascii", "xmlcharrefreplace")
    return packet[:place] + label + packet[place:]


def leads_to_credentials(packet: bytes) -> bool:
    """Whether a packet names where the picture's Content Credentials lie [C2PA 2.1, "Remote"]."""
    return _DUBLIN_CORE in packet and b":provenance" in packet


def _label(drawn_by: DrawnBy, *, about: str) -> str:
    return (
        f'<rdf:Description xmlns:rdf="{_RDF}" rdf:about={quoteattr(about)} '
        f'xmlns:Iptc4xmpExt="{_IPTC}" '
        f'Iptc4xmpExt:{_DIGITAL_SOURCE_TYPE}="{_SOURCES[drawn_by]}"/>'
    )


class _Search:
    """Finds where a packet's list of descriptions ends, and what they are about."""

    def __init__(self) -> None:
        self.end_of_rdf: int | None = None
        self.about = ""
        self._packet = b""
        self._rdf = b""
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def read(self, packet: bytes) -> None:
        """Read all of it.

        Raises:
            ExpatError, ValueError, LookupError: It is no XMP.
        """
        self._packet = packet
        self._parser.Parse(packet, True)  # noqa: FBT003 - what expat calls it

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == f"{_RDF} RDF":
            tag = _TAG.match(self._packet, self._parser.CurrentByteIndex)
            self._rdf = tag[1] if tag else b""
        if name == f"{_RDF} Description" and not self.about:
            self.about = attributes.get(f"{_RDF} about", "")

    def _end(self, name: str) -> None:
        place = self._parser.CurrentByteIndex
        # An empty one, which has no tag of its own at its end, is left as it is.
        if name == f"{_RDF} RDF" and self._packet.startswith(b"</" + self._rdf, place):
            self.end_of_rdf = place

    @staticmethod
    def _refuse(*_: object) -> None:
        raise ValueError("XMP has no document type")
