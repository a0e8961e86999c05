// Where the page is, kept behind the # of its address: cluster, resource, namespace and filter, so that reload, back and a
// sent link work. Never the token.

const keys = ['cluster', 'resource', 'namespace', 'filter'];

/** readPlace reads the address. Each value is a string; the empty one means none. */
export function readPlace() {
  const query = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(keys.map((key) => [key, query.get(key) ?? '']));
}

/** writePlace changes the address: a step of its own in the history, or not. */
export function writePlace(place, { step = true } = {}) {
  const query = new URLSearchParams(keys.filter((key) => place[key]).map((key) => [key, place[key]]));
  const hash = `#${query}`;
  if (hash === location.hash) return;
  if (step) history.pushState(null, '', hash);
  else history.replaceState(null, '', hash);
}
