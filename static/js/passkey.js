// Makes the passkey button work.
(() => {
  const form = document.querySelector("form[data-options]");
  if (!form || !window.PublicKeyCredential) return;
  const words = form.dataset;
  const status = form.querySelector("[role=status]");
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  const ask = async () => {
    const publicKey = JSON.parse(words.options);
    const { user, excludeCredentials, allowCredentials } = publicKey;
    publicKey.challenge = bytes(publicKey.challenge);
    for (const part of [user ?? [], excludeCredentials ?? [], allowCredentials ?? []].flat()) part.id = bytes(part.id);
    const { id, type, response } = await navigator.credentials[user ? "create" : "get"]({ publicKey });
    const parts = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (response[name]) parts[name] = text(response[name]);
    form.elements.credential.value = JSON.stringify({ id, rawId: id, type, response: parts });
    form.submit();
  };
  let busy;
  const say = (sentence) => { busy = false; status.textContent = sentence; };
  say("");
  form.querySelector("button").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (busy) return;
    say("");
    busy = true;
    ask().catch(({ name }) => say({ NotAllowedError: words.cancelled, InvalidStateError: words.known }[name] ?? words.failed));
  });
})();
