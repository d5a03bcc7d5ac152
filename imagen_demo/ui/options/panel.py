"""The "Options" accordion: every field of the API that a newcomer need not meet.

`rules` says how they depend on each other; `ui/layout` puts the accordion in its place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from imagen_demo.domain import wording
from imagen_demo.domain.catalog import DEFAULT_MODEL, MODELS, OPTIONS, TOKENS_PER_USD, Model
from imagen_demo.domain.model_status import Standing
from imagen_demo.domain.option import Option
from imagen_demo.ui import messages
from imagen_demo.ui.events import QUIET, in_the_browser
from imagen_demo.ui.options import rules
from imagen_demo.ui.outputs import Handler, into

_ABOVE_THE_SEED = ("num_images", "enhance_prompt")

Widget = gr.Radio | gr.Checkbox | gr.Textbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The accordion's widgets; `widgets` are those of `rules.OPTIONS`, by their names."""

    model: gr.Radio
    widgets: dict[str, Widget]
    reuse_seed: gr.Button
    random_seed: gr.Button
    note: gr.HTML

    @property
    def inputs(self) -> dict[str, Widget]:
        """Every option by its name in the API, the model's too."""
        return {"model": self.model} | {name: self.widgets[name] for name in rules.OPTIONS}


def place_options() -> Options:
    """Put the accordion here, closed."""
    below = [name for name in rules.OPTIONS if name not in {*_ABOVE_THE_SEED, "seed"}]
    with gr.Accordion("Options", open=False, elem_id="options"):
        model = gr.Radio(
            described(), value=DEFAULT_MODEL, label=OPTIONS["model"].label, elem_id="model"
        )
        widgets = {name: _widget(OPTIONS[name]) for name in _ABOVE_THE_SEED}
        with gr.Row(elem_id="seed"):
            widgets["seed"] = _widget(OPTIONS["seed"])
            reuse_seed = gr.Button("Reuse the last", size="sm", min_width=0)
            random_seed = gr.Button("Random", size="sm", min_width=0)
        note = gr.HTML(rules.NO_NOTE, apply_default_css=False, elem_classes="quiet")
        widgets |= {name: _widget(OPTIONS[name]) for name in below}
    return Options(
        model=model,
        widgets=widgets,
        reuse_seed=reuse_seed,
        random_seed=random_seed,
        note=note,
    )


def _widget(option: Option) -> Widget:
    said: dict[str, Any] = {
        "value": option.default,
        "label": option.label,
        "info": option.info,
        "visible": option.name in MODELS[DEFAULT_MODEL].options,
    }
    if option.is_switch:
        return gr.Checkbox(**said)
    if option.default is None:
        # A text box: an empty gr.Number turns into a 0 on its way, and 0 is a seed.
        return gr.Textbox(**said | {"value": ""}, placeholder="random")
    if option.limits:
        low, high = option.limits
        return gr.Radio(list(range(low, high + 1)), **said)
    named = [(word, choice) for choice, word in option.words.items()]
    return gr.Radio(named or list(option.choices), **said)


def wire_options(options: Options, shown: gr.HTML, on_reuse: Handler) -> None:
    """Let the options settle what excludes what, each change with a line of why.

    Args:
        options: What `place_options` returned.
        shown: The browser's memory of the last picture.
        on_reuse: Takes that picture's seed.
    """
    every = [options.widgets[name] for name in rules.OPTIONS]
    with_seed = [options.reuse_seed, options.random_seed, options.note]
    options.model.change(rules.fit, options.model, [*every, *with_seed], **QUIET)
    typed = options.widgets["seed"]
    switches = [options.widgets[name] for name in ("enhance_prompt", "add_watermark")]
    settled, seed = [*switches, options.note], {"seed": typed, "seed_note": options.note}
    typed.change(inputs=[typed, *settled], outputs=settled, **in_the_browser("onSeed"))
    options.reuse_seed.click(inputs=shown, **into(on_reuse, seed), **QUIET)
    options.random_seed.click(outputs=list(seed.values()), **in_the_browser("onRandom"))
    for switch in switches:
        switch.input(
            inputs=[switch, typed], outputs=list(seed.values()), **in_the_browser("onSwitch")
        )


def described(standing: Callable[[str], Standing | None] | None = None) -> list[tuple[str, str]]:
    """What a visitor chooses between: each model's name, price, patience, and how it stands."""
    return [
        (_row(each, standing(each.id) if standing else None), each.id) for each in MODELS.values()
    ]


def _row(model: Model, now: Standing | None) -> str:
    # A radio button's label is plain text: the style makes columns of its tabs, and lines of its
    # lines.
    facts = [model.label]
    if model.tokens_per_picture is not None:
        facts.append(wording.dollars(model.tokens_per_picture / TOKENS_PER_USD))
    if model.usual_seconds:
        facts.append("{} to {} s".format(*model.usual_seconds))
    return "\n".join(filter(None, ["\t".join(facts), messages.standing(model, now)]))
