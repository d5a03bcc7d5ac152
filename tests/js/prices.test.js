// What the page says of a price is what the figures say.
import assert from 'node:assert/strict';
import test from 'node:test';
import {FOX, OWL, open, plain} from './page.js';

const DOCUMENTED = 'documented 18 September 2025.';

test('a price has its tokens, dollars, and the day it was documented', () => {
  const {imagen} = open();
  assert.deepEqual(plain(imagen.prices(null, FOX, 1, 'seeds')), [
    `About 84,000 tokens ($0.042), ${DOCUMENTED}`,
    `About 252,000 tokens ($0.126) for 3 pictures, ${DOCUMENTED}`,
  ]);
  assert.match(imagen.prices(null, FOX, 4, 'models')[0], /^About 336,000 tokens \(\$0.168\), /);
});

test('what was charged beats what was documented, for that model and from then on', () => {
  const {imagen} = open();
  imagen.prices({[FOX]: {tokens: 104_000, documented: null}}, FOX, 1, 'seeds');
  const said = 'About 104,000 tokens ($0.052), as charged last time.';
  assert.equal(imagen.prices(null, FOX, 1, 'seeds')[0], said);
});

test('of several the earliest day is said, and none if one price is unknown', () => {
  const {imagen} = open();
  imagen.data.presets.mixed = {models: [FOX, OWL], hindrances: {}};
  assert.equal(imagen.prices(null, FOX, 1, 'mixed')[1], 'No price is documented for this model.');
  const news = {[OWL]: {tokens: 1_000, documented: '2024-01-02'}};
  assert.match(
    imagen.prices(news, FOX, 1, 'mixed')[1],
    /for 2 pictures, documented 2 January 2024/,
  );
  imagen.prices({[OWL]: {tokens: 1_000, documented: null}}, FOX, 1, 'mixed');
  assert.match(imagen.prices(null, FOX, 1, 'mixed')[1], /documented 18 September 2025/);
});

test('of several models the price is their sum, whichever of them is chosen', () => {
  const {imagen} = open();
  const news = {[OWL]: {tokens: 16_000, documented: '2025-09-18'}};
  imagen.data.presets.mixed = {models: [FOX, OWL], hindrances: {}};
  const said = `About 100,000 tokens ($0.05) for 2 pictures, ${DOCUMENTED}`;
  for (const chosen of [FOX, OWL]) {
    assert.equal(imagen.prices(news, chosen, 4, 'mixed')[1], said);
  }
});

test('a model that takes one picture alone is priced for one, and hindered where it cannot', () => {
  const {imagen} = open();
  const news = {[OWL]: {tokens: 200_000, documented: null}};
  assert.deepEqual(plain(imagen.prices(news, OWL, 4, 'seeds')), [
    'About 200,000 tokens ($0.10), as charged last time.',
    'The owl takes no seed.',
  ]);
});

test('the sandbox is said to be free only where it draws', () => {
  const {imagen} = open();
  imagen.data.sandboxDraws = true;
  assert.match(imagen.prices(null, FOX, 1, 'seeds')[0], / The sandbox is free\.$/);
});

// The same as of `domain/wording.dollars`.
for (const [usd, said] of [
  [0, '$0.00'],
  [0.000001, '$0.000001'],
  [0.026, '$0.026'],
  [1.5, '$1.50'],
  [0.1 + 0.2, '$0.30'],
  [100, '$100.00'],
  [1234.5678, '$1234.5678'],
]) {
  test(`${usd} dollars are ${said}`, () => assert.equal(open().imagen.dollars(usd), said));
}
