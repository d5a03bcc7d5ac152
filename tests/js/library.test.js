// A picture's settings come into the boxes, and what was typed comes back out.
import assert from 'node:assert/strict';
import test from 'node:test';
import {button, notice, open, plain, widget} from './page.js';

test('what was typed is the last thing that no picture filled in', () => {
  const {imagen} = open();
  imagen.noteTyped('mine', '1:1');
  assert.equal(imagen.typed('mine'), 'mine');
  imagen.noteFilled('a fox');
  imagen.noteTyped('a fox', '16:9');
  assert.equal(imagen.typed('a fox'), 'mine');
  assert.deepEqual(plain(imagen.typedBeside('file', 'a fox', 'me')), ['file', 'mine', 'me']);
  imagen.noteTyped('mine again', '3:4');
  assert.deepEqual(plain(imagen.putBack()).slice(0, 2), ['mine again', '3:4']);
});

test('a filled-in prompt that nobody typed before is nothing typed', () => {
  const {imagen} = open();
  imagen.noteFilled('a fox');
  assert.equal(imagen.typed('a fox'), '');
});

test('filling in opens the tab that shows it', () => {
  const {imagen} = open();
  assert.equal(imagen.noteFilled('a fox')[1].selected, 'create');
});

test('what was to come by itself is said to be there once nothing is on its way', () => {
  const {imagen} = open();
  const still = notice('still drawing');
  const strip = (coming, ...names) => ({
    coming,
    tiles: names.map((name) => `<button data-open="${name}">`).join(''),
  });
  assert.equal(imagen.arrived(still, strip(1, 'a')), still);
  for (const [before, now, kind] of [
    ['a', strip(0, 'b', 'a'), 'arrived'],
    ['', strip(0, 'a'), 'arrived'],
    ['a', strip(0, 'a'), 'ended'],
    [null, strip(0, 'a'), 'ended'], // nobody saw it come
  ]) {
    imagen.state.newest = before;
    assert.equal(imagen.arrived(still, now).kind, kind);
    assert.equal(imagen.state.newest, null);
  }
  assert.equal(imagen.arrived(notice('done'), strip(0)).kind, 'done');
});

test('removing takes two clicks, which a double click is not', () => {
  const {imagen} = open();
  const strip = widget();
  imagen.tiles(strip.element, strip.trigger, {value: {whole: true}});
  for (const [data, said] of [
    [{remove: 'a'}, ['delete', {name: 'a', whole: true}]],
    [{all: 'remove'}, ['clear']],
  ]) {
    const one = button(data);
    strip.click(one);
    strip.click(one, 2);
    assert.deepEqual(plain(strip.triggered), []);
    strip.click(one);
    assert.deepEqual(plain(strip.triggered.splice(0)), [said]);
  }
});

test('a tile opens and a row grows at a click, but not while a picture is awaited', () => {
  const {imagen} = open();
  const strip = widget();
  imagen.tiles(strip.element, strip.trigger, {value: {whole: false}});
  const clicks = () => {
    for (const data of [{open: 'a'}, {all: 'show'}]) strip.click(button(data));
    return plain(strip.triggered.splice(0));
  };
  assert.deepEqual(clicks(), [
    ['select', {name: 'a'}],
    ['expand', {whole: true}],
  ]);
  imagen.messages.create = {value: notice('waiting')};
  assert.deepEqual(clicks(), []);
});

test("only one's own strip looks again, while something is on its way and nobody waits", () => {
  const ticks = [];
  const page = open({setInterval: (tick) => ticks.push(tick)});
  page.document.addEventListener = () => {};
  const [examples, own] = [widget(), widget()];
  page.imagen.tiles(examples.element, examples.trigger, {value: ''});
  assert.equal(ticks.length, 0);
  const props = {value: {coming: 0, whole: false, tiles: '<button data-open="a">'}};
  page.imagen.ownTiles(own.element, own.trigger, props);
  const looked = () => {
    ticks[0]();
    return own.triggered.splice(0).length;
  };
  assert.equal(looked(), 0);
  assert.equal(page.imagen.state.newest, null);
  props.value.coming = 1;
  assert.equal(looked(), 1);
  assert.equal(page.imagen.state.newest, 'a');
  page.imagen.messages.create = {value: notice('waiting')};
  assert.equal(looked(), 0);
  page.imagen.messages.create = {value: notice('opening')};
  page.document.hidden = true;
  assert.equal(looked(), 0);
});

test('a file that is dropped while a picture is awaited goes nowhere', () => {
  const heard = {};
  let taken = 0;
  class DataTransfer {
    items = {add() {}};
  }
  const page = open({DataTransfer, Event});
  page.document.addEventListener = (name, listener) => {
    heard[name] = listener;
  };
  page.document.body = {classList: {toggle() {}}};
  page.document.querySelector = () => ({dispatchEvent: () => taken++});
  page.imagen.takeDrops();
  const drop = {dataTransfer: {types: ['Files'], files: ['a file']}, preventDefault() {}};
  page.imagen.messages.create = {value: notice('waiting')};
  heard.drop(drop);
  assert.equal(taken, 0);
  page.imagen.messages.create = {value: notice('done')};
  heard.drop(drop);
  assert.equal(taken, 1);
});
