/**
 * Shows what is pushed, and takes the answer. It is registered for /push/, where no page lies, and answers no request: no page is
 * ever served by it. Plain JavaScript, because a browser starts it by itself, days after any page of ours was open.
 * What arrives is PushMessage of the contract.
 */

self.addEventListener('install', () => self.skipWaiting());

self.addEventListener('push', (event) => {
  event.waitUntil(show(read(event.data)));
});

self.addEventListener('notificationclick', (event) => {
  const { notification, action } = event;
  const message = notification.data;
  notification.close();
  event.waitUntil(action === 'acknowledge' ? acknowledge(message) : open(message.path));
});

self.addEventListener('pushsubscriptionchange', (event) => {
  event.waitUntil(renew(event));
});

/** Something is always shown, also of what cannot be read: a push that shows nothing costs the subscription on iOS. */
function read(data) {
  const nothing = {
    title: 'Rackhaus',
    body: '',
    tag: 'rackhaus',
    path: '/incidents',
    token: null,
    acknowledge: null,
    open: null,
    urgent: false,
    time: Date.now(),
  };
  try {
    return { ...nothing, ...data.json() };
  } catch {
    return nothing;
  }
}

async function show(message) {
  const actions = [];
  if (message.acknowledge !== null && message.token !== null)
    actions.push({ action: 'acknowledge', title: message.acknowledge });
  if (message.open !== null) actions.push({ action: 'open', title: message.open });
  await self.registration.showNotification(message.title, {
    body: message.body,
    tag: message.tag,
    renotify: message.urgent,
    requireInteraction: message.urgent,
    timestamp: message.time,
    icon: '/icons/icon-192.png',
    badge: '/icons/badge-96.png',
    actions,
    data: message,
  });
  // Its loss does no harm: a later one confirms this device as well.
  if (message.token !== null) await answer(message.token, 'receipt').catch(() => false);
}

async function acknowledge(message) {
  const done = await answer(message.token, 'acknowledge').catch(() => false);
  await self.registration.showNotification(done ? message.acknowledged : message.notAcknowledged, {
    body: message.title,
    tag: message.tag,
    // What did not work must not go unnoticed.
    silent: done,
    renotify: !done,
    requireInteraction: !done,
    icon: '/icons/icon-192.png',
    badge: '/icons/badge-96.png',
    data: { ...message, path: done ? message.path : `/a/${encodeURIComponent(message.token)}` },
  });
}

async function answer(token, deed) {
  const reply = await fetch(`/api/alert-links/${encodeURIComponent(token)}/${deed}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  return reply.ok;
}

async function open(path) {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  // Who is at work on an order is left there.
  const ours = windows.find(({ url }) => !new URL(url).pathname.startsWith('/work'));
  if (ours === undefined) return self.clients.openWindow(path);
  await ours.focus();
  ours.postMessage({ open: path });
}

/** The browser has taken the address back: it asks for a new one and tells the server. Else the next opening of a page does. */
async function renew({ oldSubscription, newSubscription }) {
  const options = oldSubscription?.options;
  const fresh =
    newSubscription ?? (options ? await self.registration.pushManager.subscribe(options) : undefined);
  if (!fresh) return;
  const { endpoint, keys } = fresh.toJSON();
  await fetch('/api/push', {
    method: 'PUT',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      endpoint,
      p256dh: keys.p256dh,
      auth: keys.auth,
      device: '',
      before: oldSubscription?.endpoint ?? null,
    }),
  });
}
