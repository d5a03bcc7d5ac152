"""Exif data as bytes: tags added to them, and nothing in them moved [Exif 2.3; TIFF 6.0].

`exif` has what is added. Written by hand, since a library would write its own idea of what it read:
makers' notes and thumbnails point to places that must stay where they are.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from PIL.ExifTags import IFD

_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
_UNDEFINED, _LONG = 7, 4
_LONGEST_INLINE = 4

_VERSION = 0x9000
_EMPTY = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIII", 1, IFD.Exif, _LONG, 1, 0, 0)
"""Exif data without a tag, but with a place that points to one directory more."""


@dataclass(frozen=True, slots=True)
class _Directory:
    """Entries as they stand, 12 bytes each, and where the next directory begins."""

    entries: list[bytes]
    following: int


@dataclass(frozen=True, slots=True)
class Tiff:
    """A file's own Exif data.

    Attributes:
        data: Without `Exif` in front; empty if the file has none.
    """

    data: bytes

    @property
    def order(self) -> str:
        """The byte order, as `struct` writes it.

        Raises:
            ValueError: It is neither.
        """
        order = _ORDERS.get(self.data[:4]) if self.data else ">"
        if order is None:
            raise ValueError("no byte order of Exif data")
        return order

    def get(self, tag: int) -> bytes:
        """What a tag of the Exif directory holds, as bytes; empty if there is no such tag.

        Raises:
            ValueError, struct.error: The data are broken.
        """
        data = self.data or _EMPTY
        for entry in self._exif(data).entries:
            if self._tag(entry) == tag:
                size, start = struct.unpack_from(f"{self.order}II", entry, 4)
                # Of one byte each, in all types that hold text.
                return entry[8 : 8 + size] if size <= _LONGEST_INLINE else data[start:][:size]
        return b""

    def extended(self, tags: Mapping[int, bytes]) -> bytes:
        """Add tags of type UNDEFINED to the Exif directory, in place of any of these.

        What is there already stays in its place: the directory is written anew behind it.

        Raises:
            ValueError, struct.error: The data are broken.
        """
        own = self.data or _EMPTY
        exif = self._exif(own)
        out = bytearray(own + b"\0" * (len(own) % 2))
        known = {self._tag(entry) for entry in exif.entries}
        added = tags if _VERSION in known else {_VERSION: b"0232", **tags}
        entries = [entry for entry in exif.entries if self._tag(entry) not in added]
        for tag, value in added.items():
            held = value.ljust(_LONGEST_INLINE, b"\0")
            if len(value) > _LONGEST_INLINE:
                held = struct.pack(f"{self.order}I", len(out))
                out += value + b"\0" * (len(value) % 2)
            entries.append(struct.pack(f"{self.order}HHI", tag, _UNDEFINED, len(value)) + held)
        place = len(out)
        out += self._written(entries, exif.following)
        self._point(out, place)
        return bytes(out)

    def _point(self, out: bytearray, place: int) -> None:
        """Let the first directory point to the Exif directory."""
        first = self._first(out)
        main = self._directory(out, first)
        for number, entry in enumerate(main.entries):
            if self._tag(entry) == IFD.Exif:
                struct.pack_into(f"{self.order}I", out, first + 2 + 12 * number + 8, place)
                return
        struct.pack_into(f"{self.order}I", out, 4, len(out))
        pointer = struct.pack(f"{self.order}HHII", IFD.Exif, _LONG, 1, place)
        out += self._written([*main.entries, pointer], main.following)

    def _exif(self, data: bytes) -> _Directory:
        for entry in self._directory(data, self._first(data)).entries:
            if self._tag(entry) == IFD.Exif:
                (place,) = struct.unpack_from(f"{self.order}I", entry, 8)
                return self._directory(data, place) if place else _Directory([], 0)
        return _Directory([], 0)

    def _first(self, data: bytes | bytearray) -> int:
        return int(struct.unpack_from(f"{self.order}I", data, 4)[0])

    def _directory(self, data: bytes | bytearray, place: int) -> _Directory:
        if place < len(_EMPTY[:8]):
            raise ValueError("a directory inside the header")
        (count,) = struct.unpack_from(f"{self.order}H", data, place)
        end = place + 2 + 12 * count
        (following,) = struct.unpack_from(f"{self.order}I", data, end)
        entries = [bytes(data[at : at + 12]) for at in range(place + 2, end, 12)]
        return _Directory(entries, following)

    def _written(self, entries: list[bytes], following: int) -> bytes:
        ordered = sorted(entries, key=self._tag)
        count = struct.pack(f"{self.order}H", len(ordered))
        return b"".join([count, *ordered, struct.pack(f"{self.order}I", following)])

    def _tag(self, entry: bytes) -> int:
        return int(struct.unpack_from(f"{self.order}H", entry)[0])
