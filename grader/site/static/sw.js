// Lets the course be read and used without a network, once it has been opened.
//
// Scripts and data have an address for each version, so what is kept never grows old. Pages come
// from the network where there is one. The worker itself keeps the large files when it reads them.
const SITE = { version: "", files: [] };
const SCOPE = new URL("./", self.location.href);
const PREFIX = `alongside:${SCOPE.pathname}:`;
const NAME = `${PREFIX}${SITE.version}`;
const PATIENCE_MS = 4000;

const lasting = (url) => /\/(own|pyodide)\//.test(url.pathname.slice(SCOPE.pathname.length - 1));

async function install() {
  const cache = await caches.open(NAME);
  await Promise.all(SITE.files.map(async (file) => {
    const url = new URL(file, SCOPE);
    if (!(await cache.match(url))) await cache.add(new Request(url, { cache: lasting(url) ? "default" : "no-cache" }));
  }));
  await self.skipWaiting();
}

async function activate() {
  const names = await caches.keys(); // those of earlier versions
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function fromNetwork(request) {
  const reply = await fetch(request);
  if (reply.ok && !reply.redirected) (await caches.open(NAME)).put(request, reply.clone()).catch(() => {});
  return reply;
}

async function answer(request, url) {
  const kept = await caches.match(request, { ignoreSearch: true });
  if (kept && lasting(url)) return kept;
  if (!kept) return fromNetwork(request);
  const late = new Promise((resume) => setTimeout(() => resume(kept), PATIENCE_MS));
  return Promise.race([fromNetwork(request).catch(() => kept), late]);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || !url.href.startsWith(SCOPE.href)) return;
  event.respondWith(answer(event.request, url));
});
