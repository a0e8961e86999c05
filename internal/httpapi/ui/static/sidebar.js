// The resources of a cluster, by API group. One tab stop: arrow keys move between them.

import { byId, el, show } from './dom.js';
import { count, visible } from './format.js';

const usual = ['', 'apps', 'batch', 'networking.k8s.io', 'autoscaling', 'policy', 'rbac.authorization.k8s.io', 'storage.k8s.io'];

/** Sidebar lists resources and calls `choose` with the one that was picked. */
export class Sidebar {
  #list = byId('resources');
  #filter = byId('resource-filter');
  #choose; #resources = []; #selected = ''; #kept = new Map();

  constructor(choose) {
    this.#choose = choose;
    this.#filter.addEventListener('input', () => this.#render());
    this.#filter.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowDown') this.#focus(0, event);
      if (event.key === 'Enter') this.#buttons()[0]?.click();
    });
    this.#list.addEventListener('keydown', (event) => this.#key(event));
  }

  /** setResources takes what discovery found. */
  setResources(resources) {
    const rank = ({ group }) => (usual.indexOf(group) + 1 || usual.length + 1);
    this.#resources = resources.toSorted((a, b) =>
      rank(a) - rank(b) || a.group.localeCompare(b.group) || a.resource.localeCompare(b.resource));
    this.#render();
  }

  /** setKept takes what the status page says is in memory: numbers of objects by resource. */
  setKept(collections) {
    const key = ({ group, resource }) => (group ? `${resource}.${group}` : resource);
    this.#kept = new Map(collections.filter(({ synced, tables }) => synced && !tables).map((c) => [key(c), c.objects]));
    for (const button of this.#buttons()) this.#badge(button);
  }

  /** find returns a resource by its key. */
  find(key) { return this.#resources.find((resource) => resource.key === key); }

  /** first is the one to begin with where there are no pods. */
  get first() { return this.#resources[0]; }

  /** select marks the resource that is shown. */
  select(key) {
    this.#selected = key;
    for (const button of this.#buttons()) this.#mark(button);
    this.#tabStop();
  }

  #buttons() { return [...this.#list.querySelectorAll('button')]; }

  #render() {
    const words = this.#filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = this.#resources.filter((r) => {
      const text = [r.key, r.kind, ...r.shortNames].join(' ').toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const groups = Map.groupBy(matches, ({ group }) => group);
    this.#list.replaceChildren(...[...groups].map(([group, resources]) => this.#group(group, resources)));
    show(byId('no-resources'), matches.length === 0 && this.#resources.length > 0);
    this.#tabStop();
  }

  #group(group, resources) {
    const title = visible(group || 'core');
    const items = resources.map((resource) => el('li', {}, this.#button(resource)));
    return el('li', {}, el('h3', { text: title }), el('ul', { 'aria-label': title }, ...items));
  }

  #button(resource) {
    const button = el('button', { type: 'button', tabindex: -1, 'data-key': resource.key, on: { click: () => this.#choose(resource) } },
      el('span', { text: visible(resource.resource) }), el('span', { class: 'badge' }));
    this.#badge(button);
    this.#mark(button);
    return button;
  }

  #badge(button) {
    const objects = this.#kept.get(button.dataset.key);
    const badge = button.querySelector('.badge');
    badge.textContent = objects == null ? '' : count(objects);
    badge.title = objects == null ? '' : 'objects in memory';
  }

  #mark(button) {
    if (button.dataset.key === this.#selected) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  }

  /** tabStop makes the selected resource, or else the first, the one that Tab comes to. */
  #tabStop() {
    const buttons = this.#buttons();
    const stop = buttons.find((button) => button.hasAttribute('aria-current')) ?? buttons[0];
    for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
  }

  #key(event) {
    const at = this.#buttons().indexOf(document.activeElement);
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: Infinity };
    if (event.key in steps) this.#focus(steps[event.key], event);
  }

  #focus(index, event) {
    const buttons = this.#buttons();
    buttons[Math.min(Math.max(index, 0), buttons.length - 1)]?.focus();
    event.preventDefault();
  }
}
