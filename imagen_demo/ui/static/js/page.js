// What the page as a whole needs besides its widgets' own scripts. `launch` puts it in the head.

// Where a browser keeps nothing, not even asking for its storage is allowed, and Gradio's page would
// not start: there the page remembers until it is closed.
try { window.localStorage.length; } catch {
  const kept = new Map();
  Object.defineProperty(window, 'localStorage', {value: {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, String(value)),
    removeItem: (name) => kept.delete(name),
    key: (place) => [...kept.keys()][place] ?? null,
    clear: () => kept.clear(),
    get length() { return kept.size; },
  }});
}

// What Gradio's widgets do not say to those who listen, and do not do for those who type. It has no
// options for any of it (6.31), so their elements are mended as they come.
let groups = 0;
const MENDED = {
  // One name for a whole group: then the arrow keys move in it, and Tab passes it in one step.
  'fieldset input[type="radio"]': (radio) => {
    const {dataset} = radio.closest('fieldset');
    dataset.group ??= `group-${++groups}`;
    if (radio.name !== dataset.group) radio.name = dataset.group;
  },
  // An accordion says whether it is open, and not that its arrow is a "black left triangle".
  'button.label-wrap': (button) => {
    button.setAttribute('aria-expanded', button.classList.contains('open'));
    button.querySelector('.icon')?.setAttribute('aria-hidden', 'true');
  },
  '[role="tabpanel"]': (panel) => panel.setAttribute('aria-labelledby', `${panel.id}-button`),
  // A message is read out by a place that was there before it.
  '.notice': (notice) => notice.parentElement.setAttribute('aria-live', 'polite'),
  '#prompt textarea': (prompt) => { prompt.dir = 'auto'; },
  '#picture [aria-label="Empty value"]': (place) => place.setAttribute('role', 'img'),
  // A button in a link is one stop too many; the link does it all.
  '#picture a > button': (button) => { if (button.tabIndex >= 0) button.tabIndex = -1; },
  // CodeMirror's name for what scrolls; read-only, it holds nothing that takes the focus.
  '.cm-scroller': (listing) => { if (listing.tabIndex) listing.tabIndex = 0; },
};

// Gradio makes a button of the picture, and nothing of a click on it.
document.addEventListener('click', ({target}) => {
  if (!target.closest?.('#picture button:has(img)')) return;
  document.querySelector('#picture button[aria-label*="ullscreen"]')?.click();
});

// Whoever used a button that is gone goes on beside it, not at the top of the page.
let trail = [];
const keepFocus = () => {
  if (document.activeElement !== document.body || !trail.length || trail[0].isConnected) return;
  const near = trail.filter((each) => each.isConnected)
    .flatMap((each) => [...each.querySelectorAll('button, a, input, textarea')])
    .find((each) => each.checkVisibility({visibilityProperty: true}));
  near?.focus({preventScroll: true});
};

document.addEventListener('focusin', ({target}) => {
  trail = [];
  for (let each = target; each; each = each.parentElement) trail.push(each);
});
// A click elsewhere is a way to leave, and stays one.
document.addEventListener('pointerdown', () => { trail = []; }, {capture: true});
new MutationObserver(() => {
  for (const [found, mend] of Object.entries(MENDED)) {
    document.querySelectorAll(found).forEach(mend);
  }
  keepFocus();
}).observe(document, {subtree: true, childList: true, attributeFilter: ['class', 'name', 'tabindex']});
