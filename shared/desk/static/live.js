// Pages follow what happens: when the service says that something changed, htmx fetches the live part of a page anew.
(() => {
  const part = () => document.getElementById("live");
  const busy = () => part().contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
  const unwatched = () => document.hidden && !("things" in part().dataset);
  if (part()) {
    const changes = new EventSource(`/desk/live?after=${document.getElementById("main").dataset.mark}`);
    changes.addEventListener("changed", () => htmx.trigger(part(), "changed"));
    document.addEventListener("visibilitychange", () => htmx.trigger(part(), "changed"));
    document.addEventListener("htmx:beforeRequest", (event) => { if (busy() || unwatched()) event.preventDefault(); });
    // What says the same stays as it is, and another page, as where a session has ended, is not put in its place.
    document.addEventListener("htmx:beforeSwap", ({ detail }) => {
      const fresh = new DOMParser().parseFromString(detail.serverResponse, "text/html").getElementById("live");
      detail.shouldSwap &&= fresh !== null && !busy() && fresh.innerHTML !== part().innerHTML;
    });
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
