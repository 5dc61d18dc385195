// Without a connection people get a page of ours. Nothing private is ever kept: the public offline page and the
// files under /assets/ alone. A form's POST is never touched.
"use strict";
const OFFLINE = `/offline${location.search}`;
const NAME = `purna ${EDITION}`; // another look, version or language: another cache

addEventListener("install", (e) => {
  skipWaiting(); // open pages go on: what they are made of is fetched when it is no longer kept
  e.waitUntil(caches.open(NAME).then((cache) => cache.addAll(
    [OFFLINE, ...KEPT].map((path) => new Request(path, { credentials: "omit" })),
  )));
});

addEventListener("activate", (e) => {
  e.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== NAME) await caches.delete(name);
    await registration.navigationPreload?.enable();
    await clients.claim();
  })());
});

const page = async (e) => {
  try {
    return (await e.preloadResponse) ?? (await fetch(e.request));
  } catch {
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
};

const asset = async (request) => {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.status === 200 && !answer.redirected) await (await caches.open(NAME)).put(request, answer.clone());
  return answer;
};

addEventListener("fetch", (e) => {
  const { pathname, origin } = new URL(e.request.url);
  if (e.request.method !== "GET" || origin !== location.origin) return;
  if (e.request.mode === "navigate") e.respondWith(page(e));
  else if (pathname.startsWith("/assets/")) e.respondWith(asset(e.request));
});
