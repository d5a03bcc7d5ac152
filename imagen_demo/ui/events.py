"""What the wiring of every panel shares: how its events look, and what a browser does by itself.

`wiring`, `ui/compare/wiring` and `ui/library/wiring` connect the widgets with it.
"""

import json
from collections.abc import Callable
from typing import Any

import gradio as gr

from imagen_demo.ui import messages
from imagen_demo.ui.compare.panel import Compare
from imagen_demo.ui.create.panel import Create
from imagen_demo.ui.outputs import Update

OnSheet = Callable[[object], list[Update]]

# The notice says that something goes on, so no spinner does; and none of this is for programs.
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
IN_THE_BROWSER: dict[str, Any] = {"fn": None, "api_visibility": "private"}

# A picture that fills in its settings must not cost a prompt that took an hour to write. What a
# picture filled in is nothing typed: whoever clicks through ten examples gets their own back.
TYPED = "(prompt) => prompt === window.filled ? window.typed?.[0] ?? '' : prompt"
NOTE_TYPED = """(...settings) => {
  if (!window.typed || settings[0] !== window.filled) window.typed = settings;
}"""
_DOWNLOAD = """(sheet) => {
  if (!sheet) return;
  const link = document.createElement('a');
  link.href = sheet.url;
  link.download = sheet.orig_name;
  link.click();
}"""


EDIT_PROMPT = "document.querySelector('#prompt textarea').focus();"

# Where the page is one column, what was asked for comes a screen below the button.
LOOK_THERE = """(place) => {
  if (innerWidth <= 900) setTimeout(() => document.querySelector(place)?.scrollIntoView(), 100);
}"""

_WHEN = "(window.cancelledAt ??= {})"  # by the name of the notice


LARGEST_PROMPT = 60 * 1024
"""Bytes. With more, `server/body_limits` refuses the call; the rest of one has 4 KB."""

_GO = "document.querySelectorAll('#generate, #compare-now')"

# Until Gradio's browser side knows that a call was recalled, another click of the same button is
# none to it, though the page has begun to wait: so nothing can be clicked until then.
_HOLD = f"""const hold = (held) => {_GO}.forEach((button) => {{ button.disabled = held; }});
  hold(true);
  setTimeout(hold, 5000, false);"""
# Whoever is at Cancel, which hides, goes on where they began.
RELEASE = f"""() => {{
  const here = document.activeElement;
  const isLost = here === document.body || here.classList.contains('cancel');
  {_GO}.forEach((button) => {{
    button.disabled = false;
    if (isLost && button.checkVisibility()) button.focus({{preventScroll: true}});
  }});
}}"""


def cancel(label: str) -> str:
    """In the browser: say in the notice of this name that nobody waits any more."""
    said = json.dumps(messages.cancelled(label))
    return f"() => {{ {_HOLD} {_WHEN}[{json.dumps(label)}] = Date.now(); return {said}; }}"


def broken(label: str) -> str:
    """In the browser: say in the notice of this name that the demo broke, or why it did not."""
    # To Gradio a cancelled call has failed, too; the page has already said better what happened.
    when = f"{_WHEN}[{json.dumps(label)}] ?? 0"
    return f"""(notice) => {{
      if (Date.now() - ({when}) < 5000) return notice;
      const prompt = document.querySelector('#prompt textarea').value;
      return new Blob([prompt]).size > {LARGEST_PROMPT}
        ? {json.dumps(messages.too_long(label))} : {json.dumps(messages.broken(label))};
    }}"""


def wire_sheet(tab: Create | Compare, on_sheet: OnSheet, memory: gr.BrowserState) -> None:
    """Let a tab's button make the sheet of what the browser remembers, and download it."""
    outputs = [tab.sheet_file, tab.keep_status]
    made = tab.sheet.click(on_sheet, memory, outputs, **QUIET)
    made.then(js=_DOWNLOAD, inputs=tab.sheet_file, **IN_THE_BROWSER)
