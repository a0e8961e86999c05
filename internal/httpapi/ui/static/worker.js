// Lists are fetched and parsed here, beside the page: ten thousand pods are tens of megabytes of JSON, and the page stays
// fluid meanwhile. One list at a time: a new one ends the one before.

import { exchange } from './exchange.js';
import { rowOf } from './rows.js';

let running = new AbortController();

addEventListener('message', async ({ data: { id, url, headers, kind } }) => {
  running.abort();
  running = new AbortController();
  postMessage({ id, ...await list(url, { headers, signal: running.signal }, kind) });
});

async function list(url, options, kind) {
  try {
    const { text, answer } = await exchange(url, options);
    return answer.status === 304 ? { answer } : read(text, answer, kind);
  } catch (error) {
    return error.name === 'AbortError' ? { aborted: true } : { answer: error.answer, error: error.message };
  }
}

function read(text, answer, kind) {
  try {
    const { items, metadata } = JSON.parse(text);
    const rows = (items ?? []).map((item) => rowOf(kind, item));
    return { answer: { ...answer, items: rows.length, version: metadata?.resourceVersion ?? '' }, rows };
  } catch {
    return { answer, error: 'The answer is not a list in JSON.' };
  }
}
