// The Compare tab: what is shown stays, what was removed goes.
import assert from 'node:assert/strict';
import test from 'node:test';
import {button, notice, open, plain, widget} from './page.js';

test('a comparison comes back only where none is shown', () => {
  const {imagen} = open();
  const compared = {preset: 'seeds'};
  assert.equal(imagen.unlessShown(compared), compared);
  imagen.columns({addEventListener() {}}, () => {}, {value: '<div>'});
  assert.equal(imagen.unlessShown(compared), null);
});

test('a click makes room for every column', () => {
  const {imagen} = open();
  assert.equal(imagen.compare('seeds', {coming: 0}, notice('opening'))[1].coming, 3);
});

test('what is said of the strip is said in both tabs, but not over what is awaited', () => {
  const {imagen} = open();
  const said = notice('opening', 'Removed.');
  assert.equal(imagen.sayThereToo(said, notice('done')), said);
  assert.equal(imagen.sayThereToo(said, notice('waiting')).kind, 'waiting');
});

test('only columns whose picture is remembered still show it', () => {
  const page = open();
  const gone = {};
  const column = (name) => ({
    dataset: {name},
    classList: {
      toggle: (_, on) => {
        gone[name] = on;
      },
    },
  });
  page.document.querySelectorAll = () => [column('a'), column('b')];
  page.imagen.markRemoved({columns: [{name: 'a'}, {name: ''}]});
  assert.deepEqual(gone, {a: false, b: true});
});

test("a column's picture opens in the other tab, unless that one waits", () => {
  let went = 0;
  const page = open();
  page.document.querySelector = () => ({click: () => went++});
  const columns = widget();
  page.imagen.columns(columns.element, columns.trigger);
  columns.click(button({open: 'a'}));
  columns.click(null);
  page.imagen.messages.create = {value: notice('waiting')};
  columns.click(button({open: 'b'}));
  assert.deepEqual(plain(columns.triggered), [['select', {name: 'a'}]]);
  assert.equal(went, 1);
});
