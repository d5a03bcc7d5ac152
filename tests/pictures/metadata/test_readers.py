"""Other people's readers find in our files what stands in them: ours, and the file's own."""

import json
import os
import shutil
import struct
import subprocess
from dataclasses import replace
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import piexif
import piexif.helper
import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base
from PIL.PngImagePlugin import PngInfo
from sd_prompt_reader.image_data_reader import ImageDataReader

from imagen_demo.domain.generation import DrawnBy
from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.metadata import inscribe, read
from imagen_demo.pictures.metadata.a1111 import parameters_of
from imagen_demo.pictures.metadata.exif import exif_choices
from imagen_demo.pictures.metadata.tiff import Tiff
from imagen_demo.pictures.verify import verify_picture
from tests.pictures.metadata.samples import (
    FILES,
    chunk,
    encoded,
    every_file,
    exif,
    frames_of,
    inscribed,
    jpeg_pieces,
    like_production,
    picture_of,
    png_pieces,
    recipe_of,
    webp_of,
    webp_pieces,
    with_chunks,
)

PROMPT = "Füchse, 狐狸 🦊 in snow"
OF_TWO_BYTES = "Füchse, 狐狸 in snow"
"""exiv2 does not know letters that take four bytes in UTF-16, whoever wrote them."""

OWN = {"Artist": "A. Painter", "Copyright": "(c) A. Painter", "ImageDescription": "A fox"}
with_exif = pytest.mark.parametrize(
    "name", [name for name in FILES if name.startswith(("jpeg", "webp"))]
)


def program(name: str) -> pytest.MarkDecorator:
    missing = shutil.which(name) is None
    return pytest.mark.skipif(missing, reason=f"{name} is not installed here")


UNKNOWN_NOTE = "[minor] Unrecognized MakerNotes"
"""What exiftool calls a maker's note that is none of a camera's."""

exiftool_here, exiv2_here = program("exiftool"), program("exiv2")
magick_here = program("identify")


def said_by(*command: str | Path) -> str:
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    asked = subprocess.run(  # noqa: S603
        command, capture_output=True, check=True, timeout=60, env=environment
    )
    return asked.stdout.decode()


def kept(tmp_path: Path, data: bytes) -> Path:
    with Image.open(BytesIO(data)) as image:
        kind = (image.format or "").lower()
    path = tmp_path / f"picture.{kind}"
    path.write_bytes(data)
    return path


def exiftool(path: Path, *more: str) -> dict[str, Any]:
    said: list[dict[str, Any]] = json.loads(said_by("exiftool", "-j", "-G1", *more, path))
    return said[0]


def exiv2(path: Path) -> dict[str, str]:
    listed = said_by("exiv2", "-q", "-PEkt", path).splitlines()
    return {line.split()[0]: line.split(None, 1)[-1] for line in listed if line.strip()}


# What we write.


@with_exif
def test_comment_and_note_are_of_the_type_that_the_standard_names(name: str) -> None:
    with Image.open(BytesIO(inscribed(name))) as image:
        held = Tiff(image.info["exif"].removeprefix(b"Exif\0\0"))
        assert held.get(Base.MakerNote).startswith(b"imagen-demo\0{")
        kinds = {
            struct.unpack(f"{held.order}H", entry[:2])[0]: entry[2:4]
            for entry in held._exif(held.data).entries  # noqa: SLF001
        }
    undefined = struct.pack(f"{held.order}H", 7)
    assert {kinds[tag] for tag in (Base.MakerNote, Base.UserComment, 0x9000)} == {undefined}


@with_exif
def test_automatic1111s_own_way_finds_the_parameters(name: str) -> None:
    picture = picture_of(name)
    with Image.open(BytesIO(inscribed(name, PROMPT))) as image:
        comment = piexif.load(image.info["exif"])["Exif"][piexif.ExifIFD.UserComment]
    said = piexif.helper.UserComment.load(comment)
    assert said == parameters_of(recipe_of(picture, PROMPT))


@every_file
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # it uses an older Pillow
def test_sd_prompt_reader_finds_prompt_and_settings(name: str) -> None:
    if name == "jpeg-profile":
        pytest.skip("it takes the file's own JPEG comment for Fooocus'")
    if "alpha" in name:
        pytest.skip("it looks for NovelAI's hidden bits in every WebP with an alpha channel")
    reader = ImageDataReader(BytesIO(inscribed(name, "Füchse, 狐狸 🦊", seed=7)))
    assert (reader.status.name, reader.tool) == ("READ_SUCCESS", "A1111 webUI")
    assert reader.positive == "Füchse, 狐狸 🦊"
    picture = picture_of(name)
    assert f"Size: {picture.width}x{picture.height}" in reader.setting


