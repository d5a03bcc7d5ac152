"""A foreign picture gives its prompt where a sign of its program's is there, and nothing else."""

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import piexif
import piexif.helper
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import Base
from PIL.PngImagePlugin import PngInfo

from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.metadata import Foreign, read
from imagen_demo.pictures.metadata.a1111 import KIN
from tests.pictures.metadata.samples import PROMPTS, encoded, exif, like_production

FOX = "a red fox in snow"
SETTINGS = "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Size: 64x40, Model: x"
CHINESE = f"雪の中の狐 ❄\nNegative prompt: 犬\n{SETTINGS}"


def png(**texts: str) -> bytes:
    info = PngInfo()
    for name, text in texts.items():
        info.add_text(name.replace("_dash_", "-"), text)
    return encoded("PNG", pnginfo=info)


def commented(comment: bytes, kind: str = "JPEG") -> bytes:
    """As piexif writes it, which is how most of these programs do."""
    held = piexif.dump({"Exif": {piexif.ExifIFD.UserComment: comment}})
    return encoded(kind, exif=held)


def worded(text: str, kind: str = "JPEG") -> bytes:
    return commented(piexif.helper.UserComment.dump(text, encoding="unicode"), kind)


# Each program's own form, as its pictures have it.

SWARM = json.dumps(
    {
        "sui_image_params": {
            "prompt": FOX,
            "negativeprompt": "dog",
            "model": "x",
            "seed": 5,
            "steps": 20,
            "swarm_version": "0.9.6",
        },
        "sui_extra_data": {"date": "2026-01-02"},
    },
    indent=2,
)
FOOOCUS = json.dumps(
    {
        "adm_guidance": "(1.5, 0.8, 0.3)",
        "base_model": "juggernaut",
        "full_prompt": [FOX, "cinematic still"],
        "prompt": FOX,
        "negative_prompt": "",
        "seed": 5,
        "version": "Fooocus v2.5.5",
        "metadata_scheme": "fooocus",
    }
)
EASY = {
    "prompt": FOX,
    "negative_prompt": "dog",
    "seed": "5",
    "use_stable_diffusion_model": "sd-v1-5",
    "num_inference_steps": "25",
    "guidance_scale": "7.5",
    "sampler_name": "euler_a",
}
EASY_ON_PAGE = {"Prompt": FOX, "Negative Prompt": "dog", "Stable Diffusion model": "x", "Seed": 5}
INVOKE = {
    "generation_mode": "txt2img",
    "positive_prompt": FOX,
    "negative_prompt": "dog",
    "seed": 5,
    "app_version": "5.4.2",
}
INVOKE_2 = {
    "model": "stable diffusion",
    "app_id": "invoke-ai/InvokeAI",
    "image": {"prompt": [{"prompt": f"{FOX} [dog]", "weight": 1}], "steps": 50, "seed": 5},
}
NOVEL = {"prompt": FOX, "steps": 28, "uc": "dog", "sampler": "k_euler", "signed_hash": "x="}
GRAPH: dict[str, object] = {
    "3": {
        "class_type": "KSampler",
        "inputs": {"seed": 5, "positive": ["6", 0], "negative": ["7", 0], "model": ["4", 0]},
    },
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "x.safetensors"}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": FOX, "clip": ["4", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "dog", "clip": ["4", 1]}},
}
CIVITAI = {
    "resource-stack": {"class_type": "CheckpointLoaderSimple", "inputs": {}},
    **GRAPH,
    "extra": {"airs": ["urn:air:sdxl:checkpoint:civitai:1@2"]},
    "extraMetadata": json.dumps({"prompt": FOX, "negativePrompt": "dog", "steps": 25}),
}
DRAW_THINGS = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 6.0.0">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    'rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" '
    'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<xmp:CreatorTool>Draw Things</xmp:CreatorTool><dc:description><rdf:Alt>"
    f'<rdf:li xml:lang="x-default">{FOX}\nSteps: 8</rdf:li></rdf:Alt></dc:description>'
    '<exif:UserComment>\n<rdf:Alt>\n<rdf:li xml:lang="x-default">'
    '{"c":"a red fox in snow","uc":"dog","model":"x","sampler":"Euler","seed":5,"steps":8}'
    "</rdf:li>\n</rdf:Alt>\n</exif:UserComment></rdf:Description></rdf:RDF></x:xmpmeta>"
)


