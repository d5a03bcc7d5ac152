// A browser remembers what was typed, and a link carries settings and never a key.
import assert from 'node:assert/strict';
import test from 'node:test';
import {FOX, notice, OWL, open, plain} from './page.js';

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

test('a draft comes back, unless it is of another page or something was typed by now', () => {
  const {imagen} = open();
  assert.deepEqual(plain(imagen.recall(DRAFT, ...NOW)), DRAFT);
  for (const other of [null, 'a fox', DRAFT.slice(1), ['a fox', '1:1', 'models/gone', 1, '']]) {
    assert.deepEqual(plain(imagen.recall(other, ...NOW)), NOW);
  }
  const typed = ['quick', ...NOW.slice(1)];
  assert.deepEqual(plain(imagen.recall(DRAFT, ...typed)), typed);
});

test("a link's settings come instead of the draft, which can be put back", () => {
  const {imagen} = open({location: new URL('https://demo.example/?seed=1')});
  assert.deepEqual(plain(imagen.recall(DRAFT, ...NOW)), NOW);
  assert.equal(greeted(imagen, '', null), 'a fox');
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
