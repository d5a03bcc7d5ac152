// A browser remembers what was typed, and a link carries settings and never a key.
import assert from 'node:assert/strict';
import test from 'node:test';
import {FOX, notice, OWL, open, plain, storage} from './page.js';

// What the demo is told of somebody who arrives.
function greeted(imagen, visitor, shown) {
  let said;
  imagen.arrival(null, (_event, {typed}) => {
    said = typed;
  });
  imagen.arrive(visitor, shown);
  return said;
}

const NOW = ['', '16:9', FOX, 1, ''];
const DRAFT = ['a fox', '1:1', OWL, 1, ''];

// The settings that a page is opened with, after who its visitor is, and what was shown and compared.
const recalled = (imagen, now = NOW) => plain(imagen.recall(...now)).slice(3);

test('a draft comes back, unless it is of another page or something was typed by now', () => {
  const {imagen} = open();
  imagen.remember(...DRAFT);
  assert.deepEqual(recalled(imagen), DRAFT);
  const typed = ['quick', ...NOW.slice(1)];
  assert.deepEqual(recalled(imagen, typed), typed);
  for (const other of [null, 'a fox', DRAFT.slice(1), ['a fox', '1:1', 'models/gone', 1, '']]) {
    imagen.keep('draft', other);
    assert.deepEqual(recalled(imagen), NOW);
  }
});

test("a link's settings come instead of the draft, which can be put back", () => {
  const {imagen} = open({location: new URL('https://demo.example/?seed=1')});
  imagen.remember(...DRAFT);
  assert.deepEqual(recalled(imagen), NOW);
  assert.equal(greeted(imagen, '', null), 'a fox');
});

// The demo gives a browser something to keep under a name.
function give(localStorage, name, value) {
  const props = {value};
  let heard;
  const {imagen} = open({localStorage});
  imagen.remembered(name, null, null, props, (_, watch) => {
    heard = watch;
  });
  heard();
}

// What a page that is opened knows: its visitor, what was shown, what was compared.
const known = (localStorage) => plain(open({localStorage}).imagen.recall(...NOW)).slice(0, 3);

test('what the demo gives a browser to keep is there when the page is opened again', () => {
  const localStorage = storage();
  assert.deepEqual(known(localStorage), [null, null, null]);
  give(localStorage, 'visitor', 'abc');
  give(localStorage, 'shown', {pictures: ['a "quoted" fox']});
  assert.deepEqual(known(localStorage), ['abc', {pictures: ['a "quoted" fox']}, null]);
  give(localStorage, 'shown', null);
  assert.deepEqual(known(localStorage), ['abc', null, null]);
});

test("what is no memory of this page's is none, and what finds no room is no failure", () => {
  assert.deepEqual(known(storage({'imagen-demo-visitor': 'aGVsbG8=:d29ybGQ='}))[0], null);
  const setItem = () => {
    throw new Error('full');
  };
  const warned = [];
  const full = open({localStorage: {setItem}, console: {warn: (said) => warned.push(said)}});
  full.imagen.keep('draft', DRAFT);
  assert.match(String(warned), /full/);
});

test('a newcomer asks the demo nothing, and everybody else one thing', () => {
  const {imagen} = open();
  imagen.sayHello = () => {};
  const visitor = imagen.arrive('', null);
  assert.match(visitor, /^[0-9a-f]{64}$/);
  assert.equal(imagen.arrive(visitor, {}), visitor);
  assert.equal(greeted(imagen, '', null), undefined);
  assert.equal(greeted(imagen, visitor, null), '');
  assert.equal(greeted(imagen, '', {pictures: []}), '');
  const linked = open({location: new URL('https://demo.example/?prompt=a')});
  assert.equal(greeted(linked.imagen, '', null), '');
});

test('a visitor is told apart by 64 digits that nobody guesses, once and for all', () => {
  const {imagen} = open();
  const visitor = imagen.introduce('');
  assert.match(visitor, /^[0-9a-f]{64}$/);
  assert.notEqual(imagen.introduce(''), visitor);
  assert.equal(imagen.introduce(visitor), visitor);
});

test('a link has what differs from what the API would do anyway', async () => {
  let copied = '';
  const writeText = async (text) => {
    copied = text;
  };
  const {imagen} = open({navigator: {clipboard: {writeText}}});
  assert.equal(await imagen.copyLink('a & b', '16:9', FOX, 1, ''), 'copied');
  assert.equal(
    copied,
    `https://demo.example/?prompt=a+%26+b&aspect_ratio=16%3A9&model=models%2Ffox`,
  );
  await imagen.copyLink('a', '1:1', FOX, 2, '7');
  assert.match(copied, /&num_images=2&seed=7$/);
  await imagen.copyLink('a', '1:1', OWL, 2, '7');
  assert.doesNotMatch(copied, /num_images|seed/);
});

test('where the clipboard is closed the link can be copied by hand, and is no markup', async () => {
  const writeText = () => Promise.reject(new Error('closed'));
  const {imagen} = open({navigator: {clipboard: {writeText}}});
  const said = await imagen.copyLink('"><b>$&', '1:1', FOX, 1, '');
  assert.match(said, /^<input value="https:\/\/demo\.example\/\?prompt=[^"<>$]*">$/);
});

test('a link is forgotten once its settings are there, and nothing else of the address is', () => {
  let left = null;
  const {imagen} = open({
    location: new URL('https://demo.example/?seed=1&__theme=dark'),
    history: {
      state: null,
      replaceState: (_state, _title, url) => {
        left = url;
      },
    },
  });
  imagen.forgetLink('a fox');
  assert.equal(left.search, '?__theme=dark');
  assert.equal(imagen.state.filled, 'a fox');
});

test('a page that was left while it waited says so when it comes back', () => {
  const sessionStorage = {};
  const first = open({sessionStorage});
  const before = notice('opening');
  assert.equal(first.imagen.interrupted(before), before);
  for (const [kind, said] of [
    ['waiting', 'interrupted'],
    ['gone', 'interrupted'],
    ['done', 'opening'],
  ]) {
    first.imagen.messages.create = {value: notice(kind)};
    first.listeners.pagehide();
    assert.equal(open({sessionStorage}).imagen.interrupted(before).kind, said);
  }
});

test('what is still being drawn was not interrupted, and a link is what is to be seen', () => {
  const still = notice('still drawing');
  const left = () => ({'imagen-demo-interrupted': 'yes'});
  assert.equal(open({sessionStorage: left()}).imagen.interrupted(still), still);
  const linked = open({
    sessionStorage: left(),
    location: new URL('https://demo.example/?prompt=a'),
  });
  const filled = notice('opening');
  assert.equal(linked.imagen.interrupted(filled), filled);
});
