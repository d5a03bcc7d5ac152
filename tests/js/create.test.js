// The prompt is counted as a person counts, and a rewrite is used without losing what was typed.
import assert from 'node:assert/strict';
import test from 'node:test';
import {FOX, OWL, open, plain} from './page.js';

for (const [prompt, model, said] of [
  ['  a fox ', FOX, {state: '', text: '5 / 10'}],
  [null, FOX, {state: '', text: '0 / 10'}],
  ['🦊🦊🦊', FOX, {state: '', text: '3 / 10'}],
  ['🦊'.repeat(6), FOX, {state: 'near', text: '6 / 10 (The vendor may count 12)'}],
  ['🦊'.repeat(11), FOX, {state: 'over', text: '11 / 10'}],
  ['ten letter', FOX, {state: 'near', text: '10 / 10'}],
  ['eleven letter', FOX, {state: 'over', text: '13 / 10'}],
  ['eleven letter', OWL, {state: '', text: '13'}],
]) {
  test(`"${prompt}" counts as ${said.text}`, () => {
    assert.deepEqual(plain(open().imagen.count(prompt, model)), said);
  });
}

test('using a rewrite keeps the prompt that was typed', () => {
  const {imagen} = open();
  imagen.state.rewrite = {prompt: 'a red fox', model: FOX};
  const [prompt, said] = imagen.use('a fox', '1:1', FOX, 1, '');
  assert.equal(prompt, 'a red fox');
  assert.equal(said.kind, 'used');
  assert.deepEqual(plain(imagen.putBack()).slice(0, 2), ['a fox', '1:1']);
});

test('locking takes the seed that is there, if it is one, else any', () => {
  const {imagen} = open();
  imagen.state.rewrite = {prompt: 'a red fox', model: FOX};
  const locked = plain(imagen.lock('a fox', '1:1', OWL, 1, ' 4711 '));
  assert.deepEqual(locked.slice(0, 5), [FOX, 'a red fox', false, false, '4711']);
  assert.equal(locked[5].html, 'the seed is 4711');
  for (const typed of ['', 'none', `${2 ** 32}`, '-1']) {
    const seed = imagen.lock('a fox', '1:1', FOX, 1, typed)[4];
    assert.match(seed, /^[0-9]+$/);
    assert.notEqual(seed, typed);
  }
});

test('a click makes room for as many pictures as the model draws', () => {
  const {imagen} = open();
  const strip = {tiles: 't', coming: 1};
  const before = {kind: 'opening'};
  assert.equal(imagen.generate(FOX, 3, strip, before)[1].coming, 4);
  assert.equal(imagen.generate(OWL, 3, strip, before)[1].coming, 2);
  assert.equal(imagen.generate(OWL, 3, strip, before)[0].html, 'an owl');
});
