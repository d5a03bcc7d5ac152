// What a browser remembers, and the links that carry settings.
Object.assign(imagen, {
  // A name that is fixed, or it would not outlive a restart. What finds no room is forgotten.
  keep(name, value) {
    const place = `imagen-demo-${name}`;
    try {
      if (value === null) localStorage.removeItem(place);
      else localStorage.setItem(place, JSON.stringify(value));
    } catch (full) {
      console.warn(full);
    }
  },

  kept(name) {
    try {
      return JSON.parse(localStorage.getItem(`imagen-demo-${name}`));
    } catch {
      return null; // another's, or an older page's
    }
  },

  // A widget that nobody sees: its value comes back with the draft, and the demo is told of it; what
  // the demo makes of it is kept.
  remembered(name, _element, _trigger, props, watch) {
    watch('value', () => imagen.keep(name, props.value));
  },

  remember: (...settings) => imagen.keep('draft', settings),

  recall: (...current) => [
    ...['visitor', 'shown', 'compared'].map(imagen.kept),
    ...imagen.draft(imagen.kept('draft'), ...current),
  ],

  // Whoever types faster than the page loads keeps what they typed; what an older page remembered,
  // or a model that is no longer offered, is forgotten. A link's settings come instead.
  draft(draft, ...current) {
    const model = imagen.data.settings.indexOf('model');
    const fits =
      Array.isArray(draft) &&
      draft.length === current.length &&
      draft[model] in imagen.data.models &&
      !current[0];
    if (!fits) return current;
    if (!imagen.isLink()) return draft;
    imagen.state.typed = draft;
    return current;
  },

  // Whoever is new here needs nothing that is not in the page already, and asks the demo nothing.
  arrival(_element, trigger) {
    imagen.sayHello = (typed) => trigger('submit', {typed});
  },

  arrive(visitor, shown) {
    const isNew = !visitor && !shown && !imagen.isLink();
    if (!isNew) imagen.sayHello(imagen.state.typed?.[0] ?? '');
    imagen.state.visitor = imagen.introduce(visitor);
    return imagen.state.visitor;
  },

  // Only this browser knows it: whose pictures are whose. Long enough that nobody guesses one.
  introduce: (visitor) =>
    visitor ||
    [...crypto.getRandomValues(new Uint8Array(32))]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join(''),

  // A page that comes back has forgotten that it was waiting: Gradio reloads it when the demo is
  // another process than before. What is still being drawn is better known to that, and what a
  // link filled in is what is to be seen.
  interrupted(notice) {
    const memory = imagen.ofThisTab();
    const wasLeft = memory[imagen.LEFT_WAITING];
    delete memory[imagen.LEFT_WAITING];
    const isNews = wasLeft && notice.kind !== 'still drawing' && !imagen.isLink();
    return isNews ? imagen.data.notices.interrupted : notice;
  },

  noteLeaving() {
    const kinds = Object.values(imagen.messages).map(({value}) => value.kind);
    if (!kinds.includes('waiting') && !kinds.includes('gone')) return;
    imagen.ofThisTab()[imagen.LEFT_WAITING] = 'yes';
  },

  LEFT_WAITING: 'imagen-demo-interrupted',

  ofThisTab() {
    try {
      return window.sessionStorage;
    } catch {
      return {}; // where the browser keeps nothing
    }
  },

  isLink() {
    const query = new URLSearchParams(location.search);
    return imagen.data.settings.some((name) => query.has(name));
  },

  // What the API would do anyway is left out; a seed that is not set is an empty text here.
  async copyLink(...values) {
    const {settings, defaults, models, statuses} = imagen.data;
    const taken = models[values[settings.indexOf('model')]]?.takes ?? [];
    const query = new URLSearchParams();
    settings.forEach((name, place) => {
      const value = values[place];
      const differs = taken.includes(name) && value !== defaults[name] && value !== '';
      const always = ['prompt', 'aspect_ratio', 'model'].includes(name);
      if (always || differs) query.set(name, value ?? '');
    });
    const link = `${location.origin}${location.pathname}?${query}`;
    try {
      await navigator.clipboard.writeText(link);
      return statuses.linkCopied;
    } catch {
      return statuses.linkToCopy.replace('LINK', () => link); // encoded: no mark of HTML is in it
    }
  },

  // Once its settings are on the page a link has done its work: a refresh must not bring them back
  // over what was typed since.
  forgetLink(prompt) {
    if (imagen.isLink()) imagen.state.filled = prompt;
    const url = new URL(location.href);
    for (const name of imagen.data.settings) url.searchParams.delete(name);
    history.replaceState(history.state, '', url);
  },
});

addEventListener('pagehide', imagen.noteLeaving);
