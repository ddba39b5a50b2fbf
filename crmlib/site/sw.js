// Keeps what was read, so that it opens without a network: a page once it was opened, the whole book when asked to.
const EDITION = "{{ edition }}";
const WHOLE = {{ files }};
const FRESH = { cache: "no-cache" }; // of this edition: what the browser has from before may be of the former one
const BESIDE = 4; // files asked for at the same time: each has to wait for its answer

const kept = () => caches.open(EDITION);

// Another edition has other files; none of the former one's stays.
self.addEventListener("activate", (event) => {
  const others = caches.keys().then((names) => names.filter((name) => name.startsWith("crm-") && name !== EDITION));
  event.waitUntil(others.then((names) => Promise.all(names.map((name) => caches.delete(name)))).then(() => clients.claim()));
});
self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith(new URL("lite/", location.href).pathname)) return; // JupyterLite looks after itself
  event.respondWith(answer(event.request));
});

async function answer(request) {
  const store = await kept();
  const file = request.url.split(/[?#]/)[0].replace(/\/$/, "/index.html");
  const known = await store.match(file);
  if (known) return known;
  const fetched = await fetch(request, FRESH);
  if (fetched.ok) await store.put(file, fetched.clone());
  return fetched;
}

// Keep what is left; where a file cannot be had the others are left alone too.
async function keepAll(store, left) {
  try {
    for (let file = left.shift(); file; file = left.shift()) if (!(await store.match(file))) await store.add(new Request(file, FRESH));
  } finally {
    left.length = 0;
  }
}

// A page asks for the whole book, or, when it was first opened without this script, for what it has read itself.
self.addEventListener("message", (event) => {
  const left = event.data.read ?? WHOLE.map((path) => new URL(path, location.href).href);
  const done = kept().then(async (store) => {
    const ends = await Promise.allSettled(Array.from({ length: BESIDE }, () => keepAll(store, left)));
    if (ends.some(({ status }) => status === "rejected")) throw new Error("not all could be kept");
  });
  event.waitUntil(done.then(() => event.ports[0]?.postMessage(true), () => event.ports[0]?.postMessage(false)));
});
