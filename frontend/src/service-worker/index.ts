/**
 * Keeps the pages under /work usable without a network: their shell and all files of this build lie in a cache that bears the
 * build's version. It is registered for /work only, so that no other screen, kiosk or download is ever touched by it, and never answers
 * for the API: what the phone knows without a network, lib/work keeps itself.
 */
import { version } from '$app/env';
import { assets, immutable } from '$app/manifest';
import { self } from '$app/service-worker';

const prefix = 'rackhaus-work-';
const cacheName = `${prefix}${version}`;
/** Any address below /work answers with the same page, and the router in it does the rest. */
const shell = '/work';
/** Not needed at a rack, and as large as all the rest. */
const left = /pdf\.worker/;
const files = new Set(
  [...immutable, ...assets]
    .map(({ path }) => (path.startsWith('/') ? path : `/${path}`))
    .filter((path) => !left.test(path)),
);

self.addEventListener('install', (event) => {
  event.waitUntil(fill());
});

async function fill(): Promise<void> {
  const cache = await caches.open(cacheName);
  const missing: string[] = [];
  for (const path of files) {
    // Names under immutable/ tell their content: what the version before had need not be fetched again.
    const kept = path.includes('/immutable/') ? await caches.match(path) : undefined;
    if (kept === undefined) missing.push(path);
    else await cache.put(path, kept);
  }
  await cache.addAll([
    new Request(shell, { cache: 'reload' }),
    ...missing.map((path) => new Request(path, path.includes('/immutable/') ? {} : { cache: 'reload' })),
  ]);
}

self.addEventListener('activate', (event) => {
  event.waitUntil(takeOver());
});

async function takeOver(): Promise<void> {
  for (const name of await caches.keys())
    if (name.startsWith(prefix) && name !== cacheName) await caches.delete(name);
  // The page that has just brought us is served by us from now on.
  await self.clients.claim();
}

self.addEventListener('message', (event) => {
  // "Neue Version laden" was pressed; else we wait until the last page of the version before is closed.
  if (event.data === 'take-over') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  const wanted = request.mode === 'navigate' && isOurs(url.pathname) ? shell : url.pathname;
  if (wanted !== shell && !files.has(wanted)) return;
  if (wanted === shell && request.mode !== 'navigate') return;
  event.respondWith(fromCache(wanted, request));
});

function isOurs(path: string): boolean {
  return path === shell || path.startsWith(`${shell}/`);
}

async function fromCache(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(path)) ?? fetch(request);
}
