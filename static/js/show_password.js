// Adds Show buttons to password fields.
(() => {
  const words = document.currentScript.dataset;
  const part = (button, kind, value) => {
    const span = document.createElement("span");
    span.setAttribute(kind, value);
    button.append(span);
    return span;
  };
  for (const field of document.querySelectorAll("input[type=password]")) {
    const row = document.createElement("div");
    const button = document.createElement("button");
    const seen = part(button, "aria-hidden", "true");
    const said = part(button, "class", "visually-hidden");
    const show = (shown) => {
      field.type = shown ? "text" : "password";
      seen.textContent = shown ? words.hide : words.show;
      said.textContent = shown ? words.hidePassword : words.showPassword;
    };
    row.className = "with-button";
    button.type = "button";
    button.className = "button secondary";
    button.setAttribute("aria-controls", field.id);
    field.spellcheck = false;
    field.autocapitalize = "none";
    field.replaceWith(row);
    row.append(field, button);
    const status = part(row, "role", "status");
    status.className = "visually-hidden";
    show(false);
    button.addEventListener("click", () => {
      show(field.type === "password");
      status.textContent = field.type === "text" ? words.shown : words.hidden;
    });
    field.form?.addEventListener("submit", () => show(false));
  }
})();
