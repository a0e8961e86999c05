// Who is asking. The token lives in this variable: not in the URL, not in a cookie, not in storage. A reload forgets it.

let token = '';

/** setToken takes what was pasted, with or without "Bearer". An empty one forgets. */
export function setToken(pasted) {
  token = bare(pasted);
}

const bare = (pasted) => pasted.trim().replace(/^Bearer(\s+|$)/i, '');

/** hasToken says whether there is one. */
export const hasToken = () => token !== '';

/** credentials are the headers of every request. */
export const credentials = () => (token === '' ? {} : { Authorization: `Bearer ${token}` });

/** tokenFault says why what was pasted cannot be a token, or nothing. A header takes only visible ASCII. */
export function tokenFault(pasted) {
  const text = bare(pasted);
  if (text === '') return 'Paste a token first.';
  return /^[\x21-\x7e]+$/.test(text) ? '' : 'This is no token: it has spaces, line breaks or letters that no token has.';
}
