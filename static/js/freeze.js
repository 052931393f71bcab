// Takes the reference from our link.
(() => {
  const reference = location.hash.slice(1);
  const field = document.querySelector("[data-reference]");
  if (!/^[a-z2-9-]{26,60}$/.test(reference)) return;
  history.replaceState(null, "", location.pathname);
  if (field) field.value = reference;
})();
