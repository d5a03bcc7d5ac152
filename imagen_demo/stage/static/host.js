// The host's own window: what waits is looked up again and again, and one key decides.
const waiting = document.getElementById('waiting');

async function look() {
  const answer = await fetch('stage/waiting', {cache: 'no-store'}).catch(() => null);
  if (answer?.status === 401) location.reload(); // the password is asked for again
  if (!answer?.ok) return;
  const html = await answer.text();
  if (html === waiting.shown) return;
  waiting.shown = html;
  const focused = waiting.contains(document.activeElement) ? document.activeElement : null;
  const said = focused?.getAttribute('aria-label');
  waiting.innerHTML = html;
  const buttons = [...waiting.querySelectorAll('button')];
  if (said)
    (buttons.find((each) => each.getAttribute('aria-label') === said) ?? buttons[0])?.focus();
}

// Without leaving the page, so that a key that is pressed twice meets what is there by then.
async function send(form, button) {
  const body = new URLSearchParams([...new FormData(form, button)]);
  button.disabled = true;
  await fetch(form.getAttribute('action'), {method: 'POST', body}).catch(() => null);
  await look();
}

waiting.addEventListener('submit', (event) => {
  event.preventDefault();
  send(event.target, event.submitter);
});

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('button, a')) return;
  const button = waiting.querySelector(`button[aria-keyshortcuts="${event.key}"]`);
  if (!button || button.disabled) return;
  event.preventDefault();
  send(button.form, button);
});

setInterval(look, 2000);
