// A seed and what makes it useless exclude each other, with a line of why.
import assert from 'node:assert/strict';
import test from 'node:test';
import {open, plain} from './page.js';

test('a seed switches off what makes it useless', () => {
  const {imagen} = open();
  assert.deepEqual(plain(imagen.onSeed('7', true, true, '')), [false, false, 'no rewriting']);
});

test('without one nothing changes, but the note that spoke of it goes', () => {
  const {imagen} = open();
  assert.deepEqual(plain(imagen.onSeed(' ', true, false, 'no rewriting')), [true, false, '']);
  assert.deepEqual(plain(imagen.onSeed(undefined, true, false, 'other')), [true, false, 'other']);
});

test('what makes a seed useless clears it, once switched on', () => {
  const {imagen} = open();
  assert.deepEqual(plain(imagen.onSwitch(true, '7')), ['', 'no seed']);
  assert.deepEqual(plain(imagen.onSwitch(false, '7')), ['7', '']);
  assert.deepEqual(plain(imagen.onSwitch(true, ' ')), [' ', '']);
  assert.deepEqual(plain(imagen.onRandom()), ['', '']);
});
