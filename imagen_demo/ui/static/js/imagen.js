// All that the page does by itself, without asking the demo: one object, which the other files fill.
// `ui/wiring` and its siblings call it by name; what it knows and says comes from `ui/page_data`.
window.imagen = {
  data: JSON.parse(document.getElementById('imagen-data').textContent),
  state: {
    typed: null, // the settings from before a picture's were filled in, the prompt first
    filled: null, // the prompt that was filled in
    rewrite: null, // what "Use this prompt" and "Lock this rewrite" were pressed for
    newest: null, // the visitor's newest picture while another one is still being drawn
    cancelledAt: {}, // when, by the tab's name
    visitor: '', // what only this browser knows: whose pictures are whose
    isPresenting: false, // or about to
  },
  messages: {}, // each tab's message as Gradio has it: `messages.create.value.kind`

  isWaiting: (tab) => imagen.messages[tab]?.value.kind === 'waiting',

  // What a message says, with something of the page's own in the place of a word in capitals.
  filledIn: (notice, word, text) => ({...notice, html: notice.html.replace(word, text)}),

  editPrompt: () => document.querySelector('#prompt textarea').focus(),
};
