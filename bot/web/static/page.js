// What the scripts of the chat share.

const calm = matchMedia('(prefers-reduced-motion: reduce)');

export const scrollTo = (element, block) =>
  element.scrollIntoView({ block, behavior: calm.matches ? 'auto' : 'smooth' });

const announcement = document.getElementById('announcement');

/** A text of the page's language that a script needs. */
export const text = (name) => announcement.dataset[name];

/** Have a screen reader say something. */
export const announce = (words) => { announcement.textContent = words; };

/** Send an event to the server; `events.js` passes it on. */
export const send = (name, detail = {}) =>
  document.querySelector('[data-listens]')?.dispatchEvent(new CustomEvent(`chat:${name}`, { detail }));

export const exchanges = () => [...document.querySelectorAll('#conversation .exchange:not(.pending)')];

/** Do something whenever a button whose data has that name is clicked. */
export function onButton(name, act) {
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('button');
    if (button && name in button.dataset) act(button, button.dataset[name]);
  });
}
