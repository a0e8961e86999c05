// The explorer: which cluster, which resource, and the list of it. Everything shown hangs on `place`.

import * as api from './api.js';
import { answerView } from './answer.js';
import { Details } from './details.js';
import { byId, el, show, typing } from './dom.js';
import { count, visible } from './format.js';
import { Gate } from './gate.js';
import { emptyNotice, failureNotice, partialNotice, waitingNotice } from './notice.js';
import { readPlace, writePlace } from './place.js';
import { Refresh } from './refresh.js';
import { keyOf } from './rows.js';
import { hasToken } from './session.js';
import { Sidebar } from './sidebar.js';
import { Table } from './table.js';

let place = readPlace(); // what is asked for
let shown = null; // what the table holds: { target, etag, time }
let entered = ''; // the cluster whose resources the sidebar lists
let user = '';
let known = []; // the clusters that there are

const filter = byId('filter');
const grid = byId('grid');
const table = new Table(grid, open);
const details = new Details(() => { table.select(''); grid.focus(); });
const sidebar = new Sidebar((resource) => go({ resource: resource.key, namespace: '', filter: '' }));
const gate = new Gate(connect);
const refresh = new Refresh(load);

/** go changes the place and shows it. */
function go(change, options) {
  place = { ...place, ...change };
  writePlace(place, options);
  return enter();
}

/** connect finds out which clusters there are, from one that knows the caller; without a word of it, it asks for a token. */
async function connect() {
  gate.busy(true);
  try {
    known = (await clusters()).clusters;
    gate.close();
  } catch (error) {
    gate.open(error, hasToken());
    return;
  } finally {
    gate.busy(false);
  }
  show(byId('token'), hasToken());
  shown = null;
  entered = '';
  await go({ cluster: place.cluster || known[0]?.name || '' }, { step: false });
}

/** clusters asks the cluster of the place, since the caller may be unknown to the default one; that where there is no such. */
const clusters = () => api.status(place.cluster).catch((error) => {
  if (place.cluster && error.answer?.status === 404) return api.status();
  throw error;
});

/** enter shows the place: its cluster's resources if the cluster is another one, then the list. */
async function enter() {
  fillClusters();
  filter.value = place.filter;
  byId('namespace').value = place.namespace;
  if (entered !== place.cluster && !await enterCluster(place.cluster)) return;
  const resource = sidebar.find(place.resource) ?? sidebar.find('pods') ?? sidebar.first;
  if (!resource) return;
  place.resource = resource.key;
  writePlace(place, { step: false });
  sidebar.select(resource.key);
  await load();
}

async function enterCluster(cluster) {
  details.close();
  say(waitingNotice(`the resources of ${visible(cluster)}`));
  byId('title').textContent = '';
  try {
    const found = await Promise.all([api.discover(cluster), api.whoAmI(cluster).catch(() => '')]);
    if (cluster !== place.cluster) return false; // the user has gone elsewhere
    entered = cluster;
    user = found[1];
    byId('user').textContent = user ? `You are ${visible(user)}` : '';
    sidebar.setResources(found[0]);
    sidebar.setKept(known.find(({ name }) => name === cluster)?.collections ?? []);
    return true;
  } catch (error) {
    sidebar.setResources([]);
    fail(error.answer ?? {}, error.message, () => enter());
    return false;
  }
}

function fillClusters() {
  const names = known.map(({ name }) => name);
  if (place.cluster && !names.includes(place.cluster)) names.push(place.cluster);
  const options = names.map((name) => el('option', { value: name, text: visible(name), selected: name === place.cluster }));
  byId('cluster').replaceChildren(...options, el('option', { value: '', text: 'Another …' }));
}

/** load asks for the list of the place and shows it: past the cache where it should be. */
async function load({ past = false } = {}) {
  const target = { ...place, resource: sidebar.find(place.resource), past };
  if (!target.resource) return;
  if (!target.resource.namespaced) target.namespace = '';
  const same = shown != null && sameList(shown.target, target);
  if (!same) begin(target);
  refresh.busy(true);
  const result = await api.list(target, same ? shown.etag : '');
  if (result.aborted) return;
  refresh.busy(false);
  showAnswer(result.answer, target);
  if (result.error) {
    fail(result.answer ?? {}, result.error, () => load({ past }), same);
    if (result.answer?.status === 401) refresh.stop();
    return;
  }
  if (result.rows) showRows(result, target);
  else settle();
  if (!same) await surround(target);
}

const sameList = (a, b) => ['cluster', 'namespace'].every((key) => a[key] === b[key]) && a.resource.key === b.resource.key;

