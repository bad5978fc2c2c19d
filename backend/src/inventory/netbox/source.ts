import type { ImportRow, ImportTable } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import type { Change } from '../../history/change.ts';
import type { Cause, Changes } from '../../history/changes.ts';
import { AppError } from '../../problem.ts';
import { bringIn } from '../exchange/bring.ts';
import type { ExchangeFile } from '../exchange/file.ts';
import { eventRow } from '../import-jobs/event-row.ts';
import type { ImportSource, SourcePlan, Watch } from '../import-jobs/source.ts';
import { revisionOf } from '../import-jobs/table-source.ts';
import type { NetboxClient } from './client.ts';
import type { Remark } from './draft.ts';
import { fromNetbox } from './map.ts';

const mostRows = 50_000;

/** A NetBox, fetched over its REST API. Reading it again after an interruption goes on where it stopped. */
export class NetboxSource implements ImportSource {
  readonly kind = 'netbox';
  readonly #db: Database;
  readonly #changes: Changes;
  readonly #cause: Cause;
  readonly #client: NetboxClient;
  #fetched: { readonly file: ExchangeFile; readonly remarks: readonly Remark[] } | null = null;
  #revision: number | null = null;

  constructor(options: { db: Database; changes: Changes; cause: Cause; client: NetboxClient }) {
    this.#db = options.db;
    this.#changes = options.changes;
    this.#cause = options.cause;
    this.#client = options.client;
  }

  async read(watch: Watch): Promise<void> {
    this.#fetched = fromNetbox(await this.#client.fetchAll(watch));
  }

  table(): ImportTable | null {
    return null;
  }

  configure(): void {
    throw new AppError('invalid', 'NetBox says itself what its objects mean: there is nothing to decide.');
  }

  async plan(watch: Watch): Promise<SourcePlan> {
    const { file, remarks } = this.#known();
    this.#revision = await revisionOf(this.#db);
    const events = await this.#changes.rehearse(this.#cause, async (change) => {
      await bringIn(change, file, watch.onProgress);
      return [...change.events];
    });
    watch.signal.throwIfAborted();
    return {
      rows: [...remarks.map(remarkRow), ...events.flatMap(eventRow)].slice(0, mostRows),
      also: [],
    };
  }

  async write(change: Change, watch: Watch): Promise<void> {
    if (this.#revision === null || (await revisionOf(change.tx)) !== this.#revision)
      throw new AppError(
        'conflict',
        'The inventory has been changed since the preview was made. Please look at it again.',
        undefined,
        { reason: 'outdated' },
      );
    await bringIn(change, this.#known().file, (done, total) => {
      watch.signal.throwIfAborted();
      watch.onProgress(done, total);
    });
  }

  #known() {
    if (this.#fetched === null) throw new Error('NetBox has not been read.');
    return this.#fetched;
  }
}

/** Something that cannot be taken over as it is does not stand in the way of the rest. */
function remarkRow({ kind, name, message }: Remark): ImportRow {
  const hint = {
    column: null,
    heading: null,
    field: null,
    value: name,
    reason: 'netbox',
    params: {},
    message,
  };
  return {
    row: null,
    file: null,
    outcome: 'left',
    kind,
    id: null,
    name,
    fields: [],
    problems: [],
    hints: [hint],
  };
}
