import { type EntityKind, entityKinds, isMetricId } from '@rackhaus/config/contract';
import type { EntityKey } from '../reading-batch.ts';
import { nameOfTag, tagValueOf } from '../tag-value.ts';

/** Series of all kinds of readings, and of nothing else that may be in the same server. */
export const allNames = `__name__=~${quoted(`(${entityKinds.join('|')})_.+`)}`;

/** Series of all metrics of a kind. */
export const namesOfKind = (kind: EntityKind) => `__name__=~${quoted(`${kind}_.+`)}`;

/** The selector of some metrics of an entity. To PromQL a label that is missing is the empty text. */
export function selectorOf({ deviceId, kind, entity }: EntityKey, metrics?: readonly string[]): string {
  const names = metrics
    ? `__name__=~${quoted(metrics.map((metric) => `${kind}_${literally(metric)}`).join('|'))}`
    : namesOfKind(kind);
  return `{${names},d="${deviceId}",e=${quoted(tagValueOf(entity))}}`;
}

/** A condition that one of these names fulfils. */
export function entityIsOneOf(entities: readonly string[]): string {
  return `e=~${quoted(entities.map((entity) => literally(tagValueOf(entity))).join('|'))}`;
}

/** What a series is of; undefined when it is not ours. */
export function seriesOf(
  labels: Readonly<Record<string, string>>,
): { key: EntityKey; metric: string } | undefined {
  const name = labels.__name__ ?? '';
  const kind = entityKinds.find((known) => name.startsWith(`${known}_`));
  const deviceId = Number(labels.d ?? '');
  if (!kind || labels.d === undefined || !Number.isInteger(deviceId)) return undefined;
  const metric = name.slice(kind.length + 1);
  if (!isMetricId(`${kind}.${metric}`)) return undefined;
  return { key: { deviceId, kind, entity: nameOfTag(labels.e ?? '') }, metric };
}

/** PromQL string literal: those of Go, of which those of JSON are a part. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

/** A text as a regular expression (RE2) that matches nothing else. */
function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
