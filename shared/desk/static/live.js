// Pages follow what happens: when the service says that something changed, the part marked data-live is fetched anew.
(() => {
  const part = () => document.querySelector("[data-live]");
  const busy = () => part()?.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
  const refresh = async () => {
    const here = part();
    if (!here || busy() || (document.hidden && !("things" in here.dataset))) return;
    const answer = await fetch(location.href, { headers: { "x-live": "1" }, redirect: "manual" });
    if (!answer.ok) return;
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = read.querySelector("[data-live]");
    if (!fresh || busy() || fresh.outerHTML === here.outerHTML) return;
    here.replaceWith(fresh);
    document.title = read.title;
    document.dispatchEvent(new Event("fresh"));
  };
  if (part()) {
    const changes = new EventSource("/desk/live");
    changes.addEventListener("changed", refresh);
    document.addEventListener("visibilitychange", refresh);
  }

  // A session that ends soon says so.
  const ending = document.getElementById("ending");
  if (ending) {
    const left = new Date(ending.dataset.ends) - Date.now();
    setTimeout(() => { ending.hidden = false; }, Math.max(0, left - 120000));
    setTimeout(() => location.reload(), left + 2000);
  }

  // Leave quickly: nothing of this page stays in the way back.
  document.getElementById("leave")?.closest("form").addEventListener("submit", () => { document.body.replaceChildren(); });
})();
