// The chat on a page of another site: <script src="https://HOST/widget.js" data-language="fr" defer></script>
// A button opens it in a frame. Nothing is asked of any server before that, and nothing is stored.
(() => {
  const WORDS = {
    fr: { open: 'Poser une question', close: 'Fermer les questions et réponses', title: 'Questions et réponses' },
    en: { open: 'Ask a question', close: 'Close the questions and answers', title: 'Questions and answers' },
    es: { open: 'Hacer una pregunta', close: 'Cerrar las preguntas y respuestas', title: 'Preguntas y respuestas' },
  };
  const STYLE = `
    :host { all: initial; color-scheme: light dark; --brand: #0b4f8a; --ink: #fff; --page: #fff; --line: #d5dce5; --focus: #b8430a; }
    @media (prefers-color-scheme: dark) {
      :host { --brand: #0d3b66; --page: #10161f; --line: #324052; --focus: #ffb27a; }
    }
    button { font: 600 1rem/1.25 system-ui, sans-serif; color: var(--ink); background: var(--brand); border: 1px solid var(--line); cursor: pointer; }
    button:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
    .open { position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483646; max-width: calc(100vw - 2rem); min-height: 2.75rem; padding: .75rem 1.25rem; border-radius: 1.5rem; box-shadow: 0 2px 12px #0005; }
    .panel { position: fixed; inset: auto 1rem 5rem auto; z-index: 2147483647; box-sizing: border-box; display: flex; flex-direction: column; width: min(30rem, calc(100vw - 2rem)); height: min(44rem, calc(100vh - 7rem)); overflow: hidden; background: var(--page); border: 1px solid var(--line); border-radius: .75rem; box-shadow: 0 4px 32px #0006; }
    .panel[hidden] { display: none; }
    .close { align-self: flex-end; flex: none; min-width: 2.75rem; min-height: 2.75rem; margin: .25rem; border-radius: .5rem; }
    iframe { flex: 1; width: 100%; min-height: 0; border: 0; background: var(--page); }
    @media (max-width: 480px) {
      .panel { inset: 0; width: 100vw; height: 100%; border: 0; border-radius: 0; }
    }
    @media (prefers-reduced-motion: no-preference) {
      .panel { animation: rise .15s ease-out; }
      @keyframes rise { from { opacity: 0; transform: translateY(.5rem); } }
    }
    @media print { :host { display: none; } }
  `;

  const script = document.currentScript;
  const { href: home, origin } = new URL('.', script.src); // the server may stand below a path
  const asked = [script.dataset.language, document.documentElement.lang, navigator.language];
  const language = asked.map((one) => (one ?? '').slice(0, 2).toLowerCase()).find((one) => one in WORDS) ?? 'en';
  const words = WORDS[language];

  function element(name, attributes) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function build() {
    const host = element('div', { lang: language });
    const root = host.attachShadow({ mode: 'open' });
    // A sheet of this kind is not subject to the page's policy of styles.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];

    const button = element('button', { type: 'button', class: 'open', 'aria-expanded': 'false', 'aria-controls': 'panel' });
    button.textContent = words.open;
    const panel = element('div', { id: 'panel', class: 'panel', role: 'dialog', 'aria-label': words.title, hidden: '' });
    const close = element('button', { type: 'button', class: 'close', 'aria-label': words.close });
    close.textContent = '✕';
    panel.append(close);
    root.append(panel, button);
    document.body.append(host);

    let frame = null;
    function show(open) {
      if (open && !frame) {
        const src = `${home}${language}/?embedded=1`;
        frame = element('iframe', { title: words.title, src, allow: 'clipboard-write', referrerpolicy: 'no-referrer' });
        panel.append(frame);
      }
      panel.hidden = !open;
      button.setAttribute('aria-expanded', String(open));
      (open ? close : button).focus();
    }

    button.addEventListener('click', () => show(panel.hidden));
    close.addEventListener('click', () => show(false));
    root.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !panel.hidden) show(false);
    });
    // Keys pressed inside the frame stay there: the chat tells of Escape.
    addEventListener('message', (event) => {
      const ours = frame && event.source === frame.contentWindow && event.origin === origin;
      if (ours && event.data === 'orgbot:close' && !panel.hidden) show(false);
    });
  }

  if (document.body) build();
  else addEventListener('DOMContentLoaded', build);
})();
