import type { IncidentEvent, IncidentSummary, Severity } from '@rackhaus/config/contract';

/** An open incident of a switch, for tests. */
export function incident(
  id: number,
  severity: Severity,
  extra: Partial<IncidentSummary> = {},
): IncidentSummary {
  return {
    id,
    state: 'open',
    severity,
    title: { de: `core-${id} antwortet nicht`, en: `core-${id} does not answer` },
    place: 'Serverraum neu, Schrank 1, HE 20',
    cause: { kind: 'device', name: `core-${id}`, deviceId: id, linkId: null, linkLabel: null, also: [] },
    siteId: 1,
    roomId: 1,
    since: 0,
    openedAt: 0,
    acknowledgedAt: null,
    acknowledgedBy: null,
    resolvedAt: null,
    snoozedUntil: null,
    heldBy: null,
    flapping: false,
    unknown: false,
    drill: false,
    affected: 23,
    updatedAt: 0,
    ...extra,
  };
}

export function event(
  id: number,
  kind: IncidentEvent['kind'],
  extra: Partial<IncidentEvent> = {},
): IncidentEvent {
  return { id, time: id, kind, by: null, text: null, title: null, ...extra };
}