def linked(**changes: object) -> str:
    """The graph, some of its nodes others."""
    return json.dumps({**GRAPH, **{name.removeprefix("n"): node for name, node in changes.items()}})


def node(kind: str, **inputs: object) -> dict[str, object]:
    return {"class_type": kind, "inputs": inputs}


def webp_of_comfyui(graph: str) -> bytes:
    """As its own node for WebP writes it: both JSONs as the camera's model and make."""
    return encoded("WEBP", exif=exif(Model=f"prompt:{graph}", Make='workflow:{"nodes":[]}'))


FOUND: Mapping[str, tuple[bytes, str]] = {
    "AUTOMATIC1111": (png(parameters=f"{FOX}\n{SETTINGS}, Version: v1.10.1"), "AUTOMATIC1111"),
    "AUTOMATIC1111, JPEG": (worded(f"{FOX}\n{SETTINGS}, Version: v1.10.1"), "AUTOMATIC1111"),
    "Forge": (worded(f"{FOX}\n{SETTINGS}, Version: f2.0.1v1.10.1"), "Forge"),
    "SD.Next": (worded(f"{FOX}\n{SETTINGS}, App: SD.Next, Version: 1"), "SD.Next"),
    "AUTOMATIC1111, as a description": (
        encoded("JPEG", exif=exif(ImageDescription=f"{FOX}\n{SETTINGS}")),
        KIN,
    ),
    "AUTOMATIC1111, in a PNG's Exif data": (
        encoded("PNG", exif=exif(b"UNICODE\0" + f"{FOX}\n{SETTINGS}".encode("utf-16-le"))),
        KIN,
    ),
    "some other": (worded(f"{FOX}\n{SETTINGS}"), KIN),
    "SwarmUI": (png(parameters=SWARM), "SwarmUI"),
    "SwarmUI, JPEG": (worded(SWARM), "SwarmUI"),
    "SwarmUI, JPEG, little-endian": (
        commented(b"UNICODE\0" + SWARM.encode("utf-16-le")),
        "SwarmUI",
    ),
    "SwarmUI, long ago": (encoded("JPEG", exif=exif(Model=SWARM)), "SwarmUI"),
    "Fooocus": (png(parameters=FOOOCUS, fooocus_scheme="fooocus"), "Fooocus"),
    "Fooocus, its scheme lost": (png(parameters=FOOOCUS), "Fooocus"),
    "Fooocus, JPEG": (worded(FOOOCUS, "WEBP"), "Fooocus"),
    "Fooocus, in AUTOMATIC1111's way": (
        png(parameters=f"{FOX}\n{SETTINGS}, Version: Fooocus v2.5.5", fooocus_scheme="a1111"),
        "Fooocus",
    ),
    "RuinedFooocus": (
        png(parameters=json.dumps({"Prompt": FOX, "software": "RuinedFooocus"})),
        "RuinedFooocus",
    ),
    "Fooocus-MRE": (
        encoded("JPEG", comment=json.dumps({"prompt": FOX, "software": "Fooocus-MRE"}).encode()),
        "Fooocus",
    ),
    "Easy Diffusion": (png(**EASY), "Easy Diffusion"),
    "Easy Diffusion, JPEG": (worded(json.dumps(EASY)), "Easy Diffusion"),
    "Easy Diffusion, as on its page": (worded(json.dumps(EASY_ON_PAGE)), "Easy Diffusion"),
    "Draw Things": (png(**{"XML:com.adobe.xmp": DRAW_THINGS}), "Draw Things"),
    "Draw Things, JPEG": (encoded("JPEG", xmp=DRAW_THINGS.encode()), "Draw Things"),
    "InvokeAI": (png(invokeai_metadata=json.dumps(INVOKE)), "InvokeAI"),
    "InvokeAI 2": (png(sd_dash_metadata=json.dumps(INVOKE_2)), "InvokeAI"),
    "InvokeAI 1": (png(Dream=f'"{FOX} [dog]" -s 50 -S 5 -W 64 -H 40 -C 7.5 -A k_lms'), "InvokeAI"),
    "NovelAI": (
        png(Software="NovelAI", Description=FOX, Comment=json.dumps(NOVEL), Source="x 1"),
        "NovelAI",
    ),
    "NovelAI, an older one": (
        png(Software="NovelAI", Description=FOX, Comment=json.dumps({"uc": "dog"})),
        "NovelAI",
    ),
    "NovelAI, WebP": (
        worded(
            json.dumps({"Software": "NovelAI", "Description": FOX, "Comment": json.dumps(NOVEL)}),
            "WEBP",
        ),
        "NovelAI",
    ),
    "Civitai": (worded(json.dumps(CIVITAI)), "Civitai"),
    "Civitai, in AUTOMATIC1111's way": (
        worded(f'{FOX}\n{SETTINGS}, Civitai resources: [{{"type":"checkpoint"}}]'),
        "Civitai",
    ),
    "ComfyUI": (png(prompt=json.dumps(GRAPH), workflow='{"nodes":[]}'), "ComfyUI"),
    "ComfyUI, with numbers that are none": (
        png(prompt=linked(n9={**node("PreviewImage"), "is_changed": [float("nan")]})),
        "ComfyUI",
    ),
    "ComfyUI, WebP": (webp_of_comfyui(json.dumps(GRAPH)), "ComfyUI"),
    "ComfyUI, in AUTOMATIC1111's way": (
        png(parameters=f"{FOX}\n{SETTINGS}", prompt=json.dumps(GRAPH)),
        "ComfyUI",
    ),
    "ComfyUI, over what changes the strength": (
        png(
            prompt=linked(
                n3=node("KSampler", positive=["11", 0], negative=["7", 0]),
                n11=node("FluxGuidance", conditioning=["6", 0], guidance=3.5),
            )
        ),
        "ComfyUI",
    ),
    "ComfyUI, over a control net": (
        png(
            prompt=linked(
                n3=node("KSampler", positive=["11", 0], negative=["11", 1]),
                n11=node("ControlNetApplyAdvanced", positive=["6", 0], negative=["7", 0]),
            )
        ),
        "ComfyUI",
    ),
    "ComfyUI, its newer sampler": (
        png(
            prompt=linked(
                n3=node("SamplerCustomAdvanced", guider=["11", 0], noise=["12", 0]),
                n11=node("BasicGuider", conditioning=["6", 0], model=["4", 0]),
            )
        ),
        "ComfyUI",
    ),
    "ComfyUI, its text in a node of its own": (
        png(
            prompt=linked(
                n6=node("CLIPTextEncode", text=["13", 0], clip=["4", 1]),
                n13=node("PrimitiveString", value=FOX),
            )
        ),
        "ComfyUI",
    ),
    "ComfyUI, one prompt for two encoders": (
        png(prompt=linked(n6=node("CLIPTextEncodeFlux", clip_l=FOX, t5xxl=FOX, guidance=3.5))),
        "ComfyUI",
    ),
    "ComfyUI, two passes of one prompt": (
        png(prompt=linked(n14=node("KSampler", positive=["6", 0], negative=["7", 0]))),
        "ComfyUI",
    ),
}


