// Tells whoever asked for it, while this page lies in the background, that something new waits: what kind, and how many.
(() => {
  const button = document.getElementById("tell");
  if (!button || !("Notification" in window)) return;
  const part = () => document.querySelector("[data-things]");
  const things = () => part().dataset.things.split(" ").filter(Boolean);
  let known = new Set(things());

  const offer = () => { button.hidden = Notification.permission !== "default"; };
  button.addEventListener("click", async () => { await Notification.requestPermission(); offer(); });
  offer();

  const tell = () => {
    const about = { body: part().dataset.says, lang: document.documentElement.lang, tag: "qorgau" };
    try {
      const shown = new Notification("Qorgau", about);
      shown.addEventListener("click", () => { window.focus(); shown.close(); });
    } catch {
      // Some telephones show only what a service worker asks for; the number in the title is there all the same.
    }
  };
  document.addEventListener("htmx:afterSwap", () => {
    const now = things();
    const isNew = now.some((one) => !known.has(one));
    known = new Set(now);
    if (isNew && document.hidden && Notification.permission === "granted") tell();
  });
})();
