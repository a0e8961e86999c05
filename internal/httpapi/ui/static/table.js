// The table: only the rows in sight are elements, so ten thousand scroll like ten. It is an ARIA grid with one tab stop;
// arrow keys move, Enter opens.

import { el } from './dom.js';
import { age, visible } from './format.js';
import { keyOf } from './rows.js';

const rowHeight = 34; // as in table.css
const spare = 6; // rows beyond each edge

const columns = [
  { id: 'namespace', title: 'Namespace', value: (row) => row.namespace },
  { id: 'name', title: 'Name', value: (row) => row.name },
  { id: 'status', title: 'Status', value: (row) => row.status },
  { id: 'more', title: 'Details', value: (row) => row.more },
  { id: 'age', title: 'Age', value: (row) => -row.created },
];

/** Table shows rows in `grid`, an empty element that scrolls. `open` is called with the row that was chosen. */
export class Table {
  #grid; #body; #headers; #open;
  #all = []; #rows = []; #words = [];
  #sort = null; #active = -1; #selected = ''; #pool = [];

  constructor(grid, open) {
    this.#grid = grid;
    this.#open = open;
    this.#headers = columns.map((column) => this.#header(column));
    this.#body = el('div', { class: 'body', role: 'rowgroup' });
    grid.replaceChildren(el('div', { class: 'head', role: 'rowgroup' }, el('div', { role: 'row', 'aria-rowindex': 1 }, ...this.#headers)), this.#body);
    grid.addEventListener('scroll', () => this.render(), { passive: true });
    grid.addEventListener('keydown', (event) => this.#key(event));
    this.#body.addEventListener('click', (event) => this.#click(event));
    new ResizeObserver(() => this.render()).observe(grid);
  }

  /** total is the number of rows before the filter, shown that after it. */
  get total() { return this.#all.length; }
  get shown() { return this.#rows.length; }

  /** setRows takes a new list. What is selected stays so, by its key. */
  setRows(rows, { namespaced, label }) {
    this.#all = rows;
    this.#grid.classList.toggle('cluster-scoped', !namespaced);
    this.#grid.setAttribute('aria-label', label);
    this.#arrange();
  }

  /** filter keeps the rows that contain every word. */
  filter(text) {
    this.#words = text.toLowerCase().split(/\s+/).filter(Boolean);
    this.#arrange();
  }

  /** select marks a row as the one that is open elsewhere; an empty key marks none. */
  select(key) {
    this.#selected = key;
    this.render();
  }

  /** toTop scrolls back, for a list that has nothing to do with the one before. */
  toTop() {
    this.#active = -1;
    this.#grid.scrollTop = 0;
  }

  /** row finds a row of the list by its key. */
  row(key) { return this.#all.find((row) => keyOf(row) === key); }

  #header(column) {
    const button = el('button', { type: 'button', text: column.title, on: { click: () => this.#sortBy(column.id) } });
    return el('div', { role: 'columnheader', class: column.id, 'aria-sort': 'none' }, button);
  }

  /** sortBy goes from ascending to descending and back to the server's order. */
  #sortBy(id) {
    const same = this.#sort?.id === id;
    if (same && this.#sort.descending) this.#sort = null;
    else this.#sort = { id, descending: same };
    this.#headers.forEach((header, i) => {
      const mine = this.#sort?.id === columns[i].id;
      header.setAttribute('aria-sort', !mine ? 'none' : this.#sort.descending ? 'descending' : 'ascending');
    });
    this.#arrange();
  }

  #arrange() {
    const active = this.#rows[this.#active];
    this.#rows = this.#words.length === 0
      ? [...this.#all] : this.#all.filter(({ haystack }) => this.#words.every((word) => haystack.includes(word)));
    if (this.#sort) {
      const { value } = columns.find(({ id }) => id === this.#sort.id);
      const sign = this.#sort.descending ? -1 : 1;
      this.#rows.sort((a, b) => sign * compare(value(a), value(b)));
    }
    this.#active = active ? this.#rows.findIndex((row) => keyOf(row) === keyOf(active)) : -1;
    this.#grid.setAttribute('aria-rowcount', this.#rows.length + 1);
    this.#body.style.height = `${this.#rows.length * rowHeight}px`;
    this.render();
  }

  /** render fills the rows in sight. They are taken from a pool, which grows to what the screen holds. */
  render() {
    const first = Math.max(0, Math.floor(this.#grid.scrollTop / rowHeight) - spare);
    const fits = Math.ceil(this.#grid.clientHeight / rowHeight) + 2 * spare;
    const count = Math.max(0, Math.min(fits, this.#rows.length - first));
    while (this.#pool.length < count) this.#pool.push(this.#blank());
    while (this.#body.children.length > count) this.#body.lastChild.remove();
    const now = Date.now();
    for (let i = 0; i < count; i += 1) {
      const slot = this.#pool[i];
      this.#write(slot, first + i, now);
      if (!slot.node.isConnected) this.#body.append(slot.node);
    }
    const active = this.#active >= first && this.#active < first + count ? `row-${this.#active}` : '';
    if (active) this.#grid.setAttribute('aria-activedescendant', active);
    else this.#grid.removeAttribute('aria-activedescendant');
  }

  #blank() {
    const mark = el('span', { class: 'mark', 'aria-hidden': 'true' });
    const status = el('span');
    const cells = columns.map(({ id }) => el('div', { role: 'gridcell', class: id }));
    cells[2].append(mark, status);
    return { node: el('div', { role: 'row' }, ...cells), cells, mark, status };
  }

  #write({ node, cells, mark, status }, index, now) {
    const row = this.#rows[index];
    node.id = `row-${index}`;
    node.setAttribute('aria-rowindex', index + 2);
    node.setAttribute('aria-selected', keyOf(row) === this.#selected);
    node.classList.toggle('active', index === this.#active);
    node.style.transform = `translateY(${index * rowHeight}px)`;
    cells[0].textContent = visible(row.namespace);
    cells[1].textContent = visible(row.name);
    mark.className = `mark ${row.status ? row.tone : ''}`;
    status.textContent = row.status;
    cells[3].textContent = row.more;
    cells[4].textContent = age(row.created, now);
  }

  #click(event) {
    const node = event.target.closest('[role=row]');
    if (!node) return;
    this.#move(Number(node.id.slice('row-'.length)));
    this.#open(this.#rows[this.#active]);
  }

  #key(event) {
    if (event.target !== this.#grid || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.#grid.clientHeight / rowHeight) - 2);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps) this.#move(this.#active + steps[event.key]);
    else if ((event.key === 'Enter' || event.key === ' ') && this.#active >= 0) this.#open(this.#rows[this.#active]);
    else return;
    event.preventDefault();
  }

  /** move makes a row the active one and brings it into sight. */
  #move(index) {
    if (this.#rows.length === 0) return;
    this.#active = Math.min(Math.max(index, 0), this.#rows.length - 1);
    const top = this.#active * rowHeight;
    const visibleHeight = this.#grid.clientHeight - rowHeight; // below the head, which is as high as a row
    if (top < this.#grid.scrollTop) this.#grid.scrollTop = top;
    else if (top + rowHeight > this.#grid.scrollTop + visibleHeight) this.#grid.scrollTop = top + rowHeight - visibleHeight;
    this.render();
  }
}

function compare(a, b) {
  if (a === b) return 0;
  return a < b || Number.isNaN(b) ? -1 : 1;
}