@pytest.mark.parametrize("case", FOUND)
def test_a_prompt_is_found_where_its_program_put_it(case: str) -> None:
    data, name = FOUND[case]
    assert read(BytesIO(data)) == Foreign(FOX, name)


UNNAMED: Mapping[str, tuple[bytes, str]] = {
    "two prompts": (
        png(
            prompt=linked(
                n14=node("KSampler", positive=["15", 0], negative=["7", 0]),
                n15=node("CLIPTextEncode", text="an owl"),
            )
        ),
        "ComfyUI",
    ),
    "two prompts for two encoders": (
        png(prompt=linked(n6=node("CLIPTextEncodeSDXL", text_g=FOX, text_l="an owl"))),
        "ComfyUI",
    ),
    "a text that is made up when it runs": (
        png(
            prompt=linked(
                n6=node("CLIPTextEncode", text=["13", 0]),
                n13=node("Wildcards", text="a {red|blue} fox", seed=5),
            )
        ),
        "ComfyUI",
    ),
    "a text of two pieces": (
        png(
            prompt=linked(
                n6=node("CLIPTextEncode", text=["13", 0]),
                n13=node("StringConcatenate", string_a="a fox", string_b="in snow"),
            )
        ),
        "ComfyUI",
    ),
    "two prompts that are mixed": (
        png(
            prompt=linked(
                n3=node("KSampler", positive=["11", 0]),
                n11=node("ConditioningCombine", conditioning_1=["6", 0], conditioning_2=["7", 0]),
            )
        ),
        "ComfyUI",
    ),
    "a way that leads in a circle": (
        png(
            prompt=linked(
                n3=node("KSampler", positive=["11", 0]),
                n11=node("A", conditioning=["12", 0]),
                n12=node("B", conditioning=["11", 0]),
            )
        ),
        "ComfyUI",
    ),
    "a way that leads nowhere": (
        png(prompt=linked(n3=node("KSampler", positive=["99", 0]))),
        "ComfyUI",
    ),
    "no sampler": (png(prompt=json.dumps({"4": GRAPH["4"]})), "ComfyUI"),
    "no prompt": (worded(SETTINGS), KIN),
    "only what it is not to show": (worded(f"Negative prompt: dog\n{SETTINGS}"), KIN),
}


