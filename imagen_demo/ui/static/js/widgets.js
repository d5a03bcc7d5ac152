// What Gradio's widgets do not say to those who listen, and do not do for those who type. It has no
// options for any of it (6.31), so their elements are mended as they come.
{
  let groups = 0;
  const MENDED = {
    // One name for a whole group: then the arrow keys move in it, and Tab passes it in one step.
    'fieldset input[type="radio"]': (radio) => {
      const {dataset} = radio.closest('fieldset');
      dataset.group ??= `group-${++groups}`;
      if (radio.name !== dataset.group) radio.name = dataset.group;
    },
    // What a group of radio buttons is about, which Gradio shows and does not say.
    'fieldset:not([aria-label])': (group) => {
      const title = group.querySelector('[data-testid="block-info"]')?.textContent.trim();
      if (title) group.setAttribute('aria-label', title);
    },
    // An accordion says whether it is open, and not that its arrow is a "black left triangle".
    'button.label-wrap': (button) => {
      button.setAttribute('aria-expanded', button.classList.contains('open'));
      button.querySelector('.icon')?.setAttribute('aria-hidden', 'true');
    },
    '[role="tabpanel"]': (panel) => panel.setAttribute('aria-labelledby', `${panel.id}-button`),
    // A message is read out by a place that was there before it.
    '.notice': (notice) => notice.parentElement.setAttribute('aria-live', 'polite'),
    '#prompt textarea': (prompt) => {
      prompt.dir = 'auto';
    },
  };

  // A row of tiles that goes on beyond its edge shows it there (`static/css/library`).
  let looking = 0;
  const showMore = () => {
    cancelAnimationFrame(looking);
    looking = requestAnimationFrame(() => {
      for (const row of document.querySelectorAll('.tiles')) {
        const right = row.scrollWidth - row.clientWidth - row.scrollLeft;
        row.classList.toggle('came-from', row.scrollLeft > 1);
        row.classList.toggle('goes-on', right > 1);
      }
    });
  };
  document.addEventListener('scroll', showMore, {capture: true, passive: true});
  addEventListener('resize', showMore);

  // Whoever used a button that is gone goes on beside it, not at the top of the page.
  let trail = [];
  const keepFocus = () => {
    if (document.activeElement !== document.body || !trail.length || trail[0].isConnected) return;
    const near = trail
      .filter(
        (each) => each.isConnected && each !== document.body && each !== document.documentElement,
      )
      .flatMap((each) => [...each.querySelectorAll('button, a, input, textarea')])
      .find((each) => each.checkVisibility({visibilityProperty: true}));
    near?.focus({preventScroll: true});
  };

  document.addEventListener('focusin', ({target}) => {
    trail = [];
    for (let each = target; each; each = each.parentElement) trail.push(each);
  });
  // A click elsewhere is a way to leave, and stays one.
  document.addEventListener(
    'pointerdown',
    () => {
      trail = [];
    },
    {capture: true},
  );
  new MutationObserver(() => {
    for (const [found, mend] of Object.entries(MENDED)) {
      document.querySelectorAll(found).forEach(mend);
    }
    keepFocus();
    showMore();
  }).observe(document, {
    subtree: true,
    childList: true,
    attributeFilter: ['class', 'name', 'tabindex'],
  });
}
