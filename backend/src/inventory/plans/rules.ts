import { markKinds } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { Change } from '../../history/change.ts';
import type { Row, StoredRow } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';

type Prepared = readonly { readonly before: StoredRow | null; readonly next: Row }[];
const Points = z.array(z.tuple([z.number(), z.number()]));

/** A plan is a picture that a browser can show. @throws AppError invalid */
export async function preparePlans(change: Change, rows: Prepared): Promise<Row[]> {
  for (const { before, next } of rows) {
    if (before !== null && before.document_id === next.document_id) continue;
    const document = await change.get('document', Number(next.document_id));
    if (!String(document.media_type).startsWith('image/'))
      throw new AppError(
        'invalid',
        'A plan must be a picture.',
        [{ path: 'documentId', message: 'must be a picture' }],
        { reason: 'no-picture' },
      );
  }
  return rows.map(({ next }) => next);
}

/**
 * A mark is of exactly one thing; a room has three corners or more, all else one point; and all of it is on the picture.
 * @throws AppError invalid
 */
export async function prepareMarks(change: Change, rows: Prepared): Promise<Row[]> {
  const sizes = new Map<number, { width: number; height: number }>();
  for (const { next } of rows) {
    const planId = Number(next.plan_id);
    let size = sizes.get(planId);
    if (size === undefined) {
      const plan = await change.get('floor-plan', planId);
      size = { width: Number(plan.width), height: Number(plan.height) };
      sizes.set(planId, size);
    }
    const kinds = markKinds.filter((kind) => (next[`${kind}_id`] ?? null) !== null);
    if (kinds.length !== 1)
      throw invalid('A mark is of one room, rack, outlet or device.', 'roomId', 'mark-of-one');
    const points = Points.parse(JSON.parse(String(next.points)));
    const isRoom = kinds[0] === 'room';
    if (isRoom ? points.length < 3 : points.length !== 1)
      throw invalid(
        isRoom ? 'A room needs three corners or more.' : 'It stands at one point.',
        'points',
        'mark-points',
      );
    const { width, height } = size;
    if (points.some(([x, y]) => x < 0 || y < 0 || x > width || y > height))
      throw invalid('Marks must be on the plan.', 'points', 'mark-outside');
  }
  return rows.map(({ next }) => next);
}

function invalid(message: string, path: string, reason: string): AppError {
  return new AppError('invalid', message, [{ path, message }], { reason });
}