@pytest.mark.parametrize("case", UNNAMED)
def test_a_prompt_that_would_have_to_be_guessed_is_not_named(case: str) -> None:
    data, name = UNNAMED[case]
    assert read(BytesIO(data)) == Foreign("", name)


WALKS = ["Steps: 8042", "My walk\nSteps: 8042, 6 km", "Steps: 8042, Distance: 6 km, at noon"]
REMARKS = {
    "a mode": "mode: night; zoom: 1.0; beauty: 0; flash: off;",
    "words": "Shot on a phone",
    "a caption": "My cat on the sofa.\nSummer 2025",
    "Samsung's": "SM-G998B 1.0",
    **{f"a walk, {number}": walk for number, walk in enumerate(WALKS)},
    "numbers": "0 1 2 3",
    "JSON of a camera": '{"prompt": "hello", "mode": "night"}',
    "JSON of an editor": '{"title": "A fox", "negative_prompt": ""}',
    "JSON that is no object": '["a red fox"]',
    "JSON of a phone": '{"c": "on", "uc": 1}',
    "half of JSON": SWARM[:80],
    "JSON in JSON in JSON": '{"a":' * 1500,
    "AUTOMATIC1111's, without settings": FOX,
    "a script": "<script>alert(1)</script>",
    "a graph without nodes": '{"prompt": {"3": {"inputs": {}}}}',
}


@like_production
@pytest.mark.parametrize("remark", REMARKS.values(), ids=REMARKS)
def test_what_bears_no_sign_is_no_prompt(remark: str) -> None:
    files = [
        *(worded(remark), worded(remark, "WEBP"), commented(remark.encode())),
        encoded("PNG", exif=exif(b"ASCII\0\0\0" + remark.encode())),
        *(commented(b"ASCII\0\0\0" + remark.encode()), commented(bytes(8) + remark.encode())),
        *(commented(b"UNICODE\0" + remark.encode("utf-16-le")),),
        encoded("JPEG", exif=exif(ImageDescription=remark, Make=remark, Software=remark)),
        encoded("JPEG", comment=remark.encode()[:60_000], xmp=DRAW_THINGS[:200].encode()),
        png(Comment=remark, Description=remark, prompt=remark),
        # There, the text's own name is half a sign.
        *([] if remark in WALKS else [png(parameters=remark)]),
    ]
    assert [read(BytesIO(data)) for data in files] == [None] * len(files)


