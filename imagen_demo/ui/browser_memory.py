"""What a browser remembers of its visitor, and how a page that is opened again gets it back.

`wiring` connects it. `page` names the boxes: `visitor`, `draft` and `shown`, and `compared`, which
`compare/wiring` fills.
"""

import json

import gradio as gr

from imagen_demo.domain.catalog import MODELS
from imagen_demo.ui import messages
from imagen_demo.ui.create.handlers import Handlers
from imagen_demo.ui.events import IN_THE_BROWSER, QUIET
from imagen_demo.ui.library.handlers import Record
from imagen_demo.ui.options import share_link
from imagen_demo.ui.page import Page

_REMEMBER_INPUTS = "(...inputs) => [inputs]"  # one output, whose value is a list
# Whoever types faster than the page loads keeps what they typed; what an older page remembered,
# or a model that is no longer offered, is forgotten. Prompt first, ratio second, model third.
_RECALL_INPUTS = """(draft, ...current) =>
  Array.isArray(draft) && draft.length === current.length && draft[2] in MODELS && !current[0]
    ? (IS_LINK ? (window.typed = draft, current) : draft) : current""".replace(
    "MODELS", json.dumps(dict.fromkeys(MODELS, True))
).replace("IS_LINK", share_link.IS_LINK)

# Only this browser knows it: whose pictures are whose. Long enough that nobody guesses one.
_INTRODUCE = """(visitor) => visitor || [...crypto.getRandomValues(new Uint8Array(32))]
  .map((byte) => byte.toString(16).padStart(2, '0')).join('')"""

# A page that comes back has forgotten that it was waiting: Gradio reloads it when the demo is
# another process than before. What is still being drawn is better known to that.
_INTERRUPTED = f"""(notice) => {{
  const name = 'imagen-demo-interrupted';
  let tab = {{}};  // where the browser keeps nothing
  try {{ tab = window.sessionStorage; }} catch {{}}
  const interrupted = tab[name] && notice !== {json.dumps(messages.still_drawing())};
  delete tab[name];
  addEventListener('pagehide', () => {{
    if (document.querySelector('.notice.waiting, .notice .gone')) tab[name] = 'yes';
  }});
  return interrupted ? {json.dumps(messages.interrupted())} : notice;
}}"""


def wire_memory(demo: gr.Blocks, page: Page, handlers: Handlers, record: Record) -> None:
    """Connect what the browser keeps: who it is, what was typed, what is shown."""
    # Not the key: what a browser remembers, whoever sits down at it next can read.
    inputs = page.settings
    gr.on(
        # Gradio adds the events to its components at run time.
        [each.change for each in inputs],  # type: ignore[attr-defined]
        js=_REMEMBER_INPUTS,
        inputs=inputs,
        outputs=page.draft,
        **IN_THE_BROWSER,
    )
    demo.load(
        js=_RECALL_INPUTS,
        inputs=[page.draft, *inputs],
        outputs=inputs,
        **IN_THE_BROWSER,
    )
    restored = demo.load(
        handlers.on_load,
        [page.shown, page.visitor],
        [*page.remembered, page.strip],
        **QUIET,
    )
    told = restored.then(
        js=_INTERRUPTED,
        inputs=page.create.notice,
        outputs=page.create.notice,
        **IN_THE_BROWSER,
    )
    # After that, since all three have something to say.
    linked = told.then(
        record.on_link,
        page.prompt,
        [page.create.notice, *inputs],
        js="() => window.typed?.[0] ?? ''",
        **QUIET,
    )
    linked.then(js=share_link.FORGET_LINK, inputs=page.prompt, **IN_THE_BROWSER)
    demo.load(
        js=_INTRODUCE,
        inputs=page.visitor,
        outputs=page.visitor,
        **IN_THE_BROWSER,
    )
