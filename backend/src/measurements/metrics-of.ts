import { type EntityKind, metric, metricIds } from '@rackhaus/config/contract';

/** Names, without the kind, of the metrics that the catalogue has for a kind. */
export function metricsOf(kind: EntityKind): string[] {
  return metricIds.filter((id) => metric(id).kind === kind).map((id) => id.slice(kind.length + 1));
}
