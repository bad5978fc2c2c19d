import type { IncidentSummary } from '@rackhaus/config/contract';
import type { IncidentFilter } from './past-incidents.svelte.ts';

/** The open ones that a filter leaves, in the order that they came in. Search looks at names in both languages, as the server does. */
export function narrowed(incidents: readonly IncidentSummary[], filter: IncidentFilter): IncidentSummary[] {
  const words = filter.search
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return incidents.filter((incident) => {
    if (filter.severity !== '' && incident.severity !== filter.severity) return false;
    if (filter.siteId !== null && incident.siteId !== filter.siteId) return false;
    const text =
      `${incident.title.de} ${incident.title.en} ${incident.place} ${incident.cause.name}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}
