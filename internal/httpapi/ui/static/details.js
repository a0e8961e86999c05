// One object beside the table: what the answer cost, its labels, its JSON.

import { object, objectPath } from './api.js';
import { answerView } from './answer.js';
import { byId, copyButton, el, show } from './dom.js';
import { visible } from './format.js';
import { jsonView } from './json.js';
import { failureNotice } from './notice.js';

/** Details is the panel. `closed` is called when the user closes it. */
export class Details {
  #panel = byId('details');
  #title = byId('details-title');
  #place = byId('details-place');
  #body = byId('details-body');
  #running = new AbortController();
  #target = null; #version = ''; #closed;

  constructor(closed) {
    byId('details-close').addEventListener('click', () => this.leave());
    this.#closed = closed;
  }

  /** target is the object that is shown, or null. */
  get target() { return this.#target; }

  /** open gets an object and shows it. `version` is the one that the table has. */
  async open(target, version) {
    this.#running.abort();
    this.#running = new AbortController();
    this.#target = target;
    this.#version = version;
    this.#title.textContent = visible(target.name);
    this.#place.textContent = [target.resource.kind, target.namespace, target.cluster].filter(Boolean).map(visible).join(' · ');
    show(this.#panel, true);
    this.#panel.setAttribute('aria-busy', 'true');
    await this.#fetch(target, this.#running.signal);
    this.#panel.removeAttribute('aria-busy');
  }

  /** follow shows the object anew if the table has come to know another version of it, or none. */
  follow(row) {
    if (!this.#target) return;
    this.#panel.classList.toggle('gone', !row);
    if (row && row.version !== this.#version) this.open(this.#target, row.version);
  }

  /** close hides the panel. */
  close() {
    this.#running.abort();
    this.#target = null;
    this.#panel.classList.remove('gone');
    show(this.#panel, false);
    this.#body.replaceChildren();
  }

  /** leave closes the panel for the user, who goes on elsewhere. */
  leave() {
    this.close();
    this.#closed();
  }

  async #fetch(target, signal) {
    try {
      const { text, answer } = await object(target, signal);
      this.#show(answerView(answer, objectPath(target), target), labelsOf(text), source(text));
    } catch (error) {
      if (error.name === 'AbortError') return;
      const { answer } = error;
      this.#show(answer?.url ? answerView(answer, objectPath(target), target) : null, failureNotice(answer ?? {}, error.message));
    }
  }

  #show(...parts) {
    this.#body.replaceChildren(...parts.filter(Boolean));
  }
}

function source(text) {
  const head = el('div', { class: 'source-head' }, el('h3', { text: 'JSON' }), copyButton('the JSON', () => text));
  return el('section', {}, head, jsonView(text, ['managedFields']));
}

function labelsOf(text) {
  let labels = {};
  try {
    labels = JSON.parse(text).metadata?.labels ?? {};
  } catch {
    // shown as it is below
  }
  const chips = Object.entries(labels).map(([key, value]) => el('li', { text: visible(`${key}=${value}`) }));
  return chips.length > 0 ? el('ul', { class: 'chips', 'aria-label': 'Labels' }, ...chips) : null;
}
