import { type CredentialList, SnmpCredentials } from '@rackhaus/config/contract';
import type { SecretBox } from '../../access/secret-box.ts';
import type { Database } from '../../database/tables.ts';
import type { Change } from '../../history/change.ts';
import { AppError } from '../../problem.ts';
import { credentialFor, credentialRules } from './assigned.ts';

/** Sets of SNMP credentials. A secret goes in sealed and comes out only for agents. */
export class Credentials {
  readonly #db: Database;
  readonly #secretBox: SecretBox;

  constructor(options: { db: Database; secretBox: SecretBox }) {
    this.#db = options.db;
    this.#secretBox = options.secretBox;
  }

  /** All sets with how much they are used, without their secrets. */
  async list(): Promise<CredentialList['credentials']> {
    const rows = await this.#db
      .selectFrom('credentials')
      .select(['id', 'version', 'name', 'protocol'])
      .orderBy('name')
      .execute();
    const rules = await credentialRules(this.#db);
    const devices = await this.#assignees();
    const own = countBy(devices, (device) => device.credential_id);
    const used = countBy(devices, (device) =>
      credentialFor(rules, { credentialId: device.credential_id, siteId: device.site_id, role: device.role }),
    );
    const assigning = countBy(rules, (rule) => rule.credential_id);
    return rows.map((row) => ({
      ...row,
      devices: own.get(row.id) ?? 0,
      used: used.get(row.id) ?? 0,
      rules: assigning.get(row.id) ?? 0,
    }));
  }

  async create(change: Change, name: string, secret: SnmpCredentials): Promise<number> {
    const [id = 0] = await change.insert('credential', [{ name, ...this.#sealed(secret) }]);
    return id;
  }

  /** @throws AppError not-found, conflict */
  async update(
    change: Change,
    id: number,
    values: { readonly name?: string | undefined; readonly secret?: SnmpCredentials | undefined },
    seen: number | undefined,
  ): Promise<void> {
    const { name, secret } = values;
    await change.update(
      'credential',
      id,
      { ...(name === undefined ? {} : { name }), ...(secret === undefined ? {} : this.#sealed(secret)) },
      seen,
    );
  }

  /** The secret of a set, for an agent and never for a reply. @throws AppError not-found */
  async open(id: number): Promise<SnmpCredentials> {
    const row = await this.#db
      .selectFrom('credentials')
      .select('sealed')
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined)
      throw new AppError('not-found', `There are no credentials ${id}.`, undefined, { reason: 'gone' });
    return SnmpCredentials.parse(JSON.parse(this.#secretBox.open(row.sealed)));
  }

  /** The set that the device gets, by itself or by a rule; null: none. @throws AppError not-found */
  async assignedTo(deviceId: number): Promise<number | null> {
    const device = await this.#db
      .selectFrom('devices')
      .leftJoin('rooms', 'rooms.id', 'devices.room_id')
      .leftJoin('device_monitoring as m', 'm.device_id', 'devices.id')
      .select(['devices.role', 'rooms.site_id', 'm.credential_id'])
      .where('devices.id', '=', deviceId)
      .executeTakeFirst();
    if (device === undefined)
      throw new AppError('not-found', `There is no device ${deviceId}.`, undefined, { reason: 'gone' });
    return credentialFor(await credentialRules(this.#db), {
      credentialId: device.credential_id,
      siteId: device.site_id,
      role: device.role,
    });
  }

  #sealed(secret: SnmpCredentials) {
    const protocol = secret.version === '3' ? '3' : '2c';
    return { protocol, sealed: this.#secretBox.seal(JSON.stringify(secret)) };
  }

  /** Devices that are polled. */
  #assignees() {
    return this.#db
      .selectFrom('device_monitoring as m')
      .innerJoin('devices', 'devices.id', 'm.device_id')
      .leftJoin('rooms', 'rooms.id', 'devices.room_id')
      .select(['m.credential_id', 'devices.role', 'rooms.site_id'])
      .execute();
  }
}

function countBy<T>(values: readonly T[], key: (value: T) => number | null): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) {
    const id = key(value);
    if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
