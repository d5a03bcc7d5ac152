// One request at a time: what a click, Cancel and a fault make of the page.
import assert from 'node:assert/strict';
import test from 'node:test';
import {notice, open, plain} from './page.js';

const STRIP = {coming: 0};

test('a click while one is awaited changes nothing', () => {
  const {imagen} = open();
  const before = notice('waiting', 'the first');
  const clicked = imagen.begin(notice('waiting', 'the second'), STRIP, before, 1, '#see');
  assert.deepEqual(plain(clicked), [before, STRIP, '']);
});

test('on a narrow page the picture comes into view, on a wide one it is there', () => {
  for (const [innerWidth, times] of [
    [375, 1],
    [1440, 0],
  ]) {
    let looked = 0;
    const {imagen} = open({innerWidth, setTimeout: () => looked++});
    imagen.begin(notice('waiting'), STRIP, notice('opening'), 1, '#see');
    assert.equal(looked, times);
  }
});

test('a cancelled call is no fault, for a while and in its tab alone', () => {
  const {imagen} = open();
  const said = imagen.cancel('create');
  assert.equal(said.kind, 'cancelled');
  assert.equal(imagen.failed('create', said), said);
  assert.equal(imagen.failed('compare', said).kind, 'broken');
  imagen.state.cancelledAt.create -= 6_000;
  assert.equal(imagen.failed('create', said).kind, 'broken');
});

test('a prompt that no call can carry is said to be too long', () => {
  const {imagen, prompt} = open();
  prompt.value = 'é'.repeat(50);
  assert.equal(imagen.failed('create', notice('waiting')).kind, 'broken');
  prompt.value += 'e';
  assert.equal(imagen.failed('create', notice('waiting')).kind, 'tooLong');
});

test('the buttons are held while a call is recalled, and let go after it', () => {
  const page = open();
  const button = {disabled: false, checkVisibility: () => true, focus() {}};
  page.document.querySelectorAll = () => [button];
  page.document.activeElement = {classList: {contains: () => false}};
  page.imagen.cancel('create');
  assert.equal(button.disabled, true);
  page.imagen.release();
  assert.equal(button.disabled, false);
});
