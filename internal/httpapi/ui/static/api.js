// What is asked of k8cache: paths, small requests from here, lists through the worker.

import { Failure, exchange } from './exchange.js';
import { credentials } from './session.js';

const discoveryForm = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json').join(',');

/** segment is one segment of a path. What a browser would resolve ("..") names nothing. */
function segment(text) {
  if (text === '' || text === '.' || text === '..') {
    throw new Failure(`"${text}" cannot stand in a path.`, { status: 0, milliseconds: 0, method: 'GET', url: '' });
  }
  return encodeURIComponent(text);
}

/** collectionPath leads to a resource's objects: in one namespace, or in all where it is empty. */
export function collectionPath({ cluster, resource, namespace }) {
  const root = resource.group === '' ? '/api' : `/apis/${segment(resource.group)}`;
  const inside = resource.namespaced && namespace ? `/namespaces/${segment(namespace)}` : '';
  return `/clusters/${segment(cluster)}${root}/${segment(resource.version)}${inside}/${segment(resource.resource)}`;
}

/** objectPath leads to one object. */
export const objectPath = (target) => `${collectionPath(target)}/${segment(target.name)}`;

async function ask(path, options = {}) {
  const { text, answer } = await exchange(path, { ...options, headers: { ...credentials(), ...options.headers } });
  try {
    return { value: JSON.parse(text), answer };
  } catch {
    throw new Failure('The answer is not JSON.', answer);
  }
}

/** status asks which clusters there are, and what is kept of one that must know the caller: by default the default one. */
export async function status(cluster = '') {
  const query = new URLSearchParams({ pretty: 'false', ...cluster && { cluster } });
  return (await ask(`/k8cache/v1/status?${query}`)).value;
}

/** whoAmI asks the cluster whom it takes the caller for. */
export async function whoAmI(cluster) {
  const body = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' });
  const path = `/clusters/${segment(cluster)}/apis/authentication.k8s.io/v1/selfsubjectreviews`;
  const { value } = await ask(path, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
  return value.status?.userInfo?.username ?? '';
}

/** discover asks for everything that can be listed, by aggregated discovery: two requests. */
export async function discover(cluster) {
  const root = `/clusters/${segment(cluster)}`;
  const lists = await Promise.all(['/api', '/apis'].map((path) => ask(root + path, { headers: { Accept: discoveryForm } })));
  const old = lists.find(({ value }) => value.kind !== 'APIGroupDiscoveryList');
  if (old) throw new Failure('This API server has no aggregated discovery: Kubernetes 1.26 or later is needed.', old.answer);
  return lists.flatMap(({ value }) => value.items ?? []).flatMap(resourcesOf);
}

/** resourcesOf are a group's resources, each in the version that the API server prefers. */
function resourcesOf(item) {
  const found = new Map();
  const group = item.metadata?.name ?? '';
  for (const { version, resources = [] } of item.versions ?? []) {
    for (const { resource, verbs = [], scope, responseKind, singularResource, shortNames = [] } of resources) {
      if (!verbs.includes('list') || found.has(resource)) continue;
      const key = group === '' ? resource : `${resource}.${group}`;
      const kind = responseKind?.kind ?? '';
      found.set(resource, { key, group, version, resource, kind, singularResource, shortNames, namespaced: scope === 'Namespaced' });
    }
  }
  return [...found.values()];
}

/** namespaces asks in which namespaces the caller may list a resource. */
export async function namespaces({ cluster, resource }) {
  const query = new URLSearchParams({ resource: resource.key, pretty: 'false' });
  return (await ask(`/k8cache/v1/clusters/${segment(cluster)}/namespaces?${query}`)).value.namespaces ?? [];
}

/**
 * seesAll asks whether the caller may list all of a collection, as an API server would judge it. One item is asked for at
 * the most.
 */
export async function seesAll(target) {
  try {
    await ask(`${collectionPath(target)}?scope=strict&limit=1&pretty=false`);
    return true;
  } catch (error) {
    if (error.answer?.status === 403) return false;
    throw error;
  }
}

/** object gets one object as text, indented by whoever answers. */
export const object = (target, signal) =>
  exchange(`${objectPath(target)}?pretty=true`, { headers: credentials(), signal });

// A worker's address is a script's, so Trusted Types want a policy for it; it knows this one address.
const address = new URL('worker.js', import.meta.url).href;
const policy = globalThis.trustedTypes?.createPolicy('k8cache-worker', { createScriptURL: () => address });
const worker = new Worker(policy ? policy.createScriptURL('') : address, { type: 'module' });
const waiting = new Map();
let last = 0;

worker.addEventListener('message', ({ data: { id, ...result } }) => {
  waiting.get(id)?.(result);
  waiting.delete(id);
});

worker.addEventListener('error', () => {
  for (const resolve of waiting.values()) resolve({ error: 'This browser cannot run the explorer: it takes no module workers.' });
  waiting.clear();
});

/**
 * list asks for a collection, and resolves to { answer, rows }, to { answer } alone where nothing has changed since the
 * given ETag, to { answer, error }, or to { aborted } where another list was asked for meanwhile. With target.past the
 * API server is asked, past the cache.
 */
export function list(target, etag = '') {
  const id = ++last;
  const headers = credentials();
  if (target.past) headers['Cache-Control'] = 'no-cache';
  else if (etag) headers['If-None-Match'] = etag;
  const url = new URL(`${collectionPath(target)}?pretty=false`, location.origin).href;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    worker.postMessage({ id, url, headers, kind: target.resource.kind });
  });
}
