"""Blocks that forget keys: what a page sent stays out of Gradio's log and out of its memory.

`layout` builds the demo on it. Gradio quotes the inputs of a malformed call in the host's log, and
keeps each session's last inputs for as long as the session; an API key is among them.
"""

from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.components import Textbox
from gradio.components.api_component import Api
from gradio.state_holder import SessionState

_OUTDATED = (
    "This page does not fit the demo behind it, which was updated meanwhile. Nothing was charged. "
    "Reload the page."
)


class DiscreetBlocks(gr.Blocks):
    """A demo whose password boxes leave no trace on the server."""

    async def preprocess_data(
        self,
        block_fn: BlockFunction,
        inputs: list[Any],
        state: SessionState | None,
        explicit_call: bool = False,  # noqa: FBT001, FBT002 - Gradio's signature
    ) -> list[Any]:
        """Preprocess as usual, then forget; refuse what does not fit without quoting it."""
        try:
            values: list[Any] = await super().preprocess_data(
                block_fn, [*inputs, *_left_out(block_fn, inputs)], state, explicit_call
            )
        except Exception:  # noqa: BLE001 - whatever it is, its message may quote a key
            raise gr.Error(_OUTDATED, print_exception=False) from None
        finally:
            if state is not None:
                _forget_passwords(block_fn, state)
        return values


def _left_out(block_fn: BlockFunction, inputs: list[Any]) -> list[Any]:
    """The defaults of an endpoint's last parameters, which plain HTTP may leave out."""
    missing = block_fn.inputs[len(inputs) :]
    return [each.value for each in missing if isinstance(each, Api)]


def _forget_passwords(block_fn: BlockFunction, state: SessionState) -> None:
    for block in block_fn.inputs:
        if isinstance(block, Textbox) and block.type == "password" and block._id in state:  # noqa: SLF001
            state._update_value_in_config(block._id, "")  # noqa: SLF001
