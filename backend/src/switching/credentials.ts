import { SnmpCredentials } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { SecretBox } from '../access/secret-box.ts';
import type { Audit, AuditBy } from '../audit/audit.ts';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';

const AgentIds = z.array(z.int());

/** With what is written to a device, apart from what it is polled with. Goes in sealed, and comes out for one job of its agent. */
export class SwitchingCredentials {
  readonly #db: Database;
  readonly #secretBox: SecretBox;
  readonly #audit: Audit;
  readonly #now: () => number;

  constructor(options: { db: Database; secretBox: SecretBox; audit: Audit; now: () => number }) {
    this.#db = options.db;
    this.#secretBox = options.secretBox;
    this.#audit = options.audit;
    this.#now = options.now;
  }

  /** What is shown of it; null: there is none. */
  async shown(deviceId: number) {
    const row = await this.#db
      .selectFrom('switch_credentials')
      .leftJoin('device_monitoring as m', 'm.device_id', 'switch_credentials.device_id')
      .select(['switch_credentials.version', 'set_at', 'set_by', 'sealed', 'for_address', 'm.address'])
      .where('switch_credentials.device_id', '=', deviceId)
      .executeTakeFirst();
    if (row === undefined) return null;
    const credentials = this.#open(row.sealed);
    return {
      version: row.version,
      plain: credentials.version !== '3' || credentials.priv === undefined,
      elsewhere: row.address !== row.for_address,
      setAt: row.set_at,
      setBy: row.set_by,
    };
  }

  /** Sets it, or takes it away. @throws AppError not-found: there is no such device */
  async set(
    deviceId: number,
    credentials: SnmpCredentials | null,
    writer: { readonly by: AuditBy; readonly address: string | null },
  ): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      const device = await tx
        .selectFrom('devices')
        .leftJoin('device_monitoring as m', 'm.device_id', 'devices.id')
        .select(['devices.name', 'm.address'])
        .where('devices.id', '=', deviceId)
        .executeTakeFirst();
      if (device === undefined)
        throw new AppError('not-found', `There is no device ${deviceId}.`, undefined, { reason: 'gone' });
      const { numDeletedRows } = await tx
        .deleteFrom('switch_credentials')
        .where('device_id', '=', deviceId)
        .executeTakeFirst();
      if (credentials === null && numDeletedRows === 0n) return;
      if (credentials !== null)
        await tx
          .insertInto('switch_credentials')
          .values({
            device_id: deviceId,
            sealed: this.#secretBox.seal(JSON.stringify(credentials)),
            version: credentials.version,
            set_at: this.#now(),
            set_by: writer.by.name,
            handed_to: '[]',
            for_address: device.address,
          })
          .execute();
      await this.#audit.noteIn(tx, {
        action: 'credential.changed',
        outcome: 'done',
        ...writer,
        subject: { kind: 'device', id: deviceId, name: device.name },
        detail: { what: credentials === null ? 'deleted' : 'secret', for: 'switching' },
      });
    });
  }

  /** The credentials for one job of an agent, after it was noted that it has them now; null: there are none for a device at this address. */
  async handOut(
    device: { readonly id: number; readonly name: string; readonly address: string },
    agent: { readonly id: number; readonly name: string },
  ): Promise<SnmpCredentials | null> {
    return this.#db.transaction().execute(async (tx) => {
      const row = await tx
        .selectFrom('switch_credentials')
        .select(['sealed', 'handed_to', 'for_address'])
        .where('device_id', '=', device.id)
        .executeTakeFirst();
      if (row === undefined || row.for_address !== device.address) return null;
      const has = AgentIds.parse(JSON.parse(row.handed_to));
      if (!has.includes(agent.id)) {
        await tx
          .updateTable('switch_credentials')
          .set({ handed_to: JSON.stringify([...has, agent.id]) })
          .where('device_id', '=', device.id)
          .execute();
        await this.#audit.noteIn(tx, {
          action: 'credential.handed-out',
          outcome: 'done',
          by: { kind: 'agent', id: agent.id, name: agent.name },
          address: null,
          subject: { kind: 'device', id: device.id, name: device.name },
          detail: { route: 'switching' },
        });
      }
      return this.#open(row.sealed);
    });
  }

  #open(sealed: string): SnmpCredentials {
    return SnmpCredentials.parse(JSON.parse(this.#secretBox.open(sealed)));
  }
}
