// The Compare tab.
Object.assign(imagen, {
  compare(preset, strip, before) {
    const pictures = imagen.data.presets[preset].models.length;
    const {waitingForSeveral} = imagen.data.notices;
    return imagen.begin(waitingForSeveral, strip, before, pictures, '#compare .outcome');
  },

  // What the columns will be, until something is compared.
  preview(preset) {
    for (const each of document.querySelectorAll('#preview [data-preset]')) {
      each.hidden = each.dataset.preset !== preset;
    }
  },

  // The browser's last comparison comes back, unless one is shown.
  unlessShown: (compared) => (imagen.comparison?.value ? null : compared),

  // A column's picture opens in the other tab, by the same event as a tile.
  columns(element, trigger, props) {
    imagen.comparison = props;
    element.addEventListener('click', (event) => {
      const {open} = event.target.closest('[data-open]')?.dataset ?? {};
      if (!open) return;
      // While a picture is drawn there, its place is taken: that is what is to be seen then.
      if (imagen.isWaiting('create')) document.querySelector('#create-button').click();
      else trigger('select', {name: open});
    });
  },

  // What is shown, and named, but not remembered any more, was removed.
  markRemoved(compared) {
    const here = compared?.columns.map(({name}) => name) ?? [];
    for (const each of document.querySelectorAll('#columns [data-name]')) {
      each.classList.toggle('gone', !here.includes(each.dataset.name));
    }
  },

  // The strip is below both tabs, and its words are in the one.
  sayThereToo: (said, there) => (there.kind === 'waiting' ? there : said),
});
