// The way from the page's own script to the server: Gradio hands `trigger` to this script alone.
for (const name of ['example', 'again', 'interrupt', 'restore', 'vote']) {
  element.addEventListener(`chat:${name}`, (event) => trigger(name, event.detail));
}
element.dataset.listens = '';
element.dispatchEvent(new CustomEvent('chat:ready', { bubbles: true }));
