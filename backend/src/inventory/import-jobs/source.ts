import type { ImportPreview, ImportRow, ImportSettings, ImportTable } from '@rackhaus/config/contract';
import type { Change } from '../../history/change.ts';

/** What a file would do. */
export interface SourcePlan {
  readonly rows: readonly ImportRow[];
  /** What is made besides the rows. */
  readonly also: ImportPreview['also'];
}

export interface Watch {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** A file on its way in: a list, or YAML. */
export interface ImportSource {
  readonly kind: 'table' | 'yaml' | 'netbox';
  /** Reads the file. Before that, nothing else may be asked. @throws TableError */
  read(watch: Watch): Promise<void>;
  /** How the rows are understood; null for files that say it themselves. */
  table(): ImportTable | null;
  /** @throws AppError invalid when there is nothing to decide, or what is decided is not there */
  configure(settings: ImportSettings): void;
  /** Compares with the inventory and writes nothing. The plan is the one that {@link write} follows. */
  plan(watch: Watch): Promise<SourcePlan>;
  /**
   * Does what was planned, within a change. When the inventory has changed since, it is planned again.
   * @param leaveOut rows with problems are left out; else there must not be any
   * @throws AppError conflict `outdated` when the new plan is another one than was seen
   */
  write(change: Change, options: Watch & { leaveOut: boolean }): Promise<void>;
}
