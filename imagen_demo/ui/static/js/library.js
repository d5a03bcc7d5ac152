// The pictures that are there already, and those that are dropped on the page.
Object.assign(imagen, {
  // A strip's tiles. What cannot be undone takes two clicks: the first one only arms the button, for
  // a few seconds.
  tiles(element, trigger, props) {
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
      if (!button || event.detail > 1 || imagen.isWaiting('create')) return;
      const {open, remove, all} = button.dataset;
      if (open) trigger('select', {name: open});
      if (remove && isArmed(button)) trigger('delete', {name: remove, whole: props.value.whole});
      if (all === 'remove' && isArmed(button)) trigger('clear');
      if (all === 'show') trigger('expand', {whole: true});
    });
  },

  // The visitor's own: what another tab drew or removed meanwhile, and what is on its way while
  // nobody waits in front of the page, who would hear of it anyway.
  ownTiles(element, trigger, props) {
    imagen.tiles(element, trigger, props);
    const lookAgain = () => trigger('tick', {whole: props.value.whole});
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) lookAgain();
    });
    setInterval(() => {
      const isAlone = !document.hidden && !imagen.isWaiting('create');
      // A cancel may overtake its click, which the demo then hears of only now.
      const hasJustLeft = Object.keys(imagen.state.cancelledAt).some((tab) =>
        imagen.hasJustLeft(tab, 10_000),
      );
      if (props.value.coming) imagen.state.newest ??= imagen.newest(props.value);
      if (isAlone && (props.value.coming || hasJustLeft)) lookAgain();
    }, 2000);
    imagen.takeDrops();
  },

  // What was said to come by itself is there, or has failed: what is newest now tells.
  arrived(notice, strip) {
    if (strip.coming) return notice;
    const before = imagen.state.newest,
      now = imagen.newest(strip);
    imagen.state.newest = null;
    if (notice.kind !== 'still drawing') return notice;
    return before !== null && now !== before
      ? imagen.data.notices.arrived
      : imagen.data.notices.ended;
  },

  newest: (strip) => strip.tiles.match(/data-open="([^"]*)"/)?.[1] ?? '',

  // A picture may be dropped anywhere; it goes where "Open a picture" takes it.
  takeDrops() {
    const hasFiles = (event) => event.dataTransfer?.types.includes('Files');
    const mark = (on) => document.body.classList.toggle('dropping', on);
    document.addEventListener('dragover', (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      mark(true);
    });
    document.addEventListener('dragleave', (event) => {
      if (!event.relatedTarget) mark(false);
    });
    document.addEventListener('drop', (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      mark(false);
      const input = document.querySelector('#yours input[type=file]'); // once it has loaded
      if (!input || imagen.isWaiting('create') || !event.dataTransfer.files.length) return;
      const one = new DataTransfer();
      one.items.add(event.dataTransfer.files[0]);
      input.files = one.files;
      input.dispatchEvent(new Event('change', {bubbles: true}));
    });
  },

  // A picture that fills in its settings must not cost a prompt that took an hour to write. What a
  // picture filled in is nothing typed: whoever clicks through ten examples gets their own back.
  typed: (prompt) => (prompt === imagen.state.filled ? (imagen.state.typed?.[0] ?? '') : prompt),

  typedBeside: (file, prompt, visitor) => [file, imagen.typed(prompt), visitor],

  noteTyped(...settings) {
    const {typed, filled} = imagen.state;
    if (!typed || settings[0] !== filled) imagen.state.typed = settings;
  },

  putBack() {
    imagen.editPrompt();
    return [...imagen.state.typed, imagen.data.notices.back];
  },

  // Settings were filled in: they show in their tab. On a phone the picture is a screen away from
  // the tile that was touched.
  noteFilled(prompt) {
    imagen.state.filled = prompt;
    setTimeout(() => {
      // once its tab is the open one
      if (document.activeElement === document.body) {
        document.querySelector('#create-button').focus();
      }
      const see = document.querySelector('#see'),
        {top} = see.getBoundingClientRect();
      const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
      if (top >= 0 && top <= innerHeight / 2) return;
      see.scrollIntoView({behavior: calm ? 'auto' : 'smooth'});
    }, 100);
    return ['', {__type__: 'update', selected: imagen.data.createTab}];
  },
});
