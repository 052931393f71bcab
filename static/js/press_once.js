// Ignores a second press of a form's button for three seconds; the server refuses a repeated deed by itself.
(() => {
  const PAUSE = 3000;
  let last = 0;
  let lastForm = null;
  document.addEventListener("submit", (event) => {
    const now = Date.now();
    if (event.target === lastForm && now - last < PAUSE) {
      event.preventDefault();
      return;
    }
    last = now;
    lastForm = event.target;
  });
  // A page shown again by the Back button may be sent again at once.
  addEventListener("pageshow", () => { lastForm = null; });
})();
