// JSON as text that can be folded. The text is the server's own, line by line, never parsed: numbers keep all their digits.

import { el } from './dom.js';
import { visible } from './format.js';

const manyLines = 3000;
const token = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** jsonView shows indented JSON. Sections are <details>; those named in `folded` begin closed, as do deep ones of huge texts. */
export function jsonView(text, folded = []) {
  const lines = indented(text).split('\n');
  const ends = endsOf(lines);
  const view = el('div', { class: 'json' });
  fill(view, { lines, ends, folded, deepest: lines.length > manyLines ? 2 : Infinity }, 0, lines.length, 0);
  return view;
}

/** indented is the text as it came, unless whoever answered did not indent it. */
function indented(text) {
  if (text.trimEnd().includes('\n')) return text.trimEnd();
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** endsOf maps each line that opens a section to the line that closes it. */
function endsOf(lines) {
  const open = [];
  const ends = new Map();
  lines.forEach((line, i) => {
    if (/^\s*[}\]],?$/.test(line)) ends.set(open.pop(), i);
    else if (/[{[]$/.test(line)) open.push(i);
  });
  return ends;
}

/** fill appends the lines from..to; a section's own lines are made when it is first opened. */
function fill(parent, context, from, to, depth) {
  for (let i = from; i < to; i += 1) {
    const end = context.ends.get(i);
    if (end == null || end >= to) {
      parent.append(lineOf(context.lines[i], 'div'));
    } else {
      parent.append(section(context, i, end, depth));
      i = end;
    }
  }
}

function section(context, begin, end, depth) {
  const name = /^\s*"([^"]*)":/.exec(context.lines[begin])?.[1];
  const body = el('div');
  const summary = lineOf(context.lines[begin], 'summary');
  summary.append(el('span', { class: 'rest', text: ` … ${context.lines[end].trim()}` }));
  const open = !context.folded.includes(name) && depth < context.deepest;
  const details = el('details', { open }, summary, body, lineOf(context.lines[end], 'div'));
  const unfold = () => {
    if (!body.hasChildNodes()) fill(body, context, begin + 1, end, depth + 1);
  };
  if (open) unfold();
  details.addEventListener('toggle', unfold, { once: true });
  return details;
}

function lineOf(line, tag) {
  const node = el(tag, { class: 'line' });
  let at = 0;
  for (const match of line.matchAll(token)) {
    node.append(visible(line.slice(at, match.index)), el('span', { class: classOf(match), text: visible(match[1] ?? match[0]) }));
    if (match[2]) node.append(match[2]);
    at = match.index + match[0].length;
  }
  node.append(visible(line.slice(at)));
  return node;
}

function classOf([, text, colon, word]) {
  if (text != null) return colon ? 'key' : 'string';
  return word != null ? 'word' : 'number';
}
