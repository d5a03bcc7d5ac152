"""What a page sent is forgotten once it is answered, and sessions copy nothing."""

from copy import copy

import gradio as gr
from gradio.state_holder import SessionState

from imagen_demo.ui.private_blocks import PrivateBlocks
from tests.loops import run

KEY = "ca9a4709aaaa4111bbbb222233334444"


def demo_with_a_key() -> PrivateBlocks:
    demo = PrivateBlocks()
    with demo:
        prompt, api_key = gr.Textbox(), gr.Textbox(type="password")
        visit = gr.State([])
        gr.Button().click(str, [prompt, api_key, visit], None)
    return demo


def test_no_session_remembers_what_its_page_sent() -> None:
    demo = demo_with_a_key()
    state = SessionState(demo)

    values = run(demo.preprocess_data(demo.fns[0], ["A lake", KEY, None], state))

    assert values == ["A lake", KEY, []]
    kept = f"{vars(state)} {[vars(each) for each in state.blocks_config.blocks.values()]}"
    assert "A lake" not in kept
    assert KEY not in kept


def test_a_session_copies_no_widget_and_shares_none_of_its_own() -> None:
    demo = demo_with_a_key()
    one, other = SessionState(demo), SessionState(demo)
    assert not any(one.config_values.values())
    kinds = {type(block): number for number, block in demo.blocks.items()}
    visit, button = kinds[gr.State], kinds[gr.Button]
    one[visit].append("a picture")
    one[button] = gr.Button("changed", render=False)
    assert other[visit] == []
    assert other[button] is demo.blocks[button]
    assert one[button] is not other[button]


def test_what_a_session_is_made_of_is_all_that_gradio_copies() -> None:
    """A later Gradio may give its sessions more; then `private_blocks` has to know of it."""
    demo = demo_with_a_key()
    ours = copy(demo.default_config)
    with gr.Blocks() as plain:
        gr.Textbox()
    assert vars(ours).keys() == vars(copy(plain.default_config)).keys()
    assert ours.blocks == demo.default_config.blocks
    assert ours.fns == demo.default_config.fns
    assert ours.fn_id == demo.default_config.fn_id
