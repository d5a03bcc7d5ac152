// The visitor's own stage, in front of the page: "Present", or the key P.
import {Stage, secondsOfLink} from './stage.js';

const AGAIN = 4000; // milliseconds until it is asked what another tab drew or removed
const COMPARED = 'compared'; // the comparison that the page shows, before all pictures

let frame; // what stands around the pictures, once it came

const asked = async (address, options) => {
  const answer = await fetch(address, options);
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer;
};

const html = async (address) => (await asked(address))?.text() ?? null;

// Styles first: nobody sees the stage without.
const styles = () =>
  new Promise((resolve, reject) => {
    if (document.querySelector(`link[href$="stage.css"]`)) {
      resolve();
      return;
    }
    const link = document.createElement('link');
    Object.assign(link, {
      rel: 'stylesheet',
      href: 'stage/files/stage.css',
      onload: resolve,
      onerror: reject,
    });
    document.head.append(link);
  });

// Returns once the stage stands, and throws where it cannot be had.
export async function present(visitor) {
  const own = async (shown) => {
    const body = JSON.stringify({visitor, shown});
    const headers = {'content-type': 'application/json'};
    return (await asked('stage/own', {method: 'POST', headers, body})).json();
  };
  const shown = document.querySelector('#picture figure.large, #picture figure');
  const path = shown?.querySelector('[data-pick]')?.dataset.pick ?? '';
  const [around, first] = await Promise.all([frame ?? html('stage/present'), own(path), styles()]);
  frame = around;

  const columns = [...document.querySelectorAll('#columns .way[data-name]:not(.gone)')];
  const compared = columns.length > 1 && columns[0].checkVisibility();
  const query = new URLSearchParams(
    columns.flatMap((each) => [
      ['picture', each.dataset.name],
      ['label', each.getAttribute('aria-label')],
    ]),
  );
  const all = ({pictures}) => (compared ? [COMPARED, ...pictures] : pictures);

  const dialog = document.createElement('dialog');
  dialog.id = 'stage';
  dialog.setAttribute('aria-label', 'On stage');
  dialog.innerHTML = frame;
  document.body.append(dialog);
  const {scrollX, scrollY} = window;
  const stage = new Stage(dialog.firstElementChild, {
    load: (name) =>
      html(`stage/slide?${name === COMPARED ? query : new URLSearchParams({picture: name})}`),
    seconds: secondsOfLink(),
    does: {leave: () => dialog.close()},
  });
  stage.hold(all(first));
  dialog.showModal();
  stage.show(compared ? COMPARED : first.pictures[first.start]);

  // What another tab draws joins, and comes up unless somebody looks at older ones.
  const looking = setInterval(async () => {
    const now = await stage.answers(own(path)).catch(() => null);
    if (!now || !dialog.open) return;
    const names = all(now);
    const news = names.find((each) => !stage.names.includes(each));
    const isAtNewest =
      stage.isRound || stage.names.indexOf(stage.shown) <= all({pictures: []}).length;
    stage.hold(names);
    if (news && isAtNewest) stage.show(news);
  }, AGAIN);

  // Escape in the full screen reaches the browser alone: who leaves it so leaves both.
  let wasFull = false;
  const leftFull = () => {
    const isFull = Boolean(document.fullscreenElement);
    if (wasFull && !isFull) {
      if (!stage.keptOpen) dialog.close();
      stage.keptOpen = false;
    }
    wasFull = isFull;
  };
  document.addEventListener('fullscreenchange', leftFull);
  dialog.addEventListener('close', () => {
    clearInterval(looking);
    document.removeEventListener('fullscreenchange', leftFull);
    if (document.fullscreenElement) document.exitFullscreen();
    stage.end();
    dialog.remove();
    scrollTo({left: scrollX, top: scrollY, behavior: 'instant'});
  });
  return dialog;
}
