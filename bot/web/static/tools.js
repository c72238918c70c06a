// What can be done with an answer: copied, kept, asked again or otherwise, voted on.

import { remembered, rememberVote } from './history.js';
import { announce, exchanges, onButton, send, text } from './page.js';

onButton('question', (_, question) => send('example', { question }));
onButton('interrupt', () => send('interrupt'));
onButton('again', () => send('again'));

onButton('copy', async (button, words) => {
  const label = button.textContent;
  await navigator.clipboard.writeText(words);
  button.textContent = text('copied');
  announce(text('copied'));
  setTimeout(() => { button.textContent = label; }, 2000);
});

// The question changed and asked again.

function editing(button, open) {
  const exchange = button.closest('.exchange');
  exchange.querySelector('.editing').hidden = !open;
  exchange.querySelector('.asked').hidden = open;
  exchange.querySelector('[data-edit]').setAttribute('aria-expanded', open);
  exchange.querySelector(open ? '.editing textarea' : '[data-edit]').focus();
}

const sendEdited = (exchange) => send('again', { question: exchange.querySelector('.editing textarea').value });

onButton('edit', (button) => editing(button, true));
onButton('leaveEdited', (button) => editing(button, false));
onButton('sendEdited', (button) => sendEdited(button.closest('.exchange')));

document.addEventListener('keydown', (event) => {
  if (!event.target.matches?.('.editing textarea')) return;
  if (event.key === 'Enter' && !event.shiftKey) {
    event.preventDefault();
    sendEdited(event.target.closest('.exchange'));
  } else if (event.key === 'Escape') {
    event.preventDefault();
    editing(event.target, false);
  }
});

// Votes.

const press = (button, pressed) => button.setAttribute('aria-pressed', pressed);

function showVote(exchange, vote) {
  for (const thumb of exchange.querySelectorAll('[data-vote]')) press(thumb, thumb.dataset.vote === vote);
}

export function showVotes() {
  const votes = new Map(remembered().map((one) => [one.id, one.vote]));
  for (const exchange of exchanges()) showVote(exchange, votes.get(exchange.dataset.answer));
}

function vote(exchange, detail) {
  const answer = exchange.dataset.answer;
  exchange.querySelector('.voted').textContent = '';
  showVote(exchange, detail.vote);
  rememberVote(answer, detail.vote);
  send('vote', { answer, ...detail });
}

function unfold(exchange, open) {
  exchange.querySelector('.why').hidden = !open;
  exchange.querySelector('[data-vote="down"]').setAttribute('aria-expanded', open);
}

onButton('vote', (button, chosen) => {
  const exchange = button.closest('.exchange');
  unfold(exchange, chosen === 'down');
  vote(exchange, { vote: chosen });
});

onButton('reason', (button) => {
  const pressed = button.getAttribute('aria-pressed') === 'true';
  for (const other of button.closest('.reasons').querySelectorAll('button')) press(other, other === button && !pressed);
});

onButton('sendVote', (button) => {
  const exchange = button.closest('.exchange');
  const reason = exchange.querySelector('[data-reason][aria-pressed="true"]')?.dataset.reason ?? null;
  const comment = exchange.querySelector('.why textarea').value;
  unfold(exchange, false);
  exchange.querySelector('[data-vote="down"]').focus();
  vote(exchange, { vote: 'down', reason, comment });
});

/** Show what the server says of the last vote beside the answer. */
export function showNotice() {
  const notice = document.querySelector('#notice [data-answer]');
  if (!notice) return;
  const exchange = exchanges().find((one) => one.dataset.answer === notice.dataset.answer);
  const voted = exchange?.querySelector('.voted');
  if (!voted || notice.dataset.seen) return;
  notice.dataset.seen = 'true';
  voted.textContent = notice.textContent;
  announce(notice.textContent);
  if (!notice.dataset.kept) {
    rememberVote(notice.dataset.answer);
    showVote(exchange);
  }
}

// The whole conversation as a file.

const FORMS = {
  md: { type: 'text/markdown', write: (all) => all.map((one) => one.dataset.markdown).join('\n') },
  json: {
    type: 'application/json',
    write: (all) => JSON.stringify(all.map((one) => JSON.parse(one.dataset.record)), null, 1),
  },
};

onButton('export', (_, form) => {
  const { type, write } = FORMS[form];
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([write(exchanges())], { type: `${type};charset=utf-8` }));
  link.download = `${text('exportName')}.${form}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});
