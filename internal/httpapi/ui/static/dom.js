// Elements without markup: whatever a cluster sends becomes text, never HTML.

/** byId returns one of the page's own elements. */
export const byId = (id) => document.getElementById(id);

/**
 * el makes an element. `text` is its text, `on` its event listeners; any other key is an attribute, left out where the
 * value is false, null or undefined. Children are elements or strings, and strings become text nodes.
 */
export function el(tag, { text, on = {}, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value != null) node.setAttribute(name, value === true ? '' : value);
  }
  for (const [event, listener] of Object.entries(on)) node.addEventListener(event, listener);
  if (text != null) node.textContent = text;
  node.append(...children.filter((child) => child != null));
  return node;
}

/** show hides an element or shows it. */
export function show(node, visible) {
  node.hidden = !visible;
}

/** typing says whether a key press belongs to a field that takes text. */
export function typing(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, select, textarea') != null;
}

/** copyButton makes a button that copies what `read` returns, and says so. `what` names that to those who do not see. */
export function copyButton(what, read) {
  const button = el('button', { type: 'button', class: 'small', 'aria-label': `Copy ${what}`, text: 'Copy' });
  button.addEventListener('click', async () => {
    let said = 'Copied';
    try {
      await navigator.clipboard.writeText(read());
    } catch {
      said = 'Not allowed here'; // browsers allow it on HTTPS and localhost
    }
    button.textContent = said;
    button.setAttribute('aria-label', said);
    setTimeout(() => {
      button.textContent = 'Copy';
      button.setAttribute('aria-label', `Copy ${what}`);
    }, 1500);
  });
  return button;
}
