"""The prompt in a graph of ComfyUI's, where the graph leads to one and no other.

`foreign` asks it. From each sampler the way leads back over its positive input to a text; what
chooses, mixes or makes up texts is not followed, since it would have to be run.
"""

from collections.abc import Iterator, Mapping

PROGRAM = "ComfyUI"

_WAYS = ("positive", "guider", "conditioning")
"""Inputs that lead from a sampler towards its text, over what only changes the strength."""

_TEXTS = ("text", "text_g", "text_l", "t5xxl", "clip_l", "prompt", "string", "value")
"""Inputs that hold a text, or lead to one."""

_FARTHEST = 50
"""Nodes between a sampler and its text: more than any way that a person laid has."""

_Node = Mapping[str, object]


def prompt_of(said: Mapping[str, object] | None) -> tuple[str, str] | None:
    """Return the prompt of a graph, empty if it names none or several; None if it is no graph."""
    graph: dict[str, _Node] = {
        name: node
        for name, node in (said or {}).items()
        if isinstance(node, Mapping) and isinstance(node.get("class_type"), str)
    }
    if not graph:
        return None
    samplers = [node for node in graph.values() if "Sampler" in str(node["class_type"])]
    starts = [node for node in samplers if _inputs(node).keys() & {"positive", "guider"}]
    found = {text for node in starts for text in _texts(graph, node)}
    (only,) = found if len(found) == 1 else ("",)
    return only or "", PROGRAM


def _inputs(node: _Node) -> Mapping[str, object]:
    inputs = node.get("inputs")
    return inputs if isinstance(inputs, Mapping) else {}


def _texts(graph: Mapping[str, _Node], start: _Node) -> Iterator[str | None]:
    """The texts that a node leads to; None for a way that ends without one."""
    node = start
    for _ in range(_FARTHEST):
        inputs = _inputs(node)
        way = next((inputs[name] for name in _WAYS if name in inputs), None)
        if way is None:
            ends = [inputs[name] for name in _TEXTS if name in inputs]
            yield from (_text(graph, end) for end in ends or [None])
            return
        after = _linked(graph, way)
        if after is None:
            break
        node = after
    yield None


def _text(graph: Mapping[str, _Node], end: object) -> str | None:
    """A text, or that of the one node which does nothing but hold it."""
    if isinstance(end, str):
        return end
    holder = _linked(graph, end)
    held = [value for value in _inputs(holder).values() if isinstance(value, str)] if holder else []
    return held[0] if holder and len(held) == 1 == len(_inputs(holder)) else None


def _linked(graph: Mapping[str, _Node], link: object) -> _Node | None:
    """The node that an input leads to: `["6", 0]`."""
    if not isinstance(link, list) or not link:
        return None
    return graph.get(str(link[0]))
