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
});
