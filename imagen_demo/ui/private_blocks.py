"""Blocks that keep nothing of what a page sent: not in Gradio's log, and not in its memory.

`layout` builds the demo on it. Gradio quotes the inputs of a malformed call in the host's log, and
keeps a copy of each widget and its last value for every session; an API key is among them.
"""

from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.blocks import BlocksConfig
from gradio.components.api_component import Api
from gradio.state_holder import SessionState

_OUTDATED = (
    "This page does not fit the demo behind it, which was updated meanwhile. Nothing was charged. "
    "Reload the page."
)


class PrivateBlocks(gr.Blocks):
    """A demo that remembers of a session no more than it is told to."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Gradio's own options
        """Take what `gr.Blocks` takes."""
        super().__init__(**options)
        self.default_config = _Widgets(self)

    async def preprocess_data(
        self,
        block_fn: BlockFunction,
        inputs: list[Any],
        state: SessionState | None,
        explicit_call: bool = False,  # noqa: FBT001, FBT002 - Gradio's signature
    ) -> list[Any]:
        """Preprocess as usual; refuse what does not fit without quoting it."""
        try:
            values: list[Any] = await super().preprocess_data(
                block_fn, [*inputs, *_left_out(block_fn, inputs)], state, explicit_call
            )
        except Exception:  # noqa: BLE001 - whatever it is, its message may quote a key
            raise gr.Error(_OUTDATED, print_exception=False) from None
        return values


class _Widgets(BlocksConfig):
    """The widgets of the page, of which sessions keep no copies.

    Gradio makes them only for deep links, which are closed here: 12 to 24 ms of everybody's time
    for each new session, and all values that its page sends [gradio 6.31, `SessionState`].
    """

    def __copy__(self) -> "_Uncopied":
        mine = _Uncopied(self.root_block)
        mine.blocks, mine.fns, mine.fn_id = self.blocks.copy(), self.fns.copy(), self.fn_id
        return mine


class _Uncopied(BlocksConfig):
    """One session's view of them."""

    @staticmethod
    def config_for_block(*_: Any, **__: Any) -> dict[str, Any]:  # noqa: ANN401 - Gradio's own
        """Nothing, so that no value is put into it either."""
        return {}


def _left_out(block_fn: BlockFunction, inputs: list[Any]) -> list[Any]:
    """The defaults of an endpoint's last parameters, which plain HTTP may leave out."""
    missing = block_fn.inputs[len(inputs) :]
    return [each.value for each in missing if isinstance(each, Api)]
