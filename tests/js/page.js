// The page's scripts as a browser runs them, with as much of a browser around them as a test needs.
import {readFileSync} from 'node:fs';
import vm from 'node:vm';

const FOLDER = new URL('../../imagen_demo/ui/static/js/', import.meta.url);
const FILES = ['imagen', 'messages', 'create', 'prices', 'options', 'library', 'compare', 'memory'];

export const FOX = 'models/fox';
export const OWL = 'models/owl';

export const notice = (kind, html = kind) => ({kind, html});

const DATA = {
  settings: ['prompt', 'aspect_ratio', 'model', 'num_images', 'seed'],
  defaults: {aspect_ratio: '1:1', model: FOX, num_images: 1, seed: null},
  models: {
    [FOX]: {
      limit: 10,
      takes: ['num_images', 'seed'],
      price: {tokens: 84_000, documented: '2025-09-18'},
      waiting: notice('waiting', 'a fox'),
    },
    [OWL]: {limit: null, takes: [], price: null, waiting: notice('waiting', 'an owl')},
  },
  presets: {
    seeds: {models: ['', '', ''], hindrances: {[OWL]: 'The owl takes no seed.'}},
    models: {models: [FOX, FOX], hindrances: {}},
  },
  sandboxDraws: false,
  tokensPerDollar: 2_000_000,
  maxSeed: 2 ** 32 - 1,
  largestPrompt: 100,
  createTab: 'create',
  vendor: 'The vendor',
  seedNotes: {none: '', seed: 'no rewriting', cleared: 'no seed'},
  notices: Object.fromEntries(
    [
      'arrived',
      'ended',
      'back',
      'broken',
      'cancelled',
      'gone',
      'interrupted',
      'tooLong',
      'used',
    ].map((name) => [name, notice(name)]),
  ),
  statuses: {linkCopied: 'copied', linkToCopy: '<input value="LINK">'},
};
DATA.notices.locked = notice('done', 'the seed is SEED');
DATA.notices.waitingForSeveral = notice('waiting', 'several');

// What a browser keeps, with what is in it already.
export function storage(kept = {}) {
  const all = new Map(Object.entries(kept));
  return {
    getItem: (name) => all.get(name) ?? null,
    setItem: (name, value) => all.set(name, value),
    removeItem: (name) => all.delete(name),
  };
}

// A page of its own for each test; `more` is what its window has besides.
export function open(more = {}) {
  const prompt = {value: '', focus() {}};
  const document = {
    getElementById: () => ({textContent: JSON.stringify(DATA)}),
    querySelector: (found) => (found === '#prompt textarea' ? prompt : null),
    querySelectorAll: () => [],
    activeElement: null,
    addEventListener() {},
  };
  const listeners = {};
  const window = {
    document,
    prompt,
    listeners,
    innerWidth: 1440,
    crypto: globalThis.crypto,
    Blob,
    URL,
    URLSearchParams,
    location: new URL('https://demo.example/'),
    history: {state: null, replaceState() {}},
    navigator: {clipboard: {writeText: async () => {}}},
    sessionStorage: {},
    localStorage: storage(),
    console,
    setTimeout: () => 0,
    addEventListener: (name, heard) => {
      listeners[name] = heard;
    },
    ...more,
  };
  window.window = window;
  vm.createContext(window);
  for (const name of FILES) {
    vm.runInContext(readFileSync(new URL(`${name}.js`, FOLDER), 'utf8'), window, {filename: name});
  }
  return window;
}

// What a script returned, without the prototypes of its own world.
export const plain = (value) => JSON.parse(JSON.stringify(value));

// A widget that a script sets up: what is clicked in it, and what that triggers.
export function widget() {
  const triggered = [];
  let heard;
  return {
    triggered,
    element: {
      addEventListener: (_, listener) => {
        heard = listener;
      },
    },
    trigger: (name, data) => triggered.push(data ? [name, data] : [name]),
    click: (button, detail = 1) => heard({detail, target: {closest: () => button}}),
  };
}

// A button with its data, as the templates write it.
export function button(dataset) {
  const classes = new Set();
  const classList = {
    add: (name) => classes.add(name),
    remove: (name) => classes.delete(name),
    contains: (name) => classes.has(name),
  };
  return {dataset, classList, setAttribute() {}};
}
