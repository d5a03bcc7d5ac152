// The Create tab: how long the prompt is, and what can be done with a rewrite.
Object.assign(imagen, {
  generate(model, pictures, strip, before) {
    const {waiting, takes} = imagen.data.models[model];
    const several = takes.includes('num_images') ? pictures : 1;
    return imagen.begin(waiting, strip, before, several, '#see');
  },

  // Counts what a person counts: code points, and no space around them. The service may count UTF-16
  // units, of which an emoji has two.
  count(prompt, model) {
    const text = (prompt ?? '').trim();
    const {limit} = imagen.data.models[model];
    const count = [...text].length;
    if (!limit) return {state: '', text: `${count}`};
    const said = `${count} / ${limit}`;
    if (count > limit) return {state: 'over', text: said};
    if (text.length <= limit) return {state: count > limit * 0.9 ? 'near' : '', text: said};
    return {state: 'near', text: `${said} (${imagen.data.vendor} may count ${text.length})`};
  },

  // While the page waits its message is about what comes.
  rewrites(element, trigger) {
    element.addEventListener('click', (event) => {
      const button = event.target.closest('button[data-use]');
      if (!button || imagen.isWaiting('create')) return;
      const {use, model, lock} = button.dataset;
      imagen.state.rewrite = {prompt: use, model};
      trigger(lock === undefined ? 'select' : 'submit');
    });
  },

  use(...settings) {
    imagen.noteTyped(...settings);
    imagen.editPrompt();
    imagen.state.filled = imagen.state.rewrite.prompt;
    return [imagen.state.filled, imagen.data.notices.used];
  },

  // A seed that is there already is the visitor's choice. The model must be one that takes it.
  lock(...settings) {
    imagen.noteTyped(...settings);
    const {prompt, model} = imagen.state.rewrite;
    const typed = settings[imagen.data.settings.indexOf('seed')].trim();
    const any = crypto.getRandomValues(new Uint32Array(1))[0];
    const seed = /^[0-9]+$/.test(typed) && Number(typed) <= imagen.data.maxSeed ? typed : `${any}`;
    imagen.editPrompt();
    imagen.state.filled = prompt;
    const notice = imagen.filledIn(imagen.data.notices.locked, 'SEED', seed);
    return [model, prompt, false, false, seed, notice];
  },

  // One picture fills the screen at a click; of several the clicked one is shown large, until it is
  // clicked again.
  pictures(element, trigger) {
    element.addEventListener('click', ({target}) => {
      const shown = target.closest('figure');
      const pick = target.closest('[data-pick]');
      const isOne = !shown?.parentElement.matches('.several');
      if (shown && (target.closest('[data-fill]') || (pick && isOne))) imagen.fillScreen(shown);
      else if (pick) {
        const isLarge = shown.classList.contains('large');
        for (const each of shown.parentElement.children) each.classList.remove('large');
        shown.classList.toggle('large', !isLarge);
        trigger('select', {path: pick.dataset.pick, place: Number(pick.dataset.place)});
      }
    });
  },

  // Where a browser has no full screen for pictures, as on an iPhone, a page of its own is the most.
  fillScreen(shown) {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (shown.requestFullscreen) shown.requestFullscreen();
    else window.open(shown.querySelector('img').src);
  },

  // The request in three languages and the response, in their listings as soon as these stand: those
  // in a closed accordion come when it opens.
  code(_element, _trigger, props, watch) {
    imagen.listings = {texts: () => props.value, places: {}};
    watch('value', () => {
      for (const [name, place] of Object.entries(imagen.listings.places)) {
        place.textContent = props.value[name];
      }
    });
  },

  listing(name, element) {
    const place = element.querySelector('code');
    imagen.listings.places[name] = place;
    place.textContent = imagen.listings.texts()[name];
    imagen.copies(element);
  },

  // Copies the text that a button holds, or the listing beside it; where the clipboard is closed,
  // offers it selected.
  copies(element) {
    element.addEventListener('click', async (event) => {
      const button = event.target.closest('button[data-copy]');
      if (!button) return;
      const text = button.dataset.copy || element.querySelector('code').textContent;
      const status = button.nextElementSibling;
      try {
        await navigator.clipboard.writeText(text);
        status.textContent = 'Copied.';
      } catch {
        const box = document.createElement('textarea');
        box.readOnly = true;
        box.value = text;
        box.setAttribute('aria-label', 'Text to copy');
        status.replaceChildren('This browser keeps its clipboard closed. Copy it here:', box);
        box.select();
      }
    });
  },

  // A file that the demo has set aside, by its path there.
  download(path) {
    if (!path) return;
    const link = document.createElement('a');
    link.href = `gradio_api/file=${encodeURI(path)}`;
    link.download = path.split('/').pop();
    link.click();
  },
});
