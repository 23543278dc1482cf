// Keeps the page usable without a network. script/postbuild.mjs writes the two lines above: the build's name and its files.
//
// One build's files are stored together and answered together, so that the page never mixes two builds:
// - the page itself comes from the network when that answers, else from the store;
// - a file of this build comes from the store: its name holds its checksum, so it cannot be out of date;
// - a newer worker waits until every tab of the older one is closed, or until a person says so. Nothing reloads by itself in the
//   middle of an incident.

const STORE = `hopwise-${BUILD}`;
/** A network that answers slower than this counts as gone; during an incident it often is. Milliseconds. */
const PATIENCE = 3000;

addEventListener("install", (event) => {
  // Past the browser's own cache: an old copy there must not become part of this build.
  const files = ["./", ...FILES].map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(STORE).then((store) => store.addAll(files)));
});

addEventListener("message", (event) => event.data === "take over" && skipWaiting());

addEventListener("activate", (event) => {
  const olderOnes = (names) => names.filter((name) => name.startsWith("hopwise-") && name !== STORE);
  event.waitUntil(caches.keys().then((names) => Promise.all(olderOnes(names).map((name) => caches.delete(name)))));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const scope = new URL(registration.scope);
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) return;
  const file = url.pathname.slice(scope.pathname.length);
  if (file === "" || file === "index.html") {
    event.respondWith(page(request));
  } else if (FILES.includes(file)) {
    event.respondWith(stored(file).then((response) => response || fetch(request)));
  }
});

async function page(request) {
  try {
    const response = await fetch(request.url, { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE) });
    // A hotel's or proxy's login page also answers 200, but from another address.
    if (response.ok && !response.redirected) return response;
  } catch {
    // No network, or one too slow: the stored page follows.
  }
  return (await stored("./")) || Response.error();
}

async function stored(file) {
  return (await caches.open(STORE)).match(new URL(file, registration.scope));
}
