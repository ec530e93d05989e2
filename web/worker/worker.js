// Keeps the desk's own files, so that it opens without a network. Answers of the API are never kept:
// what is not a file of this build goes to the network as if nobody stood between.

/** The files of the build and its name, put in when it is built. */
const FILES = self.__FILES__;
const BUILD = self.__BUILD__;
const CACHE = `purser-${BUILD}`;
const PAGE = "/index.html";
/** How long a page is waited for before the kept one is shown, in milliseconds. */
const PATIENCE = 3_000;

self.addEventListener("install", (event) => {
  // Past the browser's own cache: what is kept is what this build has.
  const fresh = FILES.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

self.addEventListener("activate", (event) => {
  // It begins when no page of an older build is open, so nobody misses what is removed.
  const old = (name) => name.startsWith("purser-") && name !== CACHE;
  const clean = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter(old).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(clean());
});

const kept = async (file) => (await caches.open(CACHE)).match(file);

/** The page from the server; the kept one where there is no network, or a slow one. */
async function page(request) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const asked = fetch(request).catch(() => undefined);
  const told = await Promise.race([asked, late]);
  return told ?? (await kept(PAGE)) ?? (await asked) ?? Response.error();
}

async function file(request, path) {
  return (await kept(path)) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (/^\/(api|health|metrics)(\/|$)/.test(pathname)) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (FILES.includes(pathname)) event.respondWith(file(request, pathname));
});
