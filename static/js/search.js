// Searches while one types.
{
  const form = document.querySelector("[role=search]");
  let wait;
  form.search.oninput = () => {
    clearTimeout(wait);
    wait = setTimeout(async () => {
      const body = new FormData(form);
      const answer = await fetch(form.action, { method: "POST", body });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (body.get("search") === form.search.value)
        for (const id of ["count", "found"]) window[id].replaceChildren(...page.getElementById(id).childNodes);
    }, 400);
  };
}
