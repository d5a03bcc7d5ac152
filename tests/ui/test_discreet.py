"""What a page sent is forgotten once it is answered."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import anyio
import gradio as gr
from gradio.state_holder import SessionState

from imagen_demo.ui.discreet import DiscreetBlocks

KEY = "ca9a4709aaaa4111bbbb222233334444"


def test_no_session_remembers_what_a_password_box_held() -> None:
    demo = DiscreetBlocks()
    with demo:
        prompt, api_key = gr.Textbox(), gr.Textbox(type="password")
        gr.Button().click(str, [prompt, api_key], None)
    state = SessionState(demo)
    call = demo.fns[0]

    with ThreadPoolExecutor(1) as elsewhere:  # a browser test may have a loop running in this one
        sent: list[Any] = ["A lake", KEY]
        preprocess = partial(demo.preprocess_data, call, sent, state)
        values = elsewhere.submit(anyio.run, preprocess).result()

    assert values == ["A lake", KEY]
    assert "A lake" in str(state.config_values)
    assert KEY not in str(state.config_values)
