import {
  type EntityKind,
  isMetricId,
  metric,
  type SeriesLimit,
  SeriesQuery,
  SeriesReply,
} from '@rackhaus/config/contract';
import { defineRoute, type Route } from '../http/route.ts';
import { type MeasurementStore, StoreUnavailable } from '../measurements/index.ts';
import { AppError } from '../problem.ts';

const maxMetrics = 12;
const longestMs = 20 * 366 * 86_400_000;

/** What charts ask for. */
export function seriesRoute(deps: {
  store: MeasurementStore;
  /** What the values of an entity are held against now. */
  limitsOf: (deviceId: number, kind: EntityKind, entity: string) => readonly SeriesLimit[];
}): Route {
  return defineRoute({
    method: 'get',
    path: '/api/series',
    summary: 'Values of one entity over time: mean, min and max per bucket, gaps as null.',
    query: SeriesQuery,
    reply: SeriesReply,
    handle: async ({ query }) => {
      const names = [...new Set(query.metrics.split(','))];
      if (names.length > maxMetrics) throw invalid('metrics', `must be at most ${maxMetrics}`);
      if (query.to <= query.from) throw invalid('to', 'must be after from');
      if (query.from < 0 || query.to - query.from > longestMs) throw invalid('from', 'is too long ago');
      const unitOf = new Map(
        names.map((name) => {
          const id = `${query.kind}.${name}`;
          if (!isMetricId(id)) throw invalid('metrics', `"${id}" is not in the metric catalogue`);
          return [name, metric(id).unit];
        }),
      );
      const { device: deviceId, kind, entity, from, to, points } = query;
      const series = await ask(() =>
        deps.store.query({ deviceId, kind, entity, metrics: names, from, to, points }),
      );
      return {
        start: series.start,
        step: series.step,
        series: series.columns.map((column) => ({
          metric: column.metric,
          unit: unitOf.get(column.metric) ?? '',
          mean: [...column.mean],
          min: [...column.min],
          max: [...column.max],
        })),
        limits: deps.limitsOf(deviceId, kind, entity).filter((limit) => names.includes(limit.metric)),
      };
    },
  });
}

async function ask<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    throw new AppError('unavailable', 'The measurement store does not answer.', undefined, {
      afterSeconds: 5,
    });
  }
}

function invalid(path: string, message: string): AppError {
  return new AppError('invalid', `${path} ${message}.`, [{ path, message }]);
}
