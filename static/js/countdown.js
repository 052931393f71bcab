// Counts the last minute of a results day and then opens the page anew: by the server's seconds, not by this machine's clock.
{
  const start = performance.now();
  const tick = () => {
    for (const line of document.querySelectorAll("[data-left]")) {
      const left = Math.ceil(line.dataset.left - (performance.now() - start) / 1000);
      // Not all in one moment: the server says whether it is time.
      if (left < 1) return setTimeout(() => location.reload(), Math.random() * 3000);
      if (left < 60) line.textContent = `${line.dataset.seconds} ${left}`;
    }
    setTimeout(tick, 1000);
  };
  tick();
}
