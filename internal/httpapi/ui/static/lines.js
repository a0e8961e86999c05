// The same request as a command line. Names come from clusters and can hold anything, so all of it is quoted.

/** quoted is a word that a POSIX shell takes literally. */
export function quoted(word) {
  return /^[A-Za-z0-9_\-.,:/=@%+]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** curlLine asks for a path: past the cache where it should be. The token stays a variable of the shell. */
export function curlLine(origin, path, withToken, past = false) {
  const token = withToken ? '-H "Authorization: Bearer $TOKEN" ' : '';
  const control = past ? "-H 'Cache-Control: no-cache' " : '';
  return `curl ${token}${control}${quoted(origin + path)}`;
}

/**
 * kubectlLine lists a resource, or gets one object where a name is given. It is nothing where kubectl could not do it: it
 * sends no token over plain HTTP, and no header of one's own.
 */
export function kubectlLine(origin, { cluster, resource, namespace, name, past }, withToken) {
  if (past || (withToken && !origin.startsWith('https:'))) return '';
  const words = ['kubectl', `--server=${quoted(`${origin}/clusters/${encodeURIComponent(cluster)}`)}`];
  if (withToken) words.push('--token="$TOKEN"');
  words.push('get', quoted(name == null ? resource.key : `${resource.key}/${name}`));
  if (resource.namespaced) words.push(namespace ? `--namespace=${quoted(namespace)}` : '--all-namespaces');
  if (name != null) words.push('--output=json');
  return words.join(' ');
}
