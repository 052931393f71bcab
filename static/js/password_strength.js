// Says in words how good a new password is.
(() => {
  const out = document.getElementById("strength");
  const field = document.querySelector("[autocomplete=new-password]");
  const { short, long, levels } = out.dataset;
  const words = () => {
    const text = field.value.normalize("NFKC");
    const size = [...text].length;
    if (size < 10) return size ? short.split("|")[9 - size] : "";
    if (size > 128) return long;
    const pairs = new Set();
    let last;
    for (const one of text.replace(/^\P{L}+|\P{L}+$/gu, "")) {
      if (last && Math.abs(one.codePointAt() - last.codePointAt()) > 1) pairs.add(last + one);
      last = one;
    }
    return levels.split("|")[[7, 11, 15].filter((least) => pairs.size >= least).length];
  };
  let wait;
  field.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(() => (out.textContent = words()), 400);
  });
})();
