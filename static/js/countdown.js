// Counts down to a results day and then opens the page anew: by the server's seconds, not by this machine's clock.
{
  const start = performance.now();
  const tick = () => {
    for (const line of document.querySelectorAll("[data-left]")) {
      const { left: all, seconds, words } = line.dataset;
      const left = Math.ceil(all - (performance.now() - start) / 1000);
      // Not everybody in one moment; whether it is time, the server says.
      if (left < 1) return setTimeout(() => location.reload(), Math.random() * 3000);
      const minutes = Math.ceil(left / 60);
      const text = left < 60 ? `${seconds} ${left}` : words.replace("H#", Math.floor(minutes / 60)).replace("M#", minutes % 60);
      if (line.textContent !== text) line.textContent = text;
    }
    setTimeout(tick, 1000);
  };
  tick();
}
