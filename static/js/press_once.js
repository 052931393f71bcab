// Ignores a second press for three seconds.
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
  // After the Back button:
  addEventListener("pageshow", () => { lastForm = null; });
})();