@exiv2_here
@with_exif
def test_exiv2_reads_the_parameters_and_the_label(name: str, tmp_path: Path) -> None:
    picture = picture_of(name)
    path = kept(tmp_path, inscribed(name, OF_TWO_BYTES))
    found = said_by("exiv2", "-q", "-K", "Exif.Photo.UserComment", "-Pt", path).strip()
    assert found == f"charset=Unicode {parameters_of(recipe_of(picture, OF_TWO_BYTES))}"
    if name != "webp-xmp":
        label = said_by("exiv2", "-q", "-K", "Xmp.iptcExt.DigitalSourceType", "-Pv", path)
        assert label.strip().endswith("/trainedAlgorithmicMedia")


LABELS: dict[DrawnBy, str] = {
    "imagen": "trainedAlgorithmicMedia",
    "sandbox": "algorithmicMedia",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What exiftool says of every file of either artist; it takes long to start."""
    folder = tmp_path_factory.mktemp("told")
    for drawn_by, name in product(LABELS, FILES):
        picture = picture_of(name)
        recipe = replace(recipe_of(picture, PROMPT), drawn_by=drawn_by)
        path = folder / f"{drawn_by}-{name}{picture.suffix}"
        path.write_bytes(inscribe(picture, recipe).data)
    found: list[dict[str, Any]] = json.loads(said_by("exiftool", "-j", "-n", "-G1", folder))
    return {Path(each["SourceFile"]).stem: each for each in found}


@exiftool_here
@every_file
@pytest.mark.parametrize(("drawn_by", "label"), LABELS.items())
def test_exiftool_reads_what_drew_the_picture(
    name: str, drawn_by: DrawnBy, label: str, told: dict[str, dict[str, Any]]
) -> None:
    if name == "webp-xmp":
        pytest.skip("its own packet is not understood, and left alone")
    found = told[f"{drawn_by}-{name}"]
    assert found["XMP-iptcExt:DigitalSourceType"] == (
        f"http://cv.iptc.org/newscodes/digitalsourcetype/{label}"
    )
    assert "ExifTool:Error" not in found
    # Only what the file had itself may be odd.
    assert found.get("ExifTool:Warning", UNKNOWN_NOTE) == UNKNOWN_NOTE or name == "png-tail"
    parameters = parameters_of(recipe_of(picture_of(name), PROMPT))
    said = found.get("PNG:Parameters") or found.get("ExifIFD:UserComment")
    assert said in {parameters, parameters.replace("\n", ".")}


# What the file knew itself.


def own_jpeg(order: str, **more: object) -> bytes:
    data = exif(**OWN, Orientation=6, **more)
    data.endian = order
    return encoded("JPEG", exif=data)


orders = pytest.mark.parametrize("order", ["<", ">"], ids=["little", "big"])


@orders
@pytest.mark.parametrize("prompt", ["A fox", PROMPT], ids=ascii)
def test_pillow_and_piexif_read_the_files_own_beside_ours(order: str, prompt: str) -> None:
    picture = verify_picture(own_jpeg(order), None)
    recipe = recipe_of(picture, prompt)
    data = inscribe(picture, recipe).data
    assert read(BytesIO(data)) == recipe
    assert frames_of(data) == frames_of(picture.data)
    with Image.open(BytesIO(data)) as image:
        held = image.getexif()
        assert held.endian == order
        assert {name: held[Base[name]] for name in OWN} == OWN
        assert held[Base.Orientation] == 6
        main = piexif.load(image.info["exif"])
    assert main["0th"][piexif.ImageIFD.Artist] == b"A. Painter"
    assert main["0th"][piexif.ImageIFD.Orientation] == 6
    comment = piexif.helper.UserComment.load(main["Exif"][piexif.ExifIFD.UserComment])
    assert comment.removeprefix("\ufeff") == parameters_of(recipe)


@orders
@exiv2_here
@exiftool_here
@magick_here
def test_exiv2_exiftool_and_imagemagick_read_them_too(order: str, tmp_path: Path) -> None:
    picture = verify_picture(own_jpeg(order), None)
    recipe = recipe_of(picture, OF_TWO_BYTES)
    path = kept(tmp_path, inscribe(picture, recipe).data)
    found = exiftool(path)
    assert found["IFD0:Artist"] == "A. Painter"
    assert found["IFD0:ImageDescription"] == "A fox"
    assert found["IFD0:Orientation"] == "Rotate 90 CW"
    assert found["ExifTool:Warning"] == UNKNOWN_NOTE
    said = exiv2(path)
    assert said["Exif.Image.Artist"] == "A. Painter"
    assert said["Exif.Image.ImageDescription"] == "A fox"
    comment = said_by("exiv2", "-q", "-K", "Exif.Photo.UserComment", "-Pt", path).strip()
    assert comment.replace("\ufeff", "") == f"charset=Unicode {parameters_of(recipe)}"
    told = said_by("identify", "-format", "%[EXIF:Artist]|%[EXIF:Orientation]", path)
    assert told == "A. Painter|6"


@exiftool_here
@orders
@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_cameras_own_exif_stays_whole(kind: str, order: str, tmp_path: Path) -> None:
    """Thumbnail, place, lens and the rest, as a camera writes them: all of them are still read."""
    thumbnail = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(thumbnail, "JPEG")
    camera = piexif.dump(
        {
            "0th": {piexif.ImageIFD.Make: b"A camera", piexif.ImageIFD.Artist: b"A. Painter"},
            "Exif": {piexif.ExifIFD.LensModel: b"A lens", piexif.ExifIFD.ISOSpeedRatings: 200},
            "GPS": {piexif.GPSIFD.GPSLatitudeRef: b"N", piexif.GPSIFD.GPSLatitude: ((9, 1),) * 3},
            "1st": {piexif.ImageIFD.Compression: 6},
            "thumbnail": thumbnail.getvalue(),
        }
    )
    plain = encoded(kind)
    path = kept(tmp_path, plain)
    if order == "<":
        said_by("exiftool", "-q", "-overwrite_original", "-ExifByteOrder=II", "-Artist=x", path)
    stream = BytesIO()
    if order == ">":
        Image.open(BytesIO(plain)).save(stream, kind, exif=camera)
        path.write_bytes(stream.getvalue())
    before = exiftool(path)
    picture = verify_picture(path.read_bytes(), None)
    written = inscribe(picture, recipe_of(picture, PROMPT)).data
    assert frames_of(written) == frames_of(picture.data)
    after = exiftool(kept(tmp_path, written))
    changed = {
        "System",
        "RIFF:WebP_Flags",
        "ExifTool:Warning",
        "ExifIFD:UserComment",
        "ExifIFD:ExifVersion",
        "SourceFile",
    }
    for name, value in before.items():
        if name.split(":")[0] not in changed and name not in changed:
            assert after[name] == value, name
    assert after["ExifIFD:UserComment"]


COMMENTS = {
    "a service's own parameters": b"UNICODE\0" + "A dog\nSteps: 1, Seed: 2".encode("utf-16-be"),
    "a remark": b"ASCII\0\0\0mode: night",
}


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
@pytest.mark.parametrize("comment", COMMENTS.values(), ids=COMMENTS)
def test_a_comment_of_the_files_own_stays_the_only_one(kind: str, comment: bytes) -> None:
    picture = verify_picture(encoded(kind, exif=exif(comment)), None)
    recipe = recipe_of(picture)
    data = inscribe(picture, recipe).data
    assert read(BytesIO(data)) == recipe
    with Image.open(BytesIO(data)) as image:
        assert image.getexif().get_ifd(IFD.Exif)[Base.UserComment] == comment
    assert parameters_of(recipe).encode("utf-16-be") not in data


@pytest.mark.parametrize("form", ["tEXt", "zTXt", "iTXt"])
def test_a_pngs_own_parameters_stay_the_only_ones(form: str) -> None:
    texts = PngInfo()
    if form == "iTXt":
        texts.add_itxt("parameters", "A dog\nSteps: 1, Seed: 2")
    else:
        texts.add_text("parameters", "A dog\nSteps: 1, Seed: 2", zip=form == "zTXt")
    picture = verify_picture(encoded("PNG", pnginfo=texts), None)
    recipe = recipe_of(picture)
    data = inscribe(picture, recipe).data
    assert read(BytesIO(data)) == recipe
    assert data.count(b"parameters\0") == 1
    with Image.open(BytesIO(data)) as image:
        assert image.info["parameters"] == "A dog\nSteps: 1, Seed: 2"


@pytest.mark.parametrize("name", ["png-RGB", "jpeg-RGB", "webp-lossy"])
def test_a_recipe_takes_the_place_of_an_older_one_of_ours(name: str) -> None:
    picture = picture_of(name)
    older = inscribe(picture, recipe_of(picture, "An owl"))
    newer = inscribe(older, recipe_of(picture, PROMPT))
    assert read(BytesIO(newer.data)) == recipe_of(picture, PROMPT)
    assert newer.data.count(b"DigitalSourceType=") == 1
    with Image.open(BytesIO(newer.data)) as image:
        if name.startswith("png"):
            assert image.info["parameters"] == parameters_of(recipe_of(picture, PROMPT))
            assert len(png_pieces(newer.data)) == len(png_pieces(older.data))
        else:
            comment = image.getexif().get_ifd(IFD.Exif)[Base.UserComment]
            assert piexif.helper.UserComment.load(comment).startswith(PROMPT)


@like_production
@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_recipe_in_the_form_of_the_first_version_is_still_read(kind: str) -> None:
    """As it was written until the tags had their types: as bytes, and without a label."""
    recipe = recipe_of(picture_of("jpeg-RGB"), PROMPT)
    held = exif()
    held[IFD.Exif] = {
        Base.MakerNote: b"imagen-demo\0" + recipe.to_text().encode(),
        Base.UserComment: b"UNICODE\0" + parameters_of(recipe).encode("utf-16-be"),
    }
    old = encoded(kind, exif=held)
    assert read(BytesIO(old)) == recipe
    newer = inscribe(verify_picture(old, None), recipe_of(picture_of("jpeg-RGB"), "An owl"))
    assert read(BytesIO(newer.data)) == recipe_of(picture_of("jpeg-RGB"), "An owl")
    with Image.open(BytesIO(newer.data)) as image:
        comment = piexif.load(image.info["exif"])["Exif"][piexif.ExifIFD.UserComment]
    assert piexif.helper.UserComment.load(comment).startswith("An owl\n")


@pytest.mark.parametrize("broken", [b"XX", b"MM\0*\0\0\0\0", b"MM\0*\xff\xff\xff\xff"])
def test_broken_exif_data_in_a_png_do_not_hide_its_recipe(broken: bytes) -> None:
    picture = verify_picture(with_chunks(chunk(b"eXIf", broken)), None)
    recipe = recipe_of(picture)
    assert read(BytesIO(inscribe(picture, recipe).data)) == recipe


def test_somebody_elses_makers_note_is_never_overwritten() -> None:
    data = exif()
    data[IFD.Exif] = {Base.MakerNote: b"A camera's own notes"}
    picture = verify_picture(encoded("JPEG", exif=data), None)
    written = inscribe(picture, recipe_of(picture)).data
    with Image.open(BytesIO(written)) as image:
        assert image.getexif().get_ifd(IFD.Exif)[Base.MakerNote] == b"A camera's own notes"
    assert b"trainedAlgorithmicMedia" in written
    assert read(BytesIO(written)) is None


@like_production
@pytest.mark.parametrize("broken", [b"", b"XX\0*", b"MM\0*\0\0\0\0", b"II*\0\xff\xff\xff\xff"])
def test_broken_exif_data_of_the_files_own_stay_as_they_are(broken: bytes) -> None:
    body = b"Exif\0\0" + broken
    start, *rest = jpeg_pieces(FILES["jpeg-bare"])
    own = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    data = b"".join([start, own, *rest])
    picture = verify_picture(data, None)
    written = inscribe(picture, recipe_of(picture)).data
    assert own in written or not broken
    assert b"trainedAlgorithmicMedia" in written


def test_exif_data_that_are_added_to_keep_every_byte_in_its_place() -> None:
    own = exif(**OWN).tobytes().removeprefix(b"Exif\0\0")
    recipe: Recipe = recipe_of(picture_of("jpeg-RGB"))
    for longer in exif_choices(recipe, own):
        # But those that say where a directory is.
        assert longer[8 : len(own)] == own[8:]


# The file's own XMP.

PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{}</r:RDF></x:xmpmeta>'
    + " " * 80
    + '<?xpacket end="w"?>'
)
TITLED = (
    '<r:Description r:about="uuid:1&amp;2" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title><r:Alt><r:li xml:lang='x-default'>Füchse</r:li></r:Alt></dc:title>"
    "</r:Description>"
)
LABELLED = (
    '<r:Description r:about="" xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
    'e:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"/>'
)


def with_packet(kind: str, packet: bytes, *, zipped: bool = False) -> bytes:
    if kind != "PNG":
        return encoded(kind, xmp=packet)
    texts = PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", packet.decode(), zip=zipped)
    return encoded("PNG", pnginfo=texts)


def packet_in(data: bytes) -> bytes:
    with Image.open(BytesIO(data)) as image:
        held = image.info.get("xmp") or image.info["XML:com.adobe.xmp"]
    return held if isinstance(held, bytes) else str(held).encode()


every_kind = pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])


@exiftool_here
@exiv2_here
@every_kind
@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("prefix", ["rdf", "r"])
def test_a_packet_of_the_files_own_is_extended(
    kind: str, prefix: str, *, zipped: bool, tmp_path: Path
) -> None:
    own = PACKET.format(TITLED).replace("r:", f"{prefix}:").replace(":r=", f":{prefix}=").encode()
    picture = verify_picture(with_packet(kind, own, zipped=zipped), None)
    data = inscribe(picture, recipe_of(picture)).data
    assert data.count(b"<?xpacket begin") == 1
    place = own.rindex(f"</{prefix}:RDF>".encode())
    longer = packet_in(data)
    assert longer.startswith(own[:place])
    assert longer.endswith(own[place:])
    path = kept(tmp_path, data)
    found = exiftool(path, "-n")
    assert found["XMP-dc:Title"] == "Füchse"
    assert found["XMP-iptcExt:DigitalSourceType"].endswith("/trainedAlgorithmicMedia")
    assert found.get("ExifTool:Warning", UNKNOWN_NOTE) == UNKNOWN_NOTE
    if prefix == "rdf":  # exiv2 reads no packet with another
        said = said_by("exiv2", "-q", "-px", path)
        assert "Füchse" in said
        assert "trainedAlgorithmicMedia" in said


ALONE = {
    "labelled": PACKET.format(LABELLED),
    "no packet": "<x:xmpmeta/>",
    "no xml": "<x:xmpmeta",
    "a document type": '<!DOCTYPE x [<!ENTITY a "aa">]>' + PACKET.format(TITLED),
    "an empty list": PACKET.replace(">{}</r:RDF>", "/>"),
}


@every_kind
@pytest.mark.parametrize("packet", ALONE.values(), ids=ALONE)
def test_a_packet_that_is_labelled_or_not_understood_is_left_alone(kind: str, packet: str) -> None:
    picture = verify_picture(with_packet(kind, packet.encode()), None)
    data = inscribe(picture, recipe_of(picture)).data
    assert packet_in(data) == packet.encode()
    assert b"trainedAlgorithmicMedia" not in data
    assert read(BytesIO(data)) == recipe_of(picture)


def test_a_packet_that_leaves_no_room_in_its_segment_is_left_alone() -> None:
    own = PACKET.format(TITLED + " " * 64_980).encode()
    picture = verify_picture(encoded("JPEG", xmp=own), None)
    data = inscribe(picture, recipe_of(picture)).data
    assert packet_in(data) == own
    assert read(BytesIO(data)) == recipe_of(picture)


def test_a_label_in_the_second_part_of_a_packet_is_the_files_own() -> None:
    start, *rest = jpeg_pieces(encoded("JPEG", xmp=PACKET.format(TITLED).encode()))
    body = b"http://ns.adobe.com/xmp/extension/\0" + LABELLED.encode()
    more = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    picture = verify_picture(b"".join([start, *rest[:2], more, *rest[2:]]), None)
    data = inscribe(picture, recipe_of(picture)).data
    assert b"trainedAlgorithmicMedia" not in data


def test_an_old_packet_in_a_png_is_not_shadowed() -> None:
    texts = PngInfo()
    texts.add_text("Raw profile type xmp", "\nxmp\n 3\n3c782f\n")
    picture = verify_picture(encoded("PNG", pnginfo=texts), None)
    assert b"XML:com.adobe.xmp" not in inscribe(picture, recipe_of(picture)).data


def test_a_webp_with_a_packet_and_no_flag_for_it_gains_the_flag() -> None:
    own = PACKET.format(TITLED).encode()
    pieces = [
        (kind, bytes([held[0] & ~0x04]) + held[1:] if kind == b"VP8X" else held)
        for kind, held in webp_pieces(encoded("WEBP", xmp=own))
    ]
    picture = verify_picture(webp_of(*pieces), None)
    written = webp_pieces(inscribe(picture, recipe_of(picture)).data)
    assert written[0][1][0] & 0x04
    assert [kind for kind, _ in written].count(b"XMP ") == 1
