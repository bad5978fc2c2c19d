import {
  type DeviceRole,
  LoginRule,
  type NewShellLogin,
  ShellLogin,
  type ShellLoginChange,
  type ShellLoginPatch,
} from '@rackhaus/config/contract';
import { z } from 'zod';
import type { SecretBox } from '../access/secret-box.ts';
import type { Audit, AuditBy } from '../audit/audit.ts';
import type { Database } from '../database/tables.ts';
import { credentialFor } from '../inventory/credentials/assigned.ts';
import { AppError } from '../problem.ts';
import { setRules } from './login-rules.ts';

const AgentIds = z.array(z.int());
const DeviceIds = z.array(z.int());
const Rules = z.array(LoginRule);
/** So long a deletion can be taken back; then nothing is left of the secrets. */
const restorableMs = 86_400_000;

/** A login for an agent; never for a reply. */
export interface OpenedLogin {
  readonly login: ShellLogin;
  readonly oldAlgorithms: boolean;
}

interface Writer {
  readonly by: AuditBy;
  readonly address: string | null;
}

/** With what devices are signed in to to read their configuration. Secrets go in sealed and come out only for agents. */
export class ShellLogins {
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

  /** All logins without their secrets. */
  async list() {
    const [rows, rules] = await Promise.all([
      this.#db.selectFrom('shell_logins').selectAll().orderBy('name').execute(),
      this.#rules(),
    ]);
    return rows.map((row) => {
      const { user, password, privateKey, enable } = this.#open(row.sealed);
      return {
        id: row.id,
        name: row.name,
        user,
        has: { password: password !== null, privateKey: privateKey !== null, enable: enable !== null },
        oldAlgorithms: row.old_algorithms === 1,
        rules: rules
          .filter(({ credential_id }) => credential_id === row.id)
          .map(({ site_id: siteId, role }): LoginRule => ({ siteId, role })),
        changedAt: row.changed_at,
      };
    });
  }

  /** Says which login a device gets; read once for many devices. */
  async chooser(): Promise<
    (device: { loginId: number | null; siteId: number | null; role: DeviceRole }) => number | null
  > {
    const rules = await this.#rules();
    return ({ loginId, siteId, role }) => credentialFor(rules, { credentialId: loginId, siteId, role });
  }

  /** @throws AppError conflict: the name or a rule is taken */
  add(given: NewShellLogin, writer: Writer): Promise<number> {
    return this.#db.transaction().execute(async (tx) => {
      await refuseTaken(tx, given.name, null);
      const { id } = await tx
        .insertInto('shell_logins')
        .values({
          name: given.name,
          sealed: this.#secretBox.seal(JSON.stringify(given.login)),
          old_algorithms: given.oldAlgorithms ? 1 : 0,
          changed_at: this.#now(),
          handed_to: '[]',
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      await setRules(tx, id, given.rules);
      await this.#note(tx, writer, { id, name: given.name }, 'made');
      return id;
    });
  }

