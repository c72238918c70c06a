// What the chat does in the browser alone: cards brought forward, answers announced, scrolled to and copied.

const calm = matchMedia('(prefers-reduced-motion: reduce)');

const scrollTo = (element, block) =>
  element.scrollIntoView({ block, behavior: calm.matches ? 'auto' : 'smooth' });

const announce = (words) => {
  document.getElementById('announcement').textContent = words;
};

function bringForward(card) {
  const exchange = card.closest('.of');
  for (const other of document.querySelectorAll('#sources .of')) other.hidden = other !== exchange;
  for (const other of document.querySelectorAll('#sources .card')) other.classList.toggle('current', other === card);
  for (const chip of document.querySelectorAll('.chip')) {
    if (chip.dataset.card === card.id) chip.setAttribute('aria-current', 'true');
    else chip.removeAttribute('aria-current');
  }
  card.focus({ preventScroll: true });
  scrollTo(card, 'start');
}

async function copyAnswer(button) {
  const label = button.textContent;
  await navigator.clipboard.writeText(button.dataset.copy);
  const copied = document.getElementById('announcement').dataset.copied;
  button.textContent = copied;
  announce(copied);
  setTimeout(() => { button.textContent = label; }, 2000);
}

document.addEventListener('click', (event) => {
  const button = event.target.closest?.('button');
  if (!button) return;
  if (button.dataset.card) {
    const card = document.getElementById(button.dataset.card);
    if (card) bringForward(card);
  } else if (button.dataset.back) {
    const chip = document.querySelector(`.chip[data-card="${CSS.escape(button.dataset.back)}"]`);
    if (chip) { chip.focus({ preventScroll: true }); scrollTo(chip, 'center'); }
  } else if (button.dataset.copy) {
    copyAnswer(button);
  }
});

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
  const last = [...document.querySelectorAll('#conversation .exchange')].at(-1);
  const state = last ? `${last.id}${last.classList.contains('pending') ? ' pending' : ''}` : '';
  if (state === shown) return;
  shown = state;
  if (!last) return;
  scrollTo(last, 'start');
  const words = last.querySelectorAll('.words, .sentence, .aside, .searching');
  announce([...words].map((one) => one.textContent).join(' '));
}

new MutationObserver(follow).observe(document.querySelector('gradio-app'), { childList: true, subtree: true });
