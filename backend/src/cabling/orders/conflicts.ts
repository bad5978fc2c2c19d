import type { RecordKind } from '@rackhaus/config/contract';
import { AppError } from '../../problem.ts';

/** The documentation has moved on since something was planned: `blocking` is what is in the way. */
export function movedOn(
  message: string,
  blocking: readonly { kind: RecordKind; id: number; name: string }[],
): AppError {
  return new AppError('conflict', message, undefined, { reason: 'conflict', blocking: [...blocking] });
}

/** Rules of the inventory that refuse what has been done by hand: told like every other conflict. */
export function asMovedOn(error: unknown): unknown {
  if (!(error instanceof AppError) || error.details.reason === 'conflict') return error;
  const rules =
    error.code === 'conflict' && error.details.reason !== 'state' && error.details.reason !== 'stale';
  if (!rules) return error;
  return new AppError('conflict', error.message, error.fields, { ...error.details, reason: 'conflict' });
}
