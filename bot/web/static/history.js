// What the visitor's own browser remembers: the ids of the answers shown, and how they were voted; never their text.

import { exchanges, send } from './page.js';

const PLACE = 'orgbot-conversation';
const MOST = 20;
const ID = /^[\w-]{22}$/;

/** The remembered answers, oldest first: `[{ id, vote }]`; what is not ours is passed over. */
export function remembered() {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one) => ID.test(one?.id)).slice(-MOST) : [];
  } catch {
    return []; // storage is denied, or holds something else
  }
}

function keep(answers) {
  try {
    if (answers.length) localStorage.setItem(PLACE, JSON.stringify(answers.slice(-MOST)));
    else localStorage.removeItem(PLACE);
  } catch {
    // Without storage the conversation lasts as long as the page.
  }
}

export function rememberVote(id, vote) {
  keep(remembered().map((one) => (one.id === id ? { id, vote } : one)));
}

/** Remember what is shown now. */
export function rememberShown() {
  const votes = new Map(remembered().map((one) => [one.id, one.vote]));
  const ids = exchanges().map((one) => one.dataset.answer).filter((id) => ID.test(id));
  keep(ids.map((id) => (votes.get(id) ? { id, vote: votes.get(id) } : { id })));
}

let restored = false;

function restore() {
  if (restored) return;
  restored = true;
  const answers = remembered().map((one) => one.id);
  if (answers.length) send('restore', { answers });
}

document.addEventListener('chat:ready', restore);
if (document.querySelector('[data-listens]')) restore();
