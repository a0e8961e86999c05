// The door: where a token is pasted, or the name of a cluster that is not listed.

import { byId, copyButton, show } from './dom.js';
import { visible } from './format.js';
import { hasToken, setToken, tokenFault } from './session.js';

/** Gate covers the page until there is somebody to ask as. `enter` is called with a new token in place. */
export class Gate {
  #gate = byId('gate');
  #app = byId('app');
  #field = byId('token-field');
  #fault = byId('token-fault');
  #cancel = byId('token-cancel');

  constructor(enter) {
    byId('token-form').addEventListener('submit', (event) => {
      event.preventDefault();
      const fault = tokenFault(this.#field.value);
      this.#say(fault);
      if (fault) {
        this.#field.select();
        return;
      }
      setToken(this.#field.value);
      this.#field.value = '';
      enter();
    });
    this.#cancel.addEventListener('click', () => this.close());
    byId('token-forget').addEventListener('click', () => {
      setToken('');
      enter();
    });
    byId('token-example').append(copyButton('the kubectl line', () => byId('token-command').textContent));
  }

  get isOpen() { return !this.#gate.hidden; }

  /** open asks for a token; the error says why, and `refused` whether one was given. */
  open(error, refused) {
    const status = error?.answer?.status;
    this.#say(error && (status !== 401 || refused) ? `${titles[status] ?? 'That did not work.'} ${visible(error.message)}` : '');
    show(this.#cancel, !error);
    show(byId('token-forget'), hasToken());
    show(this.#app, false);
    show(this.#gate, true);
    this.#field.focus();
  }

  /** close uncovers the page. */
  close() {
    this.#field.value = '';
    show(this.#gate, false);
    show(this.#app, true);
  }

  /** busy says that the token is being tried. */
  busy(waiting) {
    byId('token-submit').classList.toggle('waiting', waiting);
    byId('token-submit').disabled = waiting;
  }

  /** askCluster asks for a cluster's name. */
  askCluster(chosen, cancelled) {
    const dialog = byId('cluster-dialog');
    const field = byId('cluster-name');
    field.value = '';
    dialog.returnValue = '';
    dialog.addEventListener('close', () => {
      const name = field.value.trim();
      if (dialog.returnValue === 'open' && name) chosen(name);
      else cancelled();
    }, { once: true });
    dialog.showModal();
  }

  #say(text) {
    this.#fault.textContent = text;
    show(this.#fault, text !== '');
    this.#field.setAttribute('aria-invalid', text !== '');
  }
}

const titles = { 0: 'No answer.', 401: 'The cluster does not know this token.', 503: 'The cluster cannot be asked now.' };
