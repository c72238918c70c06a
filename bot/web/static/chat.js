// What the chat does in the browser alone: the page follows the conversation.

import './cards.js';
import { rememberShown } from './history.js';
import { announce, scrollTo } from './page.js';
import { showNotice, showVotes } from './tools.js';

// The question box has no id of its own for the link that skips to it.
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  document.querySelector('#question textarea, #question input')?.focus();
});

// Gradio puts the browser's language there; the page's own is on its body.
function keepLanguage() {
  const { language } = document.body.dataset;
  if (document.documentElement.lang !== language) document.documentElement.lang = language;
}

keepLanguage();
new MutationObserver(keepLanguage).observe(document.documentElement, { attributeFilter: ['lang'] });

let shown = '';

function follow() {
  showNotice();
  const all = [...document.querySelectorAll('#conversation .exchange')];
  const last = all.at(-1);
  const state = all.map((one) => (one.classList.contains('pending') ? 'pending' : `${one.id} ${one.dataset.answer}`)).join();
  if (state === shown) return;
  const first = shown === '';
  shown = state;
  document.body.classList.remove('sheet-open');
  if (!last?.classList.contains('pending')) {
    rememberShown();
    showVotes();
  }
  if (!last) return;
  scrollTo(last, 'start');
  const words = last.querySelectorAll('.answer .aside, .words, .newer, .sentence, .searching');
  if (!first || last.classList.contains('pending')) announce([...words].map((one) => one.textContent).join(' '));
}

new MutationObserver(follow).observe(document.querySelector('gradio-app'), { childList: true, subtree: true });
