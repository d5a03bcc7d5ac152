"""The forms in which programs write their prompt as JSON, each known by a sign of its own.

`foreign` asks them one after the other. Each was learned from what its program writes.
"""

import json
import re
from collections.abc import Callable, Mapping
from xml.parsers import expat

Said = tuple[str, str]
"""A prompt, empty where it cannot be told, and whose it is."""

Json = Mapping[str, object]


def json_of(text: str) -> Json | None:
    """The JSON object that a text is; None if it is something else."""
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return None
    try:
        said = json.loads(text.strip("\ufeff\0 \t\r\n"))
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def swarmui(said: Json) -> Said | None:
    """SwarmUI: everything under `sui_image_params`."""
    return _of(said.get("sui_image_params"), "prompt", "SwarmUI")


def fooocus(said: Json) -> Said | None:
    """Fooocus' own scheme, by its version; its variants name themselves as the software."""
    software = str(said.get("software", ""))
    if software.startswith("RuinedFooocus"):
        return _of(said, "Prompt", "RuinedFooocus")
    version = str(said.get("version", ""))
    signs = (version, software, str(said.get("metadata_scheme", "")).capitalize())
    return _of(said, "prompt", "Fooocus") if any(_is_fooocus(each) for each in signs) else None


def easy_diffusion(said: Json) -> Said | None:
    """Easy Diffusion: its settings' names, as it spells them in files or on its page."""
    if "use_stable_diffusion_model" in said and "num_inference_steps" in said:
        return _of(said, "prompt", "Easy Diffusion")
    if "Stable Diffusion model" in said and "Negative Prompt" in said:
        return _of(said, "Prompt", "Easy Diffusion")
    return None


def invokeai(said: Json) -> Said | None:
    """InvokeAI since 3.0: a positive prompt, and the version or the way it was made."""
    is_its = "positive_prompt" in said and {"app_version", "generation_mode"} & said.keys()
    return _of(said, "positive_prompt", "InvokeAI") if is_its else None


def civitai(said: Json) -> Said | None:
    """Civitai's own generator: JSON in JSON, beside ComfyUI's graph."""
    extra = said.get("extraMetadata")
    more = json_of(extra) if isinstance(extra, str) else extra
    return _of(more, "prompt", "Civitai")


def novelai_comment(said: Json) -> Said | None:
    """NovelAI's comment where it stands alone, as in a WebP."""
    if "Comment" in said and said.get("Software") == "NovelAI":
        return novelai({name: str(text) for name, text in said.items()})
    return _of(said, "prompt", "NovelAI") if {"uc", "signed_hash"} <= said.keys() else None


Shape = Callable[[Json], Said | None]
SHAPES: tuple[Shape, ...] = (
    swarmui,
    fooocus,
    easy_diffusion,
    invokeai,
    civitai,
    novelai_comment,
)
"""Of a text that is one JSON object, whatever it stands in."""


def novelai(named: Mapping[str, str]) -> Said | None:
    """NovelAI in a PNG: it names itself, and has the prompt in its comment and as description."""
    if named.get("Software") != "NovelAI":
        return None
    comment = json_of(named.get("Comment", "")) or {}
    return _of({"Description": named.get("Description", ""), **comment}, "prompt", "NovelAI") or (
        named.get("Description", ""),
        "NovelAI",
    )


def easy_diffusion_in_png(named: Mapping[str, str]) -> Said | None:
    """Easy Diffusion in a PNG: each setting a text of its own."""
    return easy_diffusion(named)


def fooocus_in_png(named: Mapping[str, str]) -> Said | None:
    """Fooocus in a PNG: a text of its own says which scheme the parameters follow."""
    if named.get("fooocus_scheme") != "fooocus":
        return None
    return _of(json_of(named.get("parameters", "")), "prompt", "Fooocus")


def invokeai_in_png(named: Mapping[str, str]) -> Said | None:
    """InvokeAI in a PNG: its three generations each have a keyword."""
    if found := invokeai(json_of(named.get("invokeai_metadata", "")) or {}):
        return found
    older = json_of(named.get("sd-metadata", "")) or {}
    image = older.get("image")
    prompt = image.get("prompt") if isinstance(image, Mapping) else None
    if isinstance(prompt, list) and len(prompt) == 1 and isinstance(prompt[0], Mapping):
        prompt = prompt[0].get("prompt")
    if not isinstance(prompt, str):
        command = re.match(r'"(.*)" +-[a-zA-Z]', named.get("Dream", ""), re.DOTALL)
        prompt = command[1] if command else None
    # What it is not to show stands in brackets.
    return (re.sub(r"\[[^\]]*\]", " ", prompt), "InvokeAI") if isinstance(prompt, str) else None


def draw_things(packet: bytes) -> Said | None:
    """Draw Things: JSON as the user's comment in XMP, `c` the prompt and `uc` what it is not."""
    if b"Draw Things" not in packet:
        return None
    said = json_of(_comment_in(packet)) or {}
    return _of(said, "c", "Draw Things") if "uc" in said else None


def _is_fooocus(sign: str) -> bool:
    return sign.startswith("Fooocus")


def _of(said: object, name: str, program: str) -> Said | None:
    prompt = said.get(name) if isinstance(said, Mapping) else None
    return (prompt, program) if isinstance(prompt, str) else None


def _comment_in(packet: bytes) -> str:
    """The text of `exif:UserComment` in an XMP packet; empty if there is none."""
    inside: list[str] = []
    words: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        inside.append(name)
        words.append(attributes.get(_COMMENT, ""))

    def text(piece: str) -> None:
        if _COMMENT in inside:
            words.append(piece)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: inside.pop()
    parser.CharacterDataHandler = text
    try:
        parser.Parse(packet.rstrip(b"\0"), True)  # noqa: FBT003 - what expat calls it
    except (expat.ExpatError, ValueError, LookupError):
        return ""
    return "".join(words).strip()


_COMMENT = "http://ns.adobe.com/exif/1.0/ UserComment"


def _refuse(*_: object) -> None:
    raise ValueError("XMP has no document type")