ENCODINGS: Mapping[str, bytes] = {
    "UTF-16, big": CHINESE.encode("utf-16-be"),
    "UTF-16, little": CHINESE.encode("utf-16-le"),
    "UTF-16, marked big": b"\xfe\xff" + CHINESE.encode("utf-16-be"),
    "UTF-16, marked little": b"\xff\xfe" + CHINESE.encode("utf-16-le"),
    "UTF-8": CHINESE.encode(),
    "UTF-8, marked": b"\xef\xbb\xbf" + CHINESE.encode(),
    "UTF-16, padded": CHINESE.encode("utf-16-le") + bytes(40),
}


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
@pytest.mark.parametrize("mark", [b"UNICODE\0", b"ASCII\0\0\0", bytes(8), b""], ids=ascii)
@pytest.mark.parametrize("written", ENCODINGS.values(), ids=ENCODINGS)
def test_a_comment_is_read_as_it_really_is(kind: str, mark: bytes, written: bytes) -> None:
    assert read(BytesIO(commented(mark + written, kind))) == Foreign("雪の中の狐 ❄", KIN)


@pytest.mark.parametrize("mark", [b"UNICODE\0", b"ASCII\0\0\0", bytes(8), b""], ids=ascii)
def test_a_comment_in_latin_1_is_no_utf_8(mark: bytes) -> None:
    written = f"Füchse im Café\n{SETTINGS}".encode("latin-1")
    assert read(BytesIO(commented(mark + written))) == Foreign("Füchse im Café", KIN)


def test_a_pngs_text_in_utf_8_is_read_as_it_really_is() -> None:
    mistaken = CHINESE.encode().decode("latin-1")
    assert read(BytesIO(png(parameters=mistaken))) == Foreign("雪の中の狐 ❄", KIN)
    plain = f"Füchse im Café\n{SETTINGS}"
    assert read(BytesIO(png(parameters=plain))) == Foreign("Füchse im Café", KIN)


@given(
    st.sampled_from(["big", "little"]),
    st.sampled_from([b"UNICODE\0", b""]),
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=60),
)
@settings(deadline=None, max_examples=200)
def test_any_prompt_is_read_in_either_order_of_bytes(order: str, mark: bytes, word: str) -> None:
    text = f"{word}\n{SETTINGS}".encode("utf-16-be" if order == "big" else "utf-16-le")
    assert read(BytesIO(commented(mark + text))) == Foreign(word.lstrip("\ufeff"), KIN)


@given(
    st.binary(max_size=200) | st.text(max_size=200).map(str.encode),
    st.sampled_from([b"UNICODE\0", b"ASCII\0\0\0", bytes(8), b""]),
)
@settings(deadline=None, max_examples=300)
def test_no_remark_ever_becomes_a_prompt(remark: bytes, mark: bytes) -> None:
    assert read(BytesIO(commented(mark + remark))) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    *EASY,
                    *INVOKE,
                    *NOVEL,
                    *CIVITAI,
                    "class_type",
                    "inputs",
                    "positive",
                    "image",
                    "Comment",
                ]
            )
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@like_production
@given(json_values, st.sampled_from(["parameters", "prompt", "Comment", "sd_dash_metadata"]))
@settings(deadline=None, max_examples=120)
def test_json_itself_never_becomes_a_prompt(said: object, name: str) -> None:
    text = json.dumps(said)
    for data in (png(**{name: text}), worded(text)):
        found = read(BytesIO(data))
        assert not isinstance(found, Recipe)
        assert found is None or found.prompt == "" or found.prompt != " ".join(text.split())


@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda text: ascii(text)[:24])
def test_any_words_are_a_prompt_above_a_line_of_settings(prompt: str) -> None:
    found = read(BytesIO(worded(f"{prompt}\n{SETTINGS}")))
    assert isinstance(found, Foreign)
    expected = "" if prompt.startswith("Negative prompt:") else " ".join(prompt.split())
    assert found.prompt == expected


@like_production
def test_a_graph_of_many_megabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(png(prompt=linked(n99=node("Note", text="x" * 3_000_000))))
    assert read(path) is None


def test_a_camera_names_itself_and_no_prompt() -> None:
    data = exif(b"ASCII\0\0\0" + bytes(50), Make="A camera", Model="prompt: x")
    with Image.open(BytesIO(encoded("JPEG", exif=data))) as image:
        assert image.getexif()[Base.Model] == "prompt: x"
    assert read(BytesIO(encoded("JPEG", exif=data))) is None
