// A stage: one slide at a time, by keys, a clicker, buttons and swipes. `present` and `room` put
// slides on it; what an element is called is in `templates`.
const SWIPE = 48; // pixels
const STILL = 3000; // milliseconds until buttons that nobody needs are out of sight
const WROTE = 1300; // the story: what was written, alone
const GROWS = 2600; // the rewrite grows out of it

const KEYS = {
  ArrowRight: 'on',
  PageDown: 'on',
  ArrowLeft: 'back',
  PageUp: 'back',
  ArrowDown: 'down',
  ArrowUp: 'up',
  ' ': 'round',
  b: 'story',
  f: 'fill',
  Delete: 'off',
};

export class Stage {
  names = []; // newest first
  shown = ''; // the name of the one that is to be seen
  asked = ''; // and of the one that was asked for, which may still be on its way
  slides = new Map(); // those that came, by their names

  // `load` fetches a slide's HTML, null if it is gone; `seconds` are a round's, for each.
  constructor(root, {load, seconds, does = {}}) {
    Object.assign(this, {root, load, seconds});
    this.ground = root.querySelector('.ground');
    this.status = root.querySelector('[role=status]');
    this.does = {
      on: () => this.step(1),
      back: () => this.step(-1),
      down: () => this.scroll(1),
      up: () => this.scroll(-1),
      round: () => this.turnRound(!this.isRound),
      story: () => this.tell(),
      fill: () => this.fillScreen(),
      ...does,
    };
    this.listen();
    this.stayAwake();
  }

  get isRound() {
    return this.turning !== undefined;
  }

  listen() {
    this.ended = new AbortController();
    const {signal} = this.ended;
    const on = (target, kind, heard) => target.addEventListener(kind, heard, {signal});
    on(document, 'keydown', (event) => this.press(event));
    on(this.root, 'click', ({target}) =>
      this.does[target.closest('[data-does]')?.dataset.does]?.(),
    );
    // Not by its pointer, which a browser that scrolls takes away.
    on(this.root, 'touchstart', ({touches}) => {
      this.from = touches.length === 1 ? touches[0] : null;
    });
    on(this.root, 'touchend', ({changedTouches: [{clientX, clientY}]}) => {
      const [across, along] = [clientX - this.from?.clientX, clientY - this.from?.clientY];
      if (Math.abs(across) > SWIPE + Math.abs(along)) this.step(across < 0 ? 1 : -1);
    });
    for (const kind of ['pointermove', 'focusin', 'pointerdown'])
      on(this.root, kind, () => this.stir());
    on(window, 'resize', () => this.fit());
    on(document, 'visibilitychange', () => this.stayAwake());
    this.ground.addEventListener('scroll', () => this.sign(), {capture: true, signal});
    this.stir();
  }

  press(event) {
    const {key, target} = event;
    const isOther = event.ctrlKey || event.metaKey || event.altKey;
    const does = this.does[KEYS[key.length === 1 ? key.toLowerCase() : key]];
    // A button is pressed with Space as everywhere.
    if (!does || isOther || (key === ' ' && target.closest('button, a'))) return;
    event.preventDefault();
    does();
  }

  // Buttons and pointer are there while somebody moves.
  stir() {
    this.root.classList.remove('still');
    clearTimeout(this.stilling);
    this.stilling = setTimeout(() => this.root.classList.add('still'), STILL);
  }

  // What has come, and what has gone; whoever looks at something that is gone sees the next.
  hold(names) {
    const place = this.names.indexOf(this.shown);
    this.names = names;
    for (const each of this.slides.keys()) if (!names.includes(each)) this.slides.delete(each);
    if (names.includes(this.shown) || place < 0) return;
    const next = names[Math.min(place, names.length - 1)];
    if (next) this.show(next);
  }

  async slide(name) {
    if (!this.slides.has(name)) {
      const html = await this.answers(this.load(name));
      const holder = document.createElement('template');
      holder.innerHTML = html ?? '';
      this.slides.set(name, holder.content.querySelector('article'));
    }
    return this.slides.get(name);
  }

  // What the demo answers; whether it does is to be seen.
  async answers(asked) {
    const sign = this.root.querySelector('.offline');
    try {
      const answer = await asked;
      sign.hidden = true;
      return answer;
    } catch (error) {
      sign.hidden = false;
      throw error;
    }
  }

  // Whatever cannot be had is passed over, in the direction that somebody goes.
  async show(name, way = 1) {
    this.asked = name;
    const wanted = Symbol(name);
    this.wanted = wanted; // whoever goes on quickly sees the last they asked for
    const begin = Math.max(0, this.names.indexOf(name));
    for (let step = 0; step < this.names.length; step++) {
      const each = this.names.at((begin + way * step) % this.names.length);
      const slide = await this.slide(each).catch(() => null);
      if (this.wanted !== wanted) return;
      if (slide) {
        this.put(each, slide);
        return;
      }
    }
  }