/** begin clears away another list. */
function begin(target) {
  shown = null;
  details.close();
  table.select('');
  table.setRows([], { namespaced: target.resource.namespaced, label: target.resource.resource });
  table.toTop();
  byId('title').textContent = visible(target.resource.resource);
  byId('answer').replaceChildren();
  byId('about').replaceChildren();
  show(byId('namespace-field'), target.resource.namespaced);
  say(waitingNotice(visible(target.resource.resource)));
  tally();
}

function showAnswer(answer, target) {
  if (answer?.url) byId('answer').replaceChildren(answerView(answer, api.collectionPath(target), target));
}

function showRows({ answer, rows }, target) {
  shown = { target, etag: answer.etag, time: new Date().toLocaleTimeString() };
  table.setRows(rows, { namespaced: target.resource.namespaced, label: target.resource.resource });
  settle();
  const open = details.target;
  if (open) details.follow(table.row(keyOf(open)));
}

/** settle shows the table, or why it is empty. */
function settle() {
  table.filter(filter.value);
  tally();
  if (table.shown > 0) return say(null);
  const actions = [];
  if (filter.value) actions.push(el('button', { type: 'button', text: 'Clear the filter', on: { click: () => setFilter('') } }));
  if (place.namespace) actions.push(el('button', { type: 'button', text: 'All namespaces', on: { click: () => go({ namespace: '' }) } }));
  return say(emptyNotice(table.total, shown.target, filter.value, actions));
}

/** surround finds out what belongs to a list: the namespaces to choose from, and whether there is more than the caller sees. */
async function surround(target) {
  const [names, all, page] = await Promise.all([
    target.resource.namespaced ? api.namespaces(target).catch(() => null) : null,
    api.seesAll(target).catch(() => true),
    api.status(target.cluster).catch(() => null),
  ]);
  if (!shown || !sameList(shown.target, target)) return;
  byId('namespaces').replaceChildren(...(names ?? []).map((name) => el('option', { value: name })));
  byId('about').replaceChildren(...all ? [] : [partialNotice(visible(target.resource.resource), target.namespace ? [] : names ?? [])]);
  if (page) known = page.clusters;
  sidebar.setKept(known.find(({ name }) => name === target.cluster)?.collections ?? []);
}

/** fail explains an answer that is no success: over the table that was there, or in its place. */
function fail(answer, message, retry, over = false) {
  const actions = [el('button', { type: 'button', text: 'Try again', on: { click: () => retry() } })];
  if (answer.status === 401) {
    actions.unshift(el('button', { type: 'button', class: 'primary', text: hasToken() ? 'Change token' : 'Use a token', on: { click: () => gate.open() } }));
  }
  if (!over) shown = null;
  const rows = over ? `The rows below are those of ${shown.time}.` : '';
  say(failureNotice(answer, message, { user, actions, rows }), over);
}

/** say puts a notice in the table's place, or above it. */
function say(notice, over = false) {
  byId('notice').replaceChildren(...notice ? [notice] : []);
  show(grid, !notice || over);
}

function tally() {
  const { shown: some, total } = table;
  byId('tally').textContent = total === 0 ? '' : some === total ? count(total) : `${count(some)} of ${count(total)}`;
}

function open(row) {
  table.select(keyOf(row));
  const { cluster, resource } = shown.target;
  details.open({ cluster, resource, namespace: row.namespace, name: row.name }, row.version);
}

function setFilter(text) {
  filter.value = text;
  place.filter = text;
  writePlace(place, { step: false });
  if (shown) settle();
}

byId('cluster').addEventListener('change', ({ target }) => {
  if (target.value) go({ cluster: target.value, namespace: '', filter: '' });
  else gate.askCluster((name) => go({ cluster: name, namespace: '', filter: '' }), fillClusters);
});
byId('namespace').addEventListener('change', ({ target }) => go({ namespace: target.value.trim() }));
byId('past').addEventListener('click', () => load({ past: true }));
byId('token').addEventListener('click', () => gate.open());
filter.addEventListener('input', () => setFilter(filter.value));
filter.addEventListener('keydown', ({ key }) => { if (key === 'Enter' || key === 'ArrowDown') grid.focus(); });
addEventListener('popstate', () => { place = readPlace(); enter(); });
addEventListener('keydown', (event) => {
  if (typing(event) || gate.isOpen) return;
  if (event.key === '/') filter.focus();
  else if (event.key === 'r') load();
  else if (event.key === 'Escape' && details.target) details.leave();
  else return;
  event.preventDefault();
});
setInterval(() => table.render(), 10_000); // ages

connect();
