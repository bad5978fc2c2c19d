import { z } from 'zod';
import type { EntityKey } from '../reading-batch.ts';

/** How far a move has come: all before `entity`, and of it what is before `time`. */
export interface Position {
  readonly entity: string;
  readonly time: number;
}

/** What is written down between two runs. */
export const MoveState = z.strictObject({
  from: z.string(),
  to: z.string(),
  since: z.number(),
  until: z.number(),
  reached: z.strictObject({ entity: z.string(), time: z.number() }),
});
export type MoveState = z.infer<typeof MoveState>;

/** A text that names an entity; entities are moved in the order of these. */
export function textOf({ deviceId, kind, entity }: EntityKey): string {
  return `${String(deviceId).padStart(16, '0')}/${kind}/${entity}`;
}

/** In one order in every run. By code units, because a locale would be another on another day. */
export function inOrder(entities: readonly EntityKey[]): EntityKey[] {
  const texts = new Map(entities.map((entity) => [textOf(entity), entity]));
  return [...texts.keys()].sort().flatMap((text) => texts.get(text) ?? []);
}

const hour = 3_600_000;
const widestMs = 64 * 24 * hour;
/** Rows that are a good mouthful: neither many questions nor much memory. */
const fewRows = 8000;
const manyRows = 32_000;

/** How much time to ask for next, in whole hours, after a window of this width had this many rows. */
export function nextWidth(width: number, rows: number): number {
  if (rows < fewRows) return Math.min(widestMs, width * 2);
  if (rows > manyRows) return Math.max(hour, Math.floor(width / 2 / hour) * hour);
  return width;
}

export const firstWidth = 24 * hour;