  put(name, slide) {
    this.endStory();
    this.shown = name;
    this.asked = name;
    this.ground.replaceChildren(slide);
    slide.querySelectorAll('.scrolls').forEach((each) => {
      each.scrollTop = 0;
    });
    this.fit();
    this.say(slide.dataset.says ?? '');
    if (this.isRound) this.turnRound(true);
    const here = this.names.indexOf(name);
    for (const step of [1, -1, 2]) {
      const near = this.names.at((here + step) % this.names.length);
      if (near) this.slide(near).catch(() => null);
    }
  }

  say(what) {
    const place = `Picture ${this.names.indexOf(this.shown) + 1} of ${this.names.length}: `;
    this.status.textContent = `${this.names.length > 1 ? place : ''}${what}`;
  }

  step(way) {
    const {names} = this;
    if (!names.length) return;
    const here = names.indexOf(names.includes(this.asked) ? this.asked : this.shown);
    this.show(names.at((here + way) % names.length), way);
  }

  turnRound(on) {
    clearTimeout(this.turning);
    this.turning = on ? setTimeout(() => this.step(1), this.seconds * 1000) : undefined;
    this.root.querySelector('[data-does=round]').setAttribute('aria-pressed', on);
  }

  // A picture stands above its words or beside them, wherever it is larger; a tie goes to above.
  fit() {
    const slide = this.ground.firstElementChild;
    const image = slide?.querySelector('img');
    if (!image || slide.matches('.compared')) return this.sign();
    const {clientWidth: width, clientHeight: height} = this.root;
    const shape = image.getAttribute('width') / image.getAttribute('height');
    const above = Math.min(width, height * 0.68 * shape);
    const beside = Math.min(width * 0.64, height * shape);
    slide.classList.toggle('beside', beside > above * 1.1);
    this.sign();
  }

  // Words that go on below what is to be seen say so.
  sign() {
    for (const each of this.ground.querySelectorAll('.scrolls')) {
      const below = each.scrollHeight - each.clientHeight - each.scrollTop;
      each.classList.toggle('goes-on', below > 2);
    }
  }

  scroll(way) {
    for (const each of this.ground.querySelectorAll('.scrolls')) {
      each.scrollBy({top: way * each.clientHeight * 0.8});
    }
  }

  // The story of a picture: what was written, what the model made of it, the picture.
  async tell() {
    const slide = this.ground.firstElementChild;
    if (!slide?.querySelector('.wrote') || slide.matches('.compared')) return;
    this.turnRound(false);
    const story = Symbol('story');
    this.story = story;
    const then = async (stage, milliseconds) => {
      slide.dataset.story = stage;
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return this.story === story;
    };
    const words = wordsOf(slide.querySelector('.used'));
    words.forEach((word, place) => {
      word.style.animationDelay = `${Math.round((place / words.length) * (GROWS - 400))}ms`;
    });
    if (
      (await then('wrote', WROTE)) &&
      (await then('grows', GROWS)) &&
      (await then('shows', 900))
    ) {
      this.endStory();
    }
  }

  endStory() {
    this.story = undefined;
    delete this.ground.firstElementChild?.dataset.story;
    this.sign();
  }

  // The browser's own full screen; whoever leaves it by Escape leaves the stage, too.
  fillScreen() {
    this.keptOpen = Boolean(document.fullscreenElement);
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.().catch(() => this.say('This browser keeps its window.'));
  }

  // A projector must not go dark between two pictures.
  async stayAwake() {
    if (document.hidden || this.ended.signal.aborted) return;
    try {
      this.awake = await navigator.wakeLock?.request('screen');
    } catch {
      this.awake = undefined; // on battery, or where a frame may not
    }
    if (this.ended.signal.aborted) this.awake?.release();
  }

  end() {
    this.ended.abort();
    this.turnRound(false);
    this.endStory();
    clearTimeout(this.stilling);
    this.awake?.release();
  }
}

// The words that the model added, each in an element of its own; the visitor's are there already.
function wordsOf(used) {
  const found = [...used.querySelectorAll('bdi')].flatMap((each) => [...each.childNodes]);
  for (const each of found.filter((node) => node.nodeType === Node.TEXT_NODE)) {
    const pieces = each.data.split(/(?<=\s)/).map((piece) => {
      const word = document.createElement('span');
      word.className = 'added';
      word.textContent = piece;
      return word;
    });
    each.replaceWith(...pieces);
  }
  return used.querySelectorAll('.added');
}

// Seconds that each picture is on in a round, as a link says them: `?round=12`.
export function secondsOfLink() {
  const said = Number(new URLSearchParams(location.search).get('round'));
  return said >= 2 && said <= 600 ? said : 8;
}
