// What the table keeps of an object. Objects are big and many, so the worker makes rows of them and forgets them.

import { visible } from './format.js';
import { statusOf } from './status.js';

/** rowOf cuts an object down to a row. `namespace` and `name` are as the cluster has them, the rest is for people. */
export function rowOf(kind, object) {
  const { namespace = '', name = '', creationTimestamp, resourceVersion = '', labels } = object?.metadata ?? {};
  const { text, tone, more } = safely(kind, object);
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return {
    namespace,
    name,
    version: resourceVersion,
    status: visible(text),
    tone,
    more: visible(more).slice(0, 300),
    created: Date.parse(creationTimestamp),
    haystack: [namespace, name, text, more, ...pairs].join('\n').toLowerCase(),
  };
}

/** safely describes an object, and says nothing of one whose fields are not of the types they should be. */
function safely(kind, object) {
  try {
    const { text, tone, more } = statusOf(kind, object);
    return { text: String(text), tone, more: String(more) };
  } catch {
    return { text: '', tone: 'none', more: '' };
  }
}

/** keyOf names a row among those of its list. */
export const keyOf = (row) => `${row.namespace}/${row.name}`;
