"""Rows of small pictures as HTML: the examples, and the visitor's own.

Pure functions that escape every foreign word; `handlers` fills them. Tiles are real buttons, named
by their prompts.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from imagen_demo.ui.messages import escape

NEWEST = 24
"""Own pictures that stand in one row; more come at a click, in several."""

# `select`, `delete`, `clear`, `expand` and `tick` are the events that the page wires. What cannot
# be undone takes two clicks: the first one only arms the button, for a few seconds.
STRIP_CLICKS = """
// Gradio reuses a button for another picture: what it says comes from its own data, always.
const say = (button, text, label) => {
  button.textContent = text;
  button.setAttribute('aria-label', label);
};
const isArmed = (button) => {
  if (button.classList.contains('armed')) return true;
  const {label, armed} = button.dataset;
  button.classList.add('armed');
  say(button, `Really ${armed}?`, `Really? ${label}`);
  setTimeout(() => {
    button.classList.remove('armed');
    say(button, button.dataset.text, button.dataset.label);
  }, 4000);
  return false;
};
// A second click of a double click confirms nothing; and while the page waits, the place of the
// picture belongs to the one that comes.
element.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button || event.detail > 1 || document.querySelector('#create .notice.waiting')) return;
  const {open, remove, all} = button.dataset;
  const whole = Boolean(element.querySelector('.whole'));
  if (open) trigger('select', {name: open});
  if (remove && isArmed(button)) trigger('delete', {name: remove, whole});
  if (all === 'remove' && isArmed(button)) trigger('clear');
  if (all === 'show') trigger('expand', {whole: true});
});
"""

# Whoever waits in front of the page hears of the picture anyway.
ON_THE_WAY = """
// What another tab drew or removed meanwhile.
const lookAgain = () => trigger('tick', {whole: Boolean(element.querySelector('.whole'))});
document.addEventListener('visibilitychange', () => { if (!document.hidden) lookAgain(); });
// A cancel may overtake its click, which the demo then hears of only now.
const hasJustLeft = () =>
  Object.values(window.cancelledAt ?? {}).some((when) => Date.now() - when < 10000);
setInterval(() => {
  const alone = !document.hidden && !document.querySelector('#create .notice.waiting');
  if (alone && (element.querySelector('.coming') || hasJustLeft())) lookAgain();
}, 2000);
"""

_ROW, _WHOLE_ROW = '<div class="tiles">', '<div class="tiles whole">'
_COMING = '<div class="coming">On its way&hellip;</div>'

# From the click on, so that nothing moves under the pointer when the picture arrives.
MAKE_ROOM = f"""(strip, pictures) =>
  strip.replace(/{_ROW}|{_WHOLE_ROW}/, (row) => row + '{_COMING}'.repeat(pictures))"""


# A picture may be dropped anywhere; it goes where "Open a picture" takes it.
DROPS = """
const hasFiles = (event) => event.dataTransfer?.types.includes('Files');
const mark = (on) => document.body.classList.toggle('dropping', on);
document.addEventListener('dragover', (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  mark(true);
});
document.addEventListener('dragleave', (event) => { if (!event.relatedTarget) mark(false); });
document.addEventListener('drop', (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  mark(false);
  const one = new DataTransfer();
  const input = document.querySelector('#yours input[type=file]');  // not yet, where it still loads
  const isBusy = !input || document.querySelector('#create .notice.waiting');
  if (isBusy || !event.dataTransfer.files.length) return;
  one.items.add(event.dataTransfer.files[0]);
  input.files = one.files;
  input.dispatchEvent(new Event('change', {bubbles: true}));
});
"""


@dataclass(frozen=True, slots=True)
class Tile:
    """One small picture.

    Attributes:
        name: What a click tells the server.
        picture: The small picture's file.
        prompt: What it shows.
    """

    name: str
    picture: Path
    prompt: str


def gallery(tiles: Sequence[Tile], *, by: set[str]) -> str:
    """The examples; `by` says who drew them."""
    whose = {
        frozenset({"sandbox"}): "as the sandbox draws them; Imagen does better",
        frozenset({"imagen"}): "recorded from Imagen; a click shows one, and spends nothing",
    }.get(frozenset(by), "a click shows one, and spends nothing")
    shown = "".join(_tile(tile, name) for tile, name in zip(tiles, _names(tiles), strict=True))
    return _section("Examples", whose, shown)


def own(tiles: Sequence[Tile], *, total: int, on_the_way: int) -> str:
    """The visitor's own pictures, newest first, behind those that are still being drawn."""
    if not total and not on_the_way:
        return _section("Your pictures", "each one you make is kept here, for this browser", "")
    coming = _COMING * on_the_way
    shown = "".join(
        f'<div class="own">{_tile(tile, name)}{_remove(tile, name)}</div>'
        for tile, name in zip(tiles, _names(tiles), strict=True)
    )
    hidden = total - len(tiles)
    which = f"the newest {len(tiles)} of {total}" if hidden else f"{total}"
    more = f'<button type="button" data-all="show">Show all {total}</button>' if hidden else ""
    buttons = f"{more}{_remove_all(total)}" if total else ""
    return _section(
        "Your pictures",
        f"{which}, kept for this browser" if total else "",
        f"{coming}{shown}",
        after=buttons,
        whole=len(tiles) > NEWEST,
    )


def _section(name: str, said: str, inner: str, *, after: str = "", whole: bool = False) -> str:
    row = _WHOLE_ROW if whole else _ROW
    return (
        f'<section class="strip" role="group" aria-label="{name}">'
        f"<h2>{name} <small>{said}</small>{after}</h2>{row}{inner}</div></section>"
    )


def _names(tiles: Sequence[Tile]) -> list[str]:
    """What each is called: its prompt, and which of those of one prompt it is."""
    several, so_far = Counter(tile.prompt for tile in tiles), Counter[str]()
    names = []
    for prompt in (tile.prompt for tile in tiles):
        so_far[prompt] += 1
        which = f", {so_far[prompt]} of {several[prompt]}" if several[prompt] > 1 else ""
        names.append(escape(f"{prompt}{which}"))
    return names


def _tile(tile: Tile, name: str) -> str:
    source = f"gradio_api/file={escape(quote(str(tile.picture)))}"
    return (
        f'<button type="button" data-open="{escape(tile.name)}" aria-label="{name}">'
        f'<img src="{source}" alt="" loading="lazy">'
        f'<span dir="auto">{escape(tile.prompt)}</span></button>'
    )


def _remove_all(total: int) -> str:
    return (
        f'<button type="button" data-all="remove" data-armed="remove all {total}" '
        'data-label="Remove all" data-text="Remove all" aria-label="Remove all">Remove all</button>'
    )


def _remove(tile: Tile, name: str) -> str:
    what, label = escape(tile.name), f"Remove {name}"
    return (
        f'<button type="button" class="remove" data-remove="{what}" data-armed="remove" '
        f'data-label="{label}" data-text="&times;" aria-label="{label}">&times;</button>'
    )
