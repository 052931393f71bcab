// Makes the Copy buttons work.
(() => {
  const words = document.currentScript.dataset;
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const status = document.createElement("span");
    status.setAttribute("role", "status");
    status.className = "hint";
    button.after(" ", status);
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText.trim());
        status.textContent = words.copied;
      } catch {
        status.textContent = words.notCopied;
      }
    });
  }
})();
