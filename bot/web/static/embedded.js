// The chat in a frame on another site's page: Escape is told to that page, where the widget closes the frame.
if (parent !== window) {
  addEventListener('keydown', (event) => {
    // The message says nothing, so that any page may read it.
    if (event.key === 'Escape' && !event.defaultPrevented) parent.postMessage('orgbot:close', '*');
  });
}
