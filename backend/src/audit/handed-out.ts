import { createHmac } from 'node:crypto';
import { type AssignedDevice, type CheckSecret, SnmpCredentials } from '@rackhaus/config/contract';
import type { SecretBox } from '../access/secret-box.ts';
import type { Database } from '../database/tables.ts';
import type { Audit } from './audit.ts';
import type { AuditKey } from './key.ts';

type Credentials = NonNullable<AssignedDevice['snmp']>['credentials'];

/**
 * Notes which agent gets which credentials, of SNMP and of checks: when it first gets them, and when the secret has changed; not at every
 * question for its assignment. What it has got is remembered as a fingerprint with the key of the log.
 */
export class HandedOut {
  readonly #db: Database;
  readonly #audit: Audit;
  readonly #key: AuditKey;
  readonly #secretBox: SecretBox;
  readonly #now: () => number;
  /** By agent: the assignment that has been looked at last. */
  readonly #seen = new Map<number, string>();

  constructor(options: {
    db: Database;
    audit: Audit;
    key: AuditKey;
    secretBox: SecretBox;
    now: () => number;
  }) {
    this.#db = options.db;
    this.#audit = options.audit;
    this.#key = options.key;
    this.#secretBox = options.secretBox;
    this.#now = options.now;
  }

  /** To be called before an assignment leaves; resolves when what is new in it is noted. @throws Error when that fails: then it must not leave */
  async note(
    agent: { readonly id: number; readonly name: string },
    version: string,
    devices: readonly AssignedDevice[],
  ): Promise<void> {
    if (this.#seen.get(agent.id) === version) return;
    const prints = new Map<Credentials, string>();
    const counts = new Map<string, number>();
    for (const { snmp } of devices) {
      if (snmp === null) continue;
      const print = prints.get(snmp.credentials) ?? this.#fingerprint(snmp.credentials);
      prints.set(snmp.credentials, print);
      counts.set(print, (counts.get(print) ?? 0) + 1);
    }
    const secrets = checkSecretsOf(devices).map((each) => ({ ...each, print: this.#printOf(each) }));
    const known = new Set(
      (
        await this.#db
          .selectFrom('audit_handed_out')
          .select('fingerprint')
          .where('agent_id', '=', agent.id)
          .execute()
      ).map((row) => row.fingerprint),
    );
    const added = [...counts].filter(([print]) => !known.has(print));
    const checks = secrets.filter(({ print }) => !known.has(print));
    if (added.length > 0 || checks.length > 0) await this.#write(agent, added, checks);
    this.#seen.set(agent.id, version);
  }

  /** To be called before an agent gets sets of credentials to try them at addresses that nobody has documented. @throws Error as {@link note} */
  async noteSets(
    agent: { readonly id: number; readonly name: string },
    credentialIds: readonly number[],
  ): Promise<void> {
    if (credentialIds.length === 0) return;
    const rows = await this.#db
      .selectFrom('credentials')
      .select(['id', 'name'])
      .where('id', 'in', [...credentialIds])
      .execute();
    for (const { id, name } of rows)
      await this.#audit.note({
        action: 'credential.handed-out',
        outcome: 'done',
        ...this.#audit.whoCalls({ kind: 'agent', id: agent.id, name: agent.name }),
        subject: { kind: 'credential', id, name },
        detail: { route: 'discovery' },
      });
  }

  async #write(
    agent: { readonly id: number; readonly name: string },
    added: readonly (readonly [string, number])[],
    checks: readonly (CheckWithSecret & { readonly print: string })[],
  ): Promise<void> {
    const sets = await this.#sets();
    const time = this.#now();
    await this.#db.transaction().execute(async (tx) => {
      for (const [fingerprint, devices] of added) {
        const set = sets.get(fingerprint);
        await this.#audit.noteIn(tx, {
          action: 'credential.handed-out',
          outcome: 'done',
          ...this.#audit.whoCalls({ kind: 'agent', id: agent.id, name: agent.name }),
          subject: { kind: 'credential', id: set?.id ?? null, name: set?.name ?? '' },
          detail: { devices },
        });
        await this.#remember(tx, agent.id, fingerprint, time);
      }
      for (const { id, name, device, print } of checks) {
        await this.#audit.noteIn(tx, {
          action: 'credential.handed-out',
          outcome: 'done',
          ...this.#audit.whoCalls({ kind: 'agent', id: agent.id, name: agent.name }),
          subject: { kind: 'check', id, name },
          detail: { device },
        });
        await this.#remember(tx, agent.id, print, time);
      }
    });
  }

  async #remember(tx: Database, agent_id: number, fingerprint: string, time: number): Promise<void> {
    await tx
      .insertInto('audit_handed_out')
      .values({ agent_id, fingerprint, time })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  /** Which set a fingerprint belongs to; they are few. */
  async #sets(): Promise<Map<string, { id: number; name: string }>> {
    const rows = await this.#db.selectFrom('credentials').select(['id', 'name', 'sealed']).execute();
    return new Map(
      rows.map(({ id, name, sealed }) => [
        this.#fingerprint(SnmpCredentials.parse(JSON.parse(this.#secretBox.open(sealed)))),
        { id, name },
      ]),
    );
  }

  /** Two checks with the same password are two entries: the log says which ones an agent can sign in for. */
  #printOf({ id, secret }: CheckWithSecret): string {
    return createHmac('sha256', this.#key.pseudonyms)
      .update(
        `check ${id} ${JSON.stringify(Object.entries(secret).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`,
      )
      .digest('hex');
  }

  #fingerprint(credentials: Credentials): string {
    return createHmac('sha256', this.#key.pseudonyms)
      .update(
        `credentials ${JSON.stringify(Object.entries(credentials).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`,
      )
      .digest('hex');
  }
}

interface CheckWithSecret {
  readonly id: number;
  readonly name: string;
  /** Name of the device that it is of. */
  readonly device: string;
  readonly secret: CheckSecret;
}

function checkSecretsOf(devices: readonly AssignedDevice[]): CheckWithSecret[] {
  return devices.flatMap(({ name: device, checks }) =>
    (checks ?? []).flatMap(({ id, name, task: { secret } }) =>
      secret === null ? [] : [{ id, name, device, secret }],
    ),
  );
}
