import {
  type AssignedCheck,
  type CheckKind,
  CheckSecret,
  CheckTask,
  checkKinds,
  checkSecrets,
} from '@rackhaus/config/contract';
import type { SecretBox } from '../access/secret-box.ts';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';

interface StoredCheck {
  readonly id: number;
  readonly name: string;
  readonly kind: CheckKind;
  readonly settings: string;
  readonly sealed: string | null;
  readonly interval_seconds: number;
}

const columns = ['id', 'device_id', 'name', 'kind', 'settings', 'sealed', 'interval_seconds'] as const;

/** Checks with what they sign in with: that goes in sealed, and comes out only for agents. */
export class Checks {
  readonly #db: Database;
  readonly #secretBox: SecretBox;

  constructor(options: { db: Database; secretBox: SecretBox }) {
    this.#db = options.db;
    this.#secretBox = options.secretBox;
  }

  /** Those that are switched on, by device, with opened secrets. */
  async assigned(db: Database = this.#db): Promise<Map<number, AssignedCheck[]>> {
    const rows = await db
      .selectFrom('checks')
      .select(columns)
      .where('active', '=', 1)
      .orderBy('id')
      .execute();
    const byDevice = new Map<number, AssignedCheck[]>();
    for (const row of rows) {
      const check = {
        id: row.id,
        name: row.name,
        intervalSeconds: row.interval_seconds,
        task: this.taskOf(row),
      };
      byDevice.set(row.device_id, [...(byDevice.get(row.device_id) ?? []), check]);
    }
    return byDevice;
  }

  /** What has to be done, with an opened secret: never for a reply. */
  taskOf(row: Pick<StoredCheck, 'kind' | 'settings' | 'sealed'>): CheckTask {
    const secret =
      row.sealed === null ? null : CheckSecret.parse(JSON.parse(this.#secretBox.open(row.sealed)));
    return CheckTask.parse({ kind: row.kind, settings: JSON.parse(row.settings), secret });
  }

  /** A column of the secret for a record of that kind; null: none. @throws AppError invalid */
  seal(kind: CheckKind, secret: CheckSecret | null): string | null {
    if (secret === null) return null;
    if (!checkSecrets[kind].includes(secret.kind))
      throw new AppError('invalid', `A check of the kind ${kind} does not sign in by ${secret.kind}.`, [
        { path: 'secret', message: 'is not for this kind' },
      ]);
    return this.#secretBox.seal(JSON.stringify(secret));
  }

  /** Which kind a stored check is of. */
  kindOf(row: { readonly [column: string]: unknown }): CheckKind {
    const kind = checkKinds.find((one) => one === row.kind);
    if (kind === undefined) throw new Error(`There is no kind of check "${String(row.kind)}".`);
    return kind;
  }
}
