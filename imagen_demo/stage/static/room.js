// The room's stage: what visitors let be shown comes up by itself, everybody's newest first.
import {Stage} from './stage.js';

const AGAIN = 2000; // milliseconds until it is asked what is on now

const stage = new Stage(document.querySelector('.stage'), {
  load: async () => null, // only what came up before is gone back to
  does: {
    round: () => {
      held = !held;
      stage.root.querySelector('[data-does=round]').setAttribute('aria-pressed', !held);
      stage.say(held ? 'The stage is held.' : 'The stage goes on.');
    },
    off: async () => {
      if (!stage.shown) return;
      const body = new URLSearchParams({action: 'off', name: stage.shown});
      await fetch('stage/host', {method: 'POST', body}).catch(() => null);
      look();
    },
  },
});
const every = new URLSearchParams(location.search).get('round') ?? ''; // seconds, if more than usual
const empty = stage.ground.firstElementChild;
let held = false; // nothing new comes up
let last = ''; // what came up last

async function asked(address) {
  const answer = await fetch(address, {cache: 'no-store'});
  if (answer.status === 401) location.reload(); // the password is asked for again
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

async function look() {
  const query = new URLSearchParams({showing: stage.shown, last, every});
  if (held) query.set('hold', 'yes');
  const now = await stage.answers(asked(`stage/now?${query}`)).catch(() => null);
  if (!now) return; // what is here stays on
  if (now.gone) takeDown(stage.shown);
  if (!now.slide) return;
  const holder = document.createElement('template');
  holder.innerHTML = now.slide;
  last = now.current;
  stage.slides.set(last, holder.content.querySelector('article'));
  stage.hold([last, ...stage.names.filter((each) => each !== last)]);
  stage.show(last);
}

// For good: it is not among those that can be gone back to, either.
function takeDown(name) {
  stage.names = stage.names.filter((each) => each !== name);
  stage.slides.delete(name);
  stage.endStory();
  stage.shown = '';
  stage.ground.replaceChildren(empty);
  stage.say(empty.textContent);
}

stage.root.querySelector('[data-does=round]').setAttribute('aria-pressed', true);
stage.root.focus();
look();
setInterval(look, AGAIN);
