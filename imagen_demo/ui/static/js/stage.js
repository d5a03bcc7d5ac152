// The way to the stage, which is loaded when somebody calls it; and who lets the room see theirs.
Object.assign(imagen, {
  // Says what is wrong where there can be none.
  async present() {
    if (imagen.state.isPresenting) return '';
    imagen.state.isPresenting = true;
    const ended = () => {
      imagen.state.isPresenting = false;
    };
    try {
      const {present} = await import(new URL('stage/files/present.js', document.baseURI));
      const dialog = await present(imagen.state.visitor);
      dialog.addEventListener('close', ended);
      return '';
    } catch {
      ended();
      return imagen.data.statuses.noStage;
    }
  },

  // P, wherever nobody types.
  presentByKey(event) {
    const {key, target, ctrlKey, metaKey, altKey} = event;
    const types = target.closest?.('input:not([type=radio], [type=checkbox]), textarea, select');
    if (key.toLowerCase() !== 'p' || ctrlKey || metaKey || altKey || types) return;
    [...document.querySelectorAll('.present')].find((each) => each.checkVisibility())?.click();
  },

  ON_STAGE: 'imagen-demo-on-stage',

  noteOnStage: (on) => {
    localStorage.setItem(imagen.ON_STAGE, on ? 'yes' : '');
    return [];
  },
  wasOnStage: () => localStorage.getItem(imagen.ON_STAGE) === 'yes',
});

document.addEventListener('keydown', imagen.presentByKey);
