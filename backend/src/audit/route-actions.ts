import type { AuditAction } from '@rackhaus/config/contract';

export interface NotedRoute {
  readonly action: AuditAction;
  /** Also when the work has noted something itself, such as the change that it made. */
  readonly always?: true;
}

/** Writes to the inventory, which are noted as changes, or calls that only read with a body. */
const own = null;

/**
 * What is noted of routes whose work notes nothing itself, by the beginning of their names; the longest that fits counts. GET
 * routes are noted only when they stand here. What is under no beginning is noted as `request`.
 */
const actions: Readonly<Record<string, NotedRoute | typeof own>> = {
  // Signing in and out is noted where it is done.
  'POST /api/session': own,
  'DELETE /api/session': own,
  'POST /api/setup': own,
  'POST /api/kiosk-session': own,
  // Agents' readings are no deeds of people.
  'POST /api/agent/': own,
  // The inventory: one row a change.
  'POST /api/inventory/': own,
  'PATCH /api/inventory/': own,
  'DELETE /api/inventory/': own,
  'POST /api/devices/:id/swap': own,
  'POST /api/credentials': own,
  'PATCH /api/credentials/:id': own,
  'POST /api/checks': own,
  'PATCH /api/checks/:id': own,
  'POST /api/checks/try': { action: 'credential.tested' },
  'POST /api/credentials/test': { action: 'credential.tested' },
  'POST /api/devices/:id/identity': { action: 'credential.tested', always: true },
  'PUT /api/devices/:id/agent': { action: 'agent.changed' },
  'PUT /api/agents/:id/devices': { action: 'agent.changed' },
  'POST /api/documents': own,
  'POST /api/types/': own,
  'POST /api/links': own,
  'POST /api/cables': own,
  'POST /api/cable-tests/import': own,
  'POST /api/captures': own,
  'POST /api/changes/:id/undo': own,
  'POST /api/imports': own,
  'PATCH /api/imports/:id': own,
  // What is written is noted as a change. Nothing here may wait for the database, which is busy with it until it is done.
  'POST /api/imports/:id/apply': own,
  'POST /api/imports/:id/stop': own,
  'POST /api/imports/netbox': { action: 'import', always: true },
  'POST /api/alert-rules/:id/preview': own,
  'POST /api/labels/preview': own,
  'POST /api/rotas/preview': own,
  // The daily work
  'POST /api/drift/': { action: 'drift', always: true },
  // What is taken over is a change; the credentials that an agent gets for a run are noted by themselves.
  'POST /api/discovery/': { action: 'discovery', always: true },
  'PUT /api/discovery/': { action: 'discovery' },
  'DELETE /api/discovery/': { action: 'discovery' },
  'POST /api/discovery/found/accept': own,
  'PUT /api/orders/settings': { action: 'settings.changed' },
  'PUT /api/syslog/settings': { action: 'settings.changed' },
  'POST /api/orders': { action: 'order', always: true },
  'PATCH /api/orders': { action: 'order', always: true },
  'PUT /api/orders': { action: 'order', always: true },
  'DELETE /api/orders': { action: 'order', always: true },
  'POST /api/incidents/': { action: 'incident' },
  'POST /api/alert-links/:token/acknowledge': { action: 'incident' },
  'POST /api/alert-links/:token/receipt': own,
  'POST /api/drills': { action: 'drill' },
  'POST /api/status/': { action: 'status' },
  'PATCH /api/status/': { action: 'status' },
  'DELETE /api/status/': { action: 'status' },
  'POST /api/rotas/:id/calendar-link': { action: 'on-call' },
  'DELETE /api/rotas/:id/calendar-link': { action: 'on-call' },
  // What is set
  'PUT /api/agent-places': { action: 'settings.changed' },
  'PUT /api/alert-settings': { action: 'settings.changed' },
  'PUT /api/silence-alarm': { action: 'settings.changed' },
  'POST /api/channels': { action: 'channel.changed' },
  'PATCH /api/channels': { action: 'channel.changed' },
  'DELETE /api/channels': { action: 'channel.changed' },
  'POST /api/channels/:id/test': { action: 'channel.tested' },
  'PUT /api/push': { action: 'channel.changed' },
  'POST /api/feeds': { action: 'feed.made' },
  'POST /api/feeds/:id/token': { action: 'feed.key' },
  'DELETE /api/feeds/:id': { action: 'feed.revoked' },
  'POST /api/feeds/sources/': { action: 'feed.changed' },
  'PUT /api/feeds/': { action: 'feed.changed' },
  'DELETE /api/feeds/fields/:id': { action: 'feed.changed' },
  'POST /api/simulator/': { action: 'simulator' },
  'DELETE /api/simulator/': { action: 'simulator' },
  'POST /api/users': { action: 'account.made' },
  'PATCH /api/users/': { action: 'account.changed' },
  'DELETE /api/users/': { action: 'account.deleted' },
  'POST /api/users/': { action: 'account.changed' },
  'POST /api/agents': { action: 'agent.made' },
  'PATCH /api/agents/': { action: 'agent.changed' },
  'DELETE /api/agents/': { action: 'agent.revoked' },
  'POST /api/kiosk-links': { action: 'kiosk.made' },
  'PATCH /api/kiosk-links/': { action: 'kiosk.changed' },
  'DELETE /api/kiosk-links/': { action: 'kiosk.revoked' },
  'PUT /api/outgoing': { action: 'outgoing.changed' },
  'POST /api/outgoing-networks': { action: 'outgoing.changed' },
  'DELETE /api/outgoing-networks/': { action: 'outgoing.changed' },
  // Noted with what was done.
  // Noted with what was done.
  'POST /api/configuration-logins': own,
  'PATCH /api/configuration-logins/': own,
  'DELETE /api/configuration-logins/': own,
  'POST /api/devices/:id/configuration/host-keys': own,
  'PUT /api/devices/:id/configuration': { action: 'settings.changed' },
  'POST /api/profiles': own,
  'DELETE /api/profiles': own,
  'POST /api/profiles/preview': { action: 'credential.tested' },
  // What leaves
  'GET /api/profiles/:id/file': { action: 'download' },
  'GET /api/types/:id/file': { action: 'download' },
  'GET /api/documents/:id/content': { action: 'download' },
  'GET /api/sheets/:sheet/file': { action: 'export' },
  'GET /api/cables/export': { action: 'export' },
  'GET /api/racks/:id/print.pdf': { action: 'print' },
  'GET /api/rooms/:id/print.pdf': { action: 'print' },
  'POST /api/labels/pdf': { action: 'print' },
};

const beginnings = Object.keys(actions).sort((a, b) => b.length - a.length);

/** What is noted of a route by its name in the table of permissions; null: nothing, or what its work notes itself. */
export function notedRoute(key: string): NotedRoute | null {
  if (/^GET \/api\/inventory\/[^/]+\/export$/.test(key)) return { action: 'export' };
  const beginning = beginnings.find((start) => key.startsWith(start));
  if (key.startsWith('GET ')) return beginning === key ? (actions[key] ?? null) : null;
  return beginning === undefined ? { action: 'request' } : (actions[beginning] ?? null);
}
