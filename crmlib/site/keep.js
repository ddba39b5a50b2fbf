// Read without a network: what was opened is kept by itself, the whole book when asked for. A folder needs none of it.
async function keepPages() {
  await navigator.serviceWorker.register(new URL("../sw.js", document.baseURI));
  document.head.append(element("link", { rel: "manifest", href: new URL("../app.webmanifest", document.baseURI) }));
  const { active } = await navigator.serviceWorker.ready;
  const read = performance.getEntriesByType("resource").map(({ name }) => name);
  active.postMessage({ read: [location.href.split("#")[0], ...read.filter((name) => name.startsWith(location.origin))] });
  const place = document.getElementById("progress");
  if (!place) return;
  const status = element("p", { role: "status" });
  const button = pressed(site.words.keep, () => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => (status.textContent = data ? site.words.whole : site.words.notKept);
    status.textContent = site.words.keeping;
    active.postMessage({}, [port2]);
  });
  place.after(element("section", {}, button, status));
}
if (location.protocol.startsWith("http") && navigator.serviceWorker) addEventListener("load", () => keepPages().catch(() => {}));
