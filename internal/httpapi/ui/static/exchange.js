// One request and its answer. Used by the page and by its worker.

/** A Failure is an answer that is no success, or no answer at all (status 0). */
export class Failure extends Error {
  constructor(message, answer) {
    super(message);
    this.answer = answer;
  }
}

/**
 * exchange sends a request and reads the answer to its end: its text, and what the page says of it. The browser keeps no
 * copy, and a redirect is not followed, because it would take the token along. Cache-Control is named, because browsers
 * add no-cache to requests without it that keep no copy, and no-cache goes past k8cache.
 */
export async function exchange(url, { method = 'GET', headers = {}, body, signal } = {}) {
  const request = {
    method, body, signal, headers: { 'Cache-Control': 'no-store', ...headers },
    cache: 'no-store', redirect: 'error', referrerPolicy: 'no-referrer',
  };
  const began = performance.now();
  let response;
  let content;
  let first;
  try {
    response = await fetch(url, request);
    first = performance.now();
    content = await response.arrayBuffer();
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    const when = response ? 'The answer broke off.' : 'k8cache does not answer.';
    throw new Failure(when, { status: 0, milliseconds: performance.now() - began, method, url });
  }
  const answer = {
    method,
    url,
    firstByte: first - began,
    milliseconds: performance.now() - began,
    ...describe(response, content.byteLength),
  };
  const text = new TextDecoder().decode(content);
  if (!response.ok && response.status !== 304) throw new Failure(messageOf(text), answer);
  return { text, answer };
}

function describe({ status, headers }, size) {
  const encoding = headers.get('content-encoding') ?? '';
  return {
    status,
    bytes: size,
    encoding,
    sent: sent(headers, encoding, size),
    cacheStatus: headers.get('cache-status') ?? '',
    age: headers.get('age') ?? '',
    warnings: warningsOf(headers.get('warning') ?? ''),
    retryAfter: headers.get('retry-after') ?? '',
    etag: headers.get('etag') ?? '',
  };
}

/** sent is the size on the wire, or nothing where an encoded answer did not say it. */
function sent(headers, encoding, size) {
  const length = headers.get('content-length');
  if (length != null) return Number(length);
  return encoding === '' ? size : null;
}

/** warningsOf reads the texts out of Warning headers (RFC 7234), which the browser hands over joined. */
export function warningsOf(header) {
  const texts = [...header.matchAll(/\d{3} \S+ "([^"\\]*(?:\\.[^"\\]*)*)"/g)].map((match) => match[1].replace(/\\(.)/g, '$1'));
  return texts.length === 0 && header !== '' ? [header] : texts;
}

/** messageOf is what a Status says, or the text itself where it is none. */
export function messageOf(text) {
  try {
    const status = JSON.parse(text);
    if (status.kind === 'Status') return status.message || status.reason || 'The answer gives no reason.';
  } catch {
    // not JSON
  }
  return text.slice(0, 1000) || 'The answer gives no reason.';
}
