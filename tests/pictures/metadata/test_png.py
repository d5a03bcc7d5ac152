"""A PNG gains two texts and a label, and loses nothing."""

import zlib
from io import BytesIO

import pytest
from PIL import Image

from tests.pictures.metadata.samples import FILES, inscribed, png_pieces


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("png")])
def test_a_png_gains_three_texts_behind_its_header_and_loses_nothing(name: str) -> None:
    old, new = png_pieces(FILES[name]), png_pieces(inscribed(name))
    assert old == new[:2] + new[5:]
    assert new[1][4:8] == b"IHDR"
    assert new[2][4:].startswith(b"iTXtimagen-demo\0")
    assert new[3][4:].startswith(b"tEXtparameters\0")
    assert new[4][4:].startswith(b"iTXtXML:com.adobe.xmp\0\0\0\0\0<?xpacket ")
    for piece in new[1:-1]:
        assert zlib.crc32(piece[4:-4]).to_bytes(4) == piece[-4:]
    with Image.open(BytesIO(inscribed(name))) as image:
        image.verify()
