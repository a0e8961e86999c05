// What is said where the table has nothing to show, and above it where it does not show everything.

import { el } from './dom.js';
import { plural, visible } from './format.js';
import { statusLine } from './answer.js';

const explanations = {
  0: 'Is k8cache still running, and is it reachable from here?',
  401: 'The cluster does not know this token. It may have expired, or be another cluster\'s.',
  403: 'k8cache shows the part of a list that your RBAC allows. Of this one it allows nothing.',
  404: 'The cluster or the resource is not there. Custom resources go when their definition goes.',
  410: 'The list is gone by now. Refresh to get a new one.',
  429: 'Too many requests at once. Try again in a moment.',
  502: 'k8cache is there, the API server behind it is not.',
  503: 'The first read of a resource starts its watch, which can take a while. Try again in a moment.',
  504: 'The API server took too long. Try again in a moment.',
};

/** failureNotice explains an answer that is no success; it cites what the Status says. */
export function failureNotice({ status = 0, retryAfter = '' }, message, { user = '', actions = [], rows = '' } = {}) {
  return el('div', { class: 'notice', role: 'alert' },
    el('h2', { text: titleOf(status) }),
    el('p', { text: explanations[status] ?? '' }),
    el('blockquote', { text: visible(message) }),
    user && status === 403 ? el('p', {}, 'You are ', el('strong', { text: visible(user) }), '.') : null,
    retryAfter ? el('p', { text: `The answer asks to wait ${retryAfter} s.` }) : null,
    rows ? el('p', { text: rows }) : null,
    el('p', { class: 'actions' }, ...actions));
}

const titles = { 0: 'No answer', 200: 'Not to be read', 401: 'Token refused (401)', 403: 'Not allowed (403)', 404: 'Not found (404)' };

const titleOf = (status) => titles[status] ?? statusLine(status);

/** emptyNotice says why a table has no rows. */
export function emptyNotice(total, { resource, namespace }, filter, actions = []) {
  const place = namespace ? ` in namespace ${visible(namespace)}` : '';
  const title = total > 0
    ? `None of ${plural(total, 'row')} contains “${visible(filter)}”`
    : `No ${resource.resource}${place}`;
  const more = total > 0 ? 'The filter looks at namespace, name, status, details and labels.' : 'The list is empty: there are none that you may see.';
  return el('div', { class: 'notice' }, el('h2', { text: title }), el('p', { text: more }), el('p', { class: 'actions' }, ...actions));
}

/** waitingNotice is shown until the first answer. */
export function waitingNotice(resource) {
  return el('div', { class: 'notice' },
    el('h2', { class: 'waiting', text: `Reading ${resource} …` }),
    el('p', { text: 'The first read of a resource starts its watch. Later ones come out of memory.' }));
}

/** partialNotice says that a list is not all there is. Where is known, it says where the caller's part lies. */
export function partialNotice(resource, namespaces) {
  const shown = namespaces.slice(0, 5).map(visible).join(', ');
  const others = namespaces.length > 5 ? ` and ${namespaces.length - 5} more` : '';
  const where = namespaces.length > 0 ? ` You may list ${resource} in ${plural(namespaces.length, 'namespace')}: ${shown}${others}.` : '';
  return el('p', { class: 'partial' },
    el('strong', { text: 'You see the part of this list that your RBAC allows.' }), where,
    ' An API server would answer 403.');
}
