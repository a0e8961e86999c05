// When the list is asked for again: by the button, and every few seconds while the page is seen.

import { byId } from './dom.js';

/** Refresh calls `load`, which returns a promise, and never twice at once by itself. */
export class Refresh {
  #button = byId('refresh');
  #every = byId('every');
  #load; #timer = 0;

  constructor(load) {
    this.#load = load;
    this.#button.addEventListener('click', () => this.#run());
    this.#every.addEventListener('change', () => this.#plan());
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.#plan(); });
  }

  /** busy says on the button whether an answer is on its way. */
  busy(waiting) {
    this.#button.classList.toggle('waiting', waiting);
    this.#button.setAttribute('aria-busy', waiting);
  }

  /** stop ends the refreshing by itself. */
  stop() {
    this.#every.value = '0';
    this.#plan();
  }

  #plan() {
    clearTimeout(this.#timer);
    const seconds = Number(this.#every.value);
    if (seconds > 0 && !document.hidden) this.#timer = setTimeout(() => this.#run(), seconds * 1000);
  }

  async #run() {
    clearTimeout(this.#timer);
    try {
      await this.#load();
    } finally {
      this.#plan();
    }
  }
}
