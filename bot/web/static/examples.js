element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-question]');
  if (button) trigger('example', { question: button.dataset.question });
});
