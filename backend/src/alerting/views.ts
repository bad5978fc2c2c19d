import type { IncidentSummary } from '@rackhaus/config/contract';
import { affectedCount, type Incident, worse } from './incident.ts';

export const shownInOverview = 50;

export function summaryOf(incident: Incident): IncidentSummary {
  return {
    id: incident.id,
    state: incident.state,
    severity: incident.severity,
    title: incident.title,
    place: incident.place,
    cause: incident.cause,
    siteId: incident.siteId,
    roomId: incident.roomId,
    since: incident.since,
    openedAt: incident.openedAt,
    acknowledgedAt: incident.acknowledgedAt,
    acknowledgedBy: incident.acknowledgedBy,
    resolvedAt: incident.resolvedAt,
    snoozedUntil: incident.snoozedUntil,
    heldBy: incident.heldBy,
    flapping: incident.flapping,
    unknown: incident.unknown,
    ...(incident.calmSince === null ? {} : { calm: true }),
    drill: incident.drill,
    affected: affectedCount(incident),
    updatedAt: incident.updatedAt,
  };
}

/** Worst first, then newest first. */
export function byUrgency(a: Incident, b: Incident): number {
  if (a.severity !== b.severity) return worse(a.severity, b.severity) ? -1 : 1;
  return b.since - a.since || b.id - a.id;
}
