// The cards of the cited passages: brought forward in the side panel or, on a phone, in a sheet below the answer.

import { onButton, scrollTo } from './page.js';

const phone = matchMedia('(max-width: 640px)');
const wide = matchMedia('(min-width: 769px)');
const cardOf = (chip) => document.getElementById(chip.dataset.card);
const chipOf = (id) => document.querySelector(`.chip[data-card="${CSS.escape(id)}"]`);

function show(card) {
  const exchange = card.closest('.of');
  for (const other of document.querySelectorAll('#sources .of')) other.hidden = other !== exchange;
  for (const other of document.querySelectorAll('#sources .card')) other.classList.toggle('current', other === card);
  for (const chip of document.querySelectorAll('.chip')) {
    if (chip.dataset.card === card.id) chip.setAttribute('aria-current', 'true');
    else chip.removeAttribute('aria-current');
  }
}

const openSheet = (open) => document.body.classList.toggle('sheet-open', open);

function backToAnswer(id) {
  openSheet(false);
  const chip = chipOf(id);
  if (!chip) return;
  chip.focus({ preventScroll: true });
  scrollTo(chip, 'center');
}

onButton('card', (chip) => {
  const card = cardOf(chip);
  if (!card) return;
  show(card);
  openSheet(phone.matches);
  card.focus({ preventScroll: true });
  scrollTo(card, 'start');
});

// To look at a source while going through the answer by keyboard; the focus stays at the answer.
document.addEventListener('focusin', (event) => {
  const card = event.target.matches?.('button.chip') ? cardOf(event.target) : null;
  if (!card || phone.matches) return;
  show(card);
  if (wide.matches) scrollTo(card, 'nearest');
});

onButton('back', (_, id) => backToAnswer(id));

onButton('close', () => backToAnswer(document.querySelector('#sources .card.current')?.id ?? ''));

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !document.body.classList.contains('sheet-open')) return;
  event.preventDefault();
  backToAnswer(document.querySelector('#sources .card.current')?.id ?? '');
});