  /** @throws AppError not-found; conflict: the name or a rule is taken; invalid: nothing would be left to sign in with */
  async change(id: number, given: ShellLoginPatch, writer: Writer): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      const row = await tx.selectFrom('shell_logins').selectAll().where('id', '=', id).executeTakeFirst();
      if (row === undefined) throw gone(id);
      const { name, login, oldAlgorithms, rules } = given;
      if (name !== undefined) await refuseTaken(tx, name, id);
      await tx
        .updateTable('shell_logins')
        .set({
          changed_at: this.#now(),
          ...(name === undefined ? {} : { name }),
          ...(oldAlgorithms === undefined ? {} : { old_algorithms: oldAlgorithms ? 1 : 0 }),
          ...(login === undefined
            ? {}
            : {
                sealed: this.#secretBox.seal(JSON.stringify(changed(this.#open(row.sealed), login))),
                handed_to: '[]',
              }),
        })
        .where('id', '=', id)
        .execute();
      if (rules !== undefined) await setRules(tx, id, rules);
      await this.#note(
        tx,
        writer,
        { id, name: name ?? row.name },
        login === undefined ? 'changed' : 'secret',
      );
    });
  }

  /** Takes a login away; for a day it can be restored. @throws AppError not-found */
  async remove(id: number, writer: Writer): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      const row = await tx.selectFrom('shell_logins').selectAll().where('id', '=', id).executeTakeFirst();
      if (row === undefined) throw gone(id);
      const rules = await tx
        .selectFrom('shell_login_rules')
        .select(['site_id as siteId', 'role'])
        .where('login_id', '=', id)
        .execute();
      const devices = await tx
        .selectFrom('configuration_devices')
        .select('device_id')
        .where('login_id', '=', id)
        .execute();
      await tx
        .insertInto('deleted_shell_logins')
        .values({
          id,
          name: row.name,
          sealed: row.sealed,
          old_algorithms: row.old_algorithms,
          handed_to: row.handed_to,
          rules: JSON.stringify(rules),
          device_ids: JSON.stringify(devices.map(({ device_id }) => device_id)),
          deleted_at: this.#now(),
        })
        .execute();
      await tx.deleteFrom('shell_logins').where('id', '=', id).execute();
      await this.#note(tx, writer, { id, name: row.name }, 'deleted');
    });
  }

  /**
   * Brings a deleted login back, for the devices that it was for; sites that are gone are left out.
   * @throws AppError not-found; conflict: its name or one of its rules is another one's by now
   */
  async restore(id: number, writer: Writer): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      const row = await tx
        .selectFrom('deleted_shell_logins')
        .selectAll()
        .where('id', '=', id)
        .where('deleted_at', '>', this.#now() - restorableMs)
        .executeTakeFirst();
      if (row === undefined)
        throw new AppError('not-found', `No login ${id} has been deleted within a day.`, undefined, {
          reason: 'gone',
        });
      const { name, sealed, old_algorithms, handed_to } = row;
      await refuseTaken(tx, name, null);
      await tx
        .insertInto('shell_logins')
        .values({ id, name, sealed, old_algorithms, handed_to, changed_at: this.#now() })
        .execute();
      const sites = new Set((await tx.selectFrom('sites').select('id').execute()).map((site) => site.id));
      const rules = Rules.parse(JSON.parse(row.rules));
      await setRules(
        tx,
        id,
        rules.filter(({ siteId }) => siteId === null || sites.has(siteId)),
      );
      const devices = DeviceIds.parse(JSON.parse(row.device_ids));
      if (devices.length > 0)
        await tx
          .updateTable('configuration_devices')
          .set({ login_id: id })
          .where('device_id', 'in', devices)
          .where('login_id', 'is', null)
          .execute();
      await tx.deleteFrom('deleted_shell_logins').where('id', '=', id).execute();
      await this.#note(tx, writer, { id, name }, 'restored');
    });
  }

  /** Deletes for good what was deleted more than a day ago. */
  async forgetDeleted(): Promise<void> {
    await this.#db
      .deleteFrom('deleted_shell_logins')
      .where('deleted_at', '<=', this.#now() - restorableMs)
      .execute();
  }

  /** The login for an agent, after it was noted that this agent has it now. @throws AppError not-found */
  async handOut(id: number, agent: { readonly id: number; readonly name: string }): Promise<OpenedLogin> {
    return this.#db.transaction().execute(async (tx) => {
      const row = await tx.selectFrom('shell_logins').selectAll().where('id', '=', id).executeTakeFirst();
      if (row === undefined) throw gone(id);
      const has = AgentIds.parse(JSON.parse(row.handed_to));
      if (!has.includes(agent.id)) {
        await tx
          .updateTable('shell_logins')
          .set({ handed_to: JSON.stringify([...has, agent.id]) })
          .where('id', '=', id)
          .execute();
        await this.#audit.noteIn(tx, {
          action: 'credential.handed-out',
          outcome: 'done',
          by: { kind: 'agent', id: agent.id, name: agent.name },
          address: null,
          subject: { kind: 'shell-login', id, name: row.name },
          detail: { route: 'configurations' },
        });
      }
      return { login: this.#open(row.sealed), oldAlgorithms: row.old_algorithms === 1 };
    });
  }

  #open(sealed: string): ShellLogin {
    return ShellLogin.parse(JSON.parse(this.#secretBox.open(sealed)));
  }

  /** In the form of the rules of SNMP credentials, which choose in the same way. */
  #rules() {
    return this.#db
      .selectFrom('shell_login_rules')
      .select(['login_id as credential_id', 'site_id', 'role'])
      .execute();
  }

  #note(tx: Database, { by, address }: Writer, subject: { id: number; name: string }, what: string) {
    return this.#audit.noteIn(tx, {
      action: 'credential.changed',
      outcome: 'done',
      by,
      address,
      subject: { kind: 'shell-login', ...subject },
      detail: { what },
    });
  }
}

/** @throws AppError invalid */
function changed(login: ShellLogin, change: ShellLoginChange): ShellLogin {
  const next = ShellLogin.safeParse({ ...login, ...change });
  if (next.success) return next.data;
  const message = 'needs a password or a private key';
  throw new AppError('invalid', `A login ${message}.`, [{ path: 'login.password', message }]);
}

function gone(id: number): AppError {
  return new AppError('not-found', `There is no login ${id}.`, undefined, { reason: 'gone' });
}

async function refuseTaken(tx: Database, name: string, own: number | null): Promise<void> {
  const other = await tx.selectFrom('shell_logins').select('id').where('name', '=', name).executeTakeFirst();
  if (other === undefined || other.id === own) return;
  const message = `There is a login named "${name}" already.`;
  throw new AppError('conflict', message, [{ path: 'name', message }], { reason: 'taken' });
}
