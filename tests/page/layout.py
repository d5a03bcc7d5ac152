"""Questions to the layout as a whole, for any engine: scripts that return what is wrong with it."""

_TOOLS = """
  // What lies above the page on purpose: what opens there, and Generate on a phone.
  const LAYERS = '#options > :last-child, #options:has(> .open), #go, #go-compare, '
    + '.tools, .remove';
  const clips = (style) => /auto|scroll|hidden|clip/.test(style.overflowX + style.overflowY);
  const nameOf = (it) => {
    const [start] = it.outerHTML.match(/^<[^>]*>/) ?? [it.nodeName];
    return `${start.slice(0, 90)} in ${it.closest('[id]')?.id}`;
  };
  // What of it is seen: within the window, and within each of its parents that cut.
  const seen = (it) => {
    let {left, top, right, bottom} = it.getBoundingClientRect();
    [left, top] = [Math.max(left, 0), Math.max(top, 0)];
    [right, bottom] = [Math.min(right, innerWidth), Math.min(bottom, innerHeight)];
    for (let each = it.parentElement; each; each = each.parentElement) {
      if (!clips(getComputedStyle(each))) continue;
      const box = each.getBoundingClientRect();
      [left, top] = [Math.max(left, box.left), Math.max(top, box.top)];
      [right, bottom] = [Math.min(right, box.right), Math.min(bottom, box.bottom)];
    }
    return {left, top, right, bottom};
  };
  const isSeen = (it) => it.checkVisibility({visibilityProperty: true, opacityProperty: true});
"""

OVERLAPS = f"""(() => {{{_TOOLS}
  // Neighbours in a row, a column or a grid, in the page's flow: none lies over another.
  const found = [];
  for (const row of document.querySelectorAll('.gradio-container *')) {{
    if (!/flex|grid/.test(getComputedStyle(row).display) || !row.checkVisibility()) continue;
    const boxes = [...row.children]
      .filter((it) => it.checkVisibility())
      .filter((it) => !/absolute|fixed/.test(getComputedStyle(it).position))
      .map((it) => [it, it.getBoundingClientRect()])
      .filter(([, box]) => box.width > 1 && box.height > 1);
    boxes.forEach(([one, a], place) => boxes.slice(place + 1).forEach(([other, b]) => {{
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 5 && down > 5) found.push(`${{nameOf(one)}} and ${{nameOf(other)}}`);
    }}));
  }}
  return found;
}})()"""
"""Neighbours of which one lies over the other; a margin may draw them together by a hair."""

COVERED = f"""(() => {{{_TOOLS}
  const found = [];
  const what = 'button, a, input, textarea, label, h1, h2, p, dt, dd, pre, img, .tiles span';
  for (const it of document.querySelectorAll(what)) {{
    if (!isSeen(it) || getComputedStyle(it).pointerEvents === 'none') continue;
    const {{left, top, right, bottom}} = seen(it);
    if (right - left < 6 || bottom - top < 6) continue;
    for (const x of [left + 3, (left + right) / 2, right - 3]) {{
      const hit = document.elementFromPoint(x, (top + bottom) / 2);
      const isOwn = it.contains(hit) || hit?.contains(it) || hit?.closest('label')?.contains(it);
      const layer = hit?.closest(LAYERS), isLayer = layer && layer !== it.closest(LAYERS);
      if (!hit || isOwn || isLayer) continue;
      found.push(`${{nameOf(it)}} under ${{nameOf(hit)}}`);
      break;
    }}
  }}
  return found;
}})()"""
"""What the window shows with something else lying over it that is no layer on purpose."""

STICKS_OUT = f"""(() => {{{_TOOLS}
  const found = [];
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) found.push(`the page is ${{wide}} px wider than the window`);
  for (const it of document.querySelectorAll('.gradio-container *')) {{
    if (!isSeen(it) || it.closest('.tiles, svg, [aria-hidden="true"]')) continue;
    const box = it.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    if (box.left < -1 || box.right > innerWidth + 1) found.push(nameOf(it));
    // A column's parts are within it, but for what lies on a layer of its own.
    const column = it.closest('#ask, #see, #strips, #create > div > .column, .panel, .way');
    const layer = it.closest(LAYERS);
    if (!column || (layer && !layer.contains(column))) continue;
    const around = column.getBoundingClientRect();
    if (box.left < around.left - 4 || box.right > around.right + 4) found.push(nameOf(it));
  }}
  return found;
}})()"""
"""What is wider than its column or the window."""

CUT_OFF = """(() => [...document.querySelectorAll('#story *')]
  .filter((it) => it.checkVisibility() && it.innerText?.trim())
  .filter((it) => !it.closest('.tiles, .asked, [aria-hidden="true"], [role="tablist"]'))
  .filter((it) => /hidden|clip/.test(getComputedStyle(it).overflow))
  .filter((it) => it.scrollHeight > it.clientHeight + 2 || it.scrollWidth > it.clientWidth + 2)
  .map((it) => it.outerHTML.slice(0, 200)))()"""
"""Text that does not fit where it stands.

The captions of tiles and the line of the prompt under a message end in dots on purpose. A tab is as
tall as it is, and letters twice as large just fit.
"""

BARS = """(() => [...document.querySelectorAll('body *')].flatMap((it) => {
  const style = getComputedStyle(it);
  if (!/auto|scroll/.test(style.overflow) || !it.checkVisibility()) return [];
  const width = (side) => parseFloat(style[`border${side}Width`]);
  const across = it.offsetHeight - it.clientHeight - width('Top') - width('Bottom');
  const down = it.offsetWidth - it.clientWidth - width('Left') - width('Right');
  const name = it.id || it.className.split(' ')[0] || it.nodeName;
  return across > 1 || down > 1 ? [[name, Math.round(across), Math.round(down)]] : [];
}))()"""
"""Whatever has a scrollbar of its own: its name; how thick the bar across and the bar down are."""

SHOWS_FOCUS = """(it) => [it, it.closest('label'), it.parentElement].some((each) => {
  const style = each && getComputedStyle(each);
  const outline = style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  return outline || (style && style.boxShadow !== 'none' && /\\d+px [1-9]/.test(style.boxShadow));
})"""
"""Whether it shows the focus: by an outline, by a ring of shadow, or by its label's."""
