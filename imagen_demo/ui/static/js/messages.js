// Messages: how long something takes by now, that it was cancelled, that it broke.
Object.assign(imagen, {
  // A tab's message: its clock, and the buttons that offer a successor and the prompt that was typed.
  message(tab, element, trigger, props) {
    imagen.messages[tab] = props;
    let since = null;
    setInterval(() => {
      const clock = element.querySelector('.clock');
      since = clock ? (since ?? Date.now()) : null;
      if (!clock) return;
      const seconds = Math.round((Date.now() - since) / 1000);
      clock.textContent = `${seconds} s. `;
      // Gradio tells no listener when the demo is not there any more.
      if (seconds % 3 === 2)
        fetch('gradio_api/app_id').catch(() => {
          if (imagen.isWaiting(tab)) props.value = imagen.data.notices.gone;
        });
    }, 1000);
    element.addEventListener('click', (event) => {
      const {model, undo} = event.target.closest('button')?.dataset ?? {};
      if (model) trigger('select', {model});
      if (undo !== undefined) trigger('undo');
    });
  },

  // From the click on: the message says what is awaited, the strip has a place for it, and what was
  // said of a sheet or a link is over. A click while one is awaited draws nothing, and says nothing.
  begin(notice, strip, before, pictures, place) {
    if (before.kind === 'waiting') return [before, strip, ''];
    imagen.closeOptions(); // which lie over the picture's place
    // Where the page is one column, what was asked for comes a screen below the button.
    if (innerWidth <= 900) setTimeout(() => document.querySelector(place)?.scrollIntoView(), 100);
    return [notice, {...strip, coming: strip.coming + pictures}, ''];
  },

  cancel(tab) {
    // Until Gradio's browser side knows that a call was recalled, another click of the same button
    // is none to it, though the page has begun to wait: so nothing can be clicked until then.
    imagen.hold(true);
    setTimeout(imagen.hold, 5000, false);
    imagen.state.cancelledAt[tab] = Date.now();
    return imagen.data.notices.cancelled;
  },

  // To Gradio a cancelled call has failed, too; the page has already said better what happened.
  failed(tab, notice) {
    if (imagen.hasJustLeft(tab, 5000)) return notice;
    const size = new Blob([document.querySelector('#prompt textarea').value]).size;
    const {tooLong, broken} = imagen.data.notices;
    return size > imagen.data.largestPrompt ? tooLong : broken;
  },

  hasJustLeft: (tab, milliseconds) =>
    Date.now() - (imagen.state.cancelledAt[tab] ?? 0) < milliseconds,

  hold(held) {
    for (const button of imagen.buttons()) button.disabled = held;
  },

  // Whoever is at Cancel, which hides, goes on where they began.
  release() {
    const here = document.activeElement;
    const isLost = here === document.body || here.classList.contains('cancel');
    imagen.hold(false);
    const next = imagen.buttons().find((button) => button.checkVisibility());
    if (isLost) next?.focus({preventScroll: true});
  },

  buttons: () => [...document.querySelectorAll('#generate, #compare-now')],

  // Enter in the prompt presses the button of the tab that is open.
  press: () =>
    imagen
      .buttons()
      .find((button) => button.checkVisibility())
      ?.click(),
});
