// A seed works only without rewriting and watermark. What depends on it is settled here, where no
// answer can overtake what the visitor does next; a box in a closed accordion may have no value.
Object.assign(imagen, {
  onSeed(typed, rewriting, watermark, note) {
    const {seed, none} = imagen.data.seedNotes;
    if (typed?.trim()) return [false, false, seed];
    return [rewriting, watermark, note === seed ? none : note];
  },

  onSwitch(isOn, typed) {
    const {cleared, none} = imagen.data.seedNotes;
    return isOn && typed?.trim() ? ['', cleared] : [typed, none];
  },

  onRandom: () => ['', imagen.data.seedNotes.none],

  // Where they lie over the page they are closed by what lies below; in the page's flow this would
  // move what is clicked.
  closeOptions() {
    const button = document.querySelector('#options > .open');
    const layers = button && [button.parentElement, button.nextElementSibling];
    if (!layers?.some((each) => /absolute|fixed/.test(getComputedStyle(each).position)))
      return false;
    button.click();
    return true;
  },
});

for (const event of ['pointerdown', 'focusin']) {
  document.addEventListener(event, ({target}) => {
    if (!target.closest('#ask')) imagen.closeOptions();
  });
}
document.addEventListener('keydown', ({key}) => {
  if (key === 'Escape' && imagen.closeOptions()) document.querySelector('#options button').focus();
});
