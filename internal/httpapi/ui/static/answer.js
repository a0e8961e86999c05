// What an answer was: status code, items, bytes, time, and where k8cache says that it came from.

import { copyButton, el } from './dom.js';
import { bytes, count, milliseconds, visible } from './format.js';
import { curlLine, kubectlLine } from './lines.js';
import { hasToken } from './session.js';

const reasons = {
  0: 'No answer', 200: 'OK', 201: 'Created', 304: 'Not Modified', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden',
  404: 'Not Found', 406: 'Not Acceptable', 410: 'Gone', 413: 'Too Large', 429: 'Too Many Requests', 500: 'Internal Error',
  502: 'Bad Gateway', 503: 'Unavailable', 504: 'Timeout',
};

/** statusLine is a status code and what it is called. */
export const statusLine = (status) => [status || '', reasons[status] ?? ''].join(' ').trim();

/** answerView describes an answer and how to ask for the same on a command line. */
export function answerView(answer, path, target) {
  return el('div', { class: 'answer' }, facts(answer), ...answer.warnings?.map(warning) ?? [], commands(path, target));
}

function facts(answer) {
  const list = el('dl', { class: 'facts' });
  const tone = answer.status >= 200 && answer.status < 400 ? 'good' : 'bad';
  add(list, 'Status', statusLine(answer.status), tone);
  if (answer.items != null) add(list, 'Items', count(answer.items));
  if (answer.bytes != null) add(list, 'Size', sizeOf(answer));
  add(list, 'Time', timeOf(answer));
  if (answer.cacheStatus) add(list, 'Cache-Status', answer.cacheStatus, /;\s*hit\b/.test(answer.cacheStatus) ? 'good' : 'none');
  if (answer.age !== '' && answer.age != null) add(list, 'Age', `${answer.age} s`);
  if (answer.version) add(list, 'Version', answer.version);
  return list;
}

function add(list, name, value, tone = '') {
  list.append(el('div', {}, el('dt', { text: name }), el('dd', { text: visible(value), class: tone && `tone ${tone}` })));
}

function sizeOf({ bytes: size, sent, encoding }) {
  if (encoding === '') return bytes(size);
  return sent == null ? `${bytes(size)} (sent as ${encoding})` : `${bytes(size)} (${bytes(sent)} ${encoding})`;
}

function timeOf({ milliseconds: total, firstByte }) {
  return firstByte == null ? milliseconds(total) : `${milliseconds(total)} (first byte ${milliseconds(firstByte)})`;
}

const warning = (text) => el('p', { class: 'warning', text: `Warning: ${visible(text)}` });

function commands(path, target) {
  const lines = [['curl', curlLine(location.origin, path, hasToken(), target.past)]];
  const kubectl = kubectlLine(location.origin, target, hasToken());
  if (kubectl) lines.unshift(['kubectl', kubectl]);
  return el('div', { class: 'commands' }, ...lines.map(([tool, line]) => command(tool, line)));
}

function command(tool, line) {
  const code = el('code', { text: visible(line), tabindex: '0' });
  return el('div', { class: 'command' }, code, copyButton(`the ${tool} line`, () => line));
}
