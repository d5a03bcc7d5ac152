"""The "Options" accordion: every field of the API that a newcomer need not meet.

`rules` says how they depend on each other; `ui/layout` puts the accordion in its place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

from imagen_demo.domain import wording
from imagen_demo.domain.catalog import (
    DEFAULT_MODEL,
    MAX_NUM_IMAGES,
    MODELS,
    RESOLUTIONS,
    TOKENS_PER_USD,
    Model,
)
from imagen_demo.domain.model_status import Standing
from imagen_demo.ui import messages
from imagen_demo.ui.events import IN_THE_BROWSER, QUIET
from imagen_demo.ui.options import rules

_PEOPLE = [("Adults", "allow_adult"), ("Nobody", "dont_allow")]
_SAFETY = [
    ("Strict", "block_low_and_above"),
    ("Medium", "block_medium_and_above"),
    ("Few blocks", "block_only_high"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The accordion's widgets, named as in the API."""

    model: gr.Radio
    num_images: gr.Radio
    seed: gr.Textbox
    reuse_seed: gr.Button
    random_seed: gr.Button
    note: gr.HTML
    enhance_prompt: gr.Checkbox
    person_generation: gr.Radio
    safety_setting: gr.Radio
    add_watermark: gr.Checkbox
    resolution: gr.Radio
    enable_web_search: gr.Checkbox

    @property
    def inputs(self) -> dict[str, Component]:
        """Every option by its name in the API, the model's too."""
        return {"model": self.model} | {name: getattr(self, name) for name in rules.OPTIONS}


def place_options() -> Options:
    """Put the accordion here, closed."""
    with gr.Accordion("Options", open=False, elem_id="options"):
        model = gr.Radio(
            described(),
            value=DEFAULT_MODEL,
            label="Model",
        )
        num_images = gr.Radio(
            list(range(1, MAX_NUM_IMAGES + 1)), value=1, label="Number of pictures"
        )
        enhance_prompt = gr.Checkbox(value=True, label="Rewrite my prompt")
        # A text box: an empty gr.Number turns into a 0 on its way, and 0 is a seed.
        seed = gr.Textbox(
            label="Seed",
            value="",
            placeholder="random",
            info="The same seed and prompt make the same picture.",
        )
        with gr.Row(elem_id="seed-buttons"):
            reuse_seed = gr.Button("Reuse the last", size="sm", min_width=0)
            random_seed = gr.Button("Random", size="sm", min_width=0)
        note = gr.HTML(rules.NO_NOTE, apply_default_css=False, elem_classes="quiet")
        person_generation = gr.Radio(_PEOPLE, value="allow_adult", label="People")
        safety_setting = gr.Radio(_SAFETY, value="block_medium_and_above", label="Safety filter")
        add_watermark = gr.Checkbox(value=False, label="Invisible watermark")
        resolution = gr.Radio(list(RESOLUTIONS), value="1K", label="Resolution", visible=False)
        enable_web_search = gr.Checkbox(value=False, label="Search the web first", visible=False)
    return Options(
        model=model,
        num_images=num_images,
        seed=seed,
        reuse_seed=reuse_seed,
        random_seed=random_seed,
        note=note,
        enhance_prompt=enhance_prompt,
        person_generation=person_generation,
        safety_setting=safety_setting,
        add_watermark=add_watermark,
        resolution=resolution,
        enable_web_search=enable_web_search,
    )


def wire_options(
    options: Options, shown: gr.BrowserState, on_reuse: Callable[[object], list[Any]]
) -> None:
    """Let the options settle what excludes what, each change with a line of why.

    Args:
        options: What `place_options` returned.
        shown: The browser's memory of the last picture.
        on_reuse: Takes that picture's seed. Returns seed and a note.
    """
    every = [getattr(options, name) for name in rules.OPTIONS]
    settled = [options.enhance_prompt, options.add_watermark, options.note]
    with_seed = [options.reuse_seed, options.random_seed, options.note]
    options.model.change(rules.fit, options.model, [*every, *with_seed], **QUIET)
    seed = [options.seed, options.note]
    options.seed.change(
        js=rules.ON_SEED, inputs=[options.seed, *settled], outputs=settled, **IN_THE_BROWSER
    )
    options.reuse_seed.click(on_reuse, shown, seed, **QUIET)
    options.random_seed.click(js=rules.ON_RANDOM, outputs=seed, **IN_THE_BROWSER)
    for switch in (options.enhance_prompt, options.add_watermark):
        switch.input(
            js=rules.ON_SWITCH,
            inputs=[switch, options.seed],
            outputs=seed,
            **IN_THE_BROWSER,
        )


def described(standing: Callable[[str], Standing | None] | None = None) -> list[tuple[str, str]]:
    """What a visitor chooses between: each model's name, price, patience, and how it stands."""
    return [
        (_facts(each) + messages.standing(each, standing(each.id) if standing else None), each.id)
        for each in MODELS.values()
    ]


def _facts(model: Model) -> str:
    facts = []
    if model.tokens_per_picture is not None:
        facts.append(wording.dollars(model.tokens_per_picture / TOKENS_PER_USD))
    if model.usual_seconds:
        facts.append("{} to {} s".format(*model.usual_seconds))
    return f"{model.label} ({', '.join(facts)})" if facts else model.label
