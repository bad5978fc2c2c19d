import { AlertSecrets, AlertSettings, type AlertSettingsReply } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { SecretBox } from '../../access/secret-box.ts';
import type { Database } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';
import type { Outside } from '../channels/http-request.ts';

export const secretNames = ['mailPassword', 'mailboxPassword', 'smsPin', 'smsToken'] as const;
/** Secrets as they are sent with; null: there is none. */
export type OpenSecrets = Readonly<Record<(typeof secretNames)[number], string | null>>;
type Secrets = z.infer<typeof AlertSecrets>;
export interface OpenSettings {
  readonly settings: AlertSettings;
  readonly secrets: OpenSecrets;
}

/** What holds until somebody sets something else. */
export const defaultSettings: AlertSettings = {
  mail: null,
  mailbox: null,
  sms: null,
  quiet: null,
  weeklyTest: { day: 1, at: '10:00' },
  heartbeat: null,
  timeZone: 'Europe/Berlin',
  language: 'de',
  publicStatus: false,
};

const rowKey = 'settings';
/** As they are sealed. */
const SealedSecrets = AlertSecrets.required();
const none: OpenSecrets = { mailPassword: null, mailboxPassword: null, smsPin: null, smsToken: null };

/** What is set for all of alerting. Read from memory after the first time; this process is the only one that writes. */
export class Settings {
  readonly #outside: Outside;
  readonly #db: Database;
  readonly #box: SecretBox;
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  #known: OpenSettings | null = null;

  constructor(options: { db: Database; secretBox: SecretBox; now: () => number; outside: Outside }) {
    this.#outside = options.outside;
    this.#db = options.db;
    this.#box = options.secretBox;
    this.#now = options.now;
  }

  /** Without secrets. */
  async read(): Promise<AlertSettings> {
    return (await this.open()).settings;
  }

  /** For senders. */
  async open(): Promise<OpenSettings> {
    if (this.#known !== null) return this.#known;
    const row = await this.#db
      .selectFrom('alert_settings')
      .select(['value', 'sealed'])
      .where('key', '=', rowKey)
      .executeTakeFirst();
    const known: OpenSettings = {
      settings: row === undefined ? defaultSettings : AlertSettings.parse(JSON.parse(row.value)),
      secrets: row?.sealed == null ? none : SealedSecrets.parse(JSON.parse(this.#box.open(row.sealed))),
    };
    this.#known = known;
    return known;
  }

  /** For people: which secrets there are, not what they are. */
  async view(): Promise<AlertSettingsReply> {
    const { settings, secrets } = await this.open();
    return {
      settings,
      set: {
        mailPassword: secrets.mailPassword !== null,
        mailboxPassword: secrets.mailboxPassword !== null,
        smsPin: secrets.smsPin !== null,
        smsToken: secrets.smsToken !== null,
      },
    };
  }

  /** Secrets that are left out stay, null takes one away. @throws AppError `invalid` naming the field. */
  async write(settings: AlertSettings, change: Secrets, by: string): Promise<void> {
    check(settings);
    const before = await this.open();
    await this.#checkAddresses(settings, before.settings);
    forbidBorrowedSecrets(before, settings, change);
    const secrets: OpenSecrets = {
      mailPassword: change.mailPassword === undefined ? before.secrets.mailPassword : change.mailPassword,
      mailboxPassword:
        change.mailboxPassword === undefined ? before.secrets.mailboxPassword : change.mailboxPassword,
      smsPin: change.smsPin === undefined ? before.secrets.smsPin : change.smsPin,
      smsToken: change.smsToken === undefined ? before.secrets.smsToken : change.smsToken,
    };
    const row = {
      value: JSON.stringify(settings),
      sealed: this.#box.seal(JSON.stringify(secrets)),
      updated_at: this.#now(),
      updated_by: by,
    };
    await this.#db
      .insertInto('alert_settings')
      .values({ key: rowKey, ...row })
      .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
      .execute();
    this.#known = { settings, secrets };
    for (const listener of this.#listeners) listener();
  }

  /** Says at once what connecting would run into; what stays as it is may stay. @throws OutgoingRefused */
  async #checkAddresses(settings: AlertSettings, before: AlertSettings): Promise<void> {
    const { mail, mailbox, sms, heartbeat } = settings;
    if (mail !== null && mail.host !== before.mail?.host)
      await this.#outside.checkServer(mail.host, 'settings.mail.host');
    if (mailbox !== null && mailbox.host !== before.mailbox?.host)
      await this.#outside.checkServer(mailbox.host, 'settings.mailbox.host');
    const smsBefore = before.sms?.by === 'gateway' ? before.sms.url : null;
    if (sms?.by === 'gateway' && sms.url !== smsBefore)
      await this.#outside.check(sms.url, 'settings.sms.url');
    if (heartbeat !== null && heartbeat.url !== before.heartbeat?.url)
      await this.#outside.check(heartbeat.url, 'settings.heartbeat.url');
  }

  /** Told after each change. Returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * A secret of the server's own (keys of push, of links): made by `make` at the first time, the same ever after.
   * @throws Error when it was sealed with another key.
   */
  async ownSecret<T>(key: string, schema: z.ZodType<T>, make: () => T): Promise<T> {
    const find = async (): Promise<T | null> => {
      const row = await this.#db
        .selectFrom('alert_settings')
        .select('sealed')
        .where('key', '=', key)
        .executeTakeFirst();
      return row?.sealed == null ? null : schema.parse(JSON.parse(this.#box.open(row.sealed)));
    };
    const known = await find();
    if (known !== null) return known;
    await this.#db
      .insertInto('alert_settings')
      .values({
        key,
        value: '{}',
        sealed: this.#box.seal(JSON.stringify(make())),
        updated_at: this.#now(),
        updated_by: null,
      })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute();
    const made = await find();
    if (made === null) throw new Error(`The secret ${key} could not be kept.`);
    return made;
  }
}

function check(settings: AlertSettings): void {
  const wrong = (path: string, message: string): never => {
    throw new AppError('invalid', `${path}: ${message}`, [{ path: `settings.${path}`, message }]);
  };
  try {
    new Intl.DateTimeFormat('de', { timeZone: settings.timeZone });
  } catch {
    wrong('timeZone', `"${settings.timeZone}" is not a time zone; one is "Europe/Berlin"`);
  }
  const clock = /^([01]\d|2[0-3]):[0-5]\d$/;
  for (const [path, time] of [
    ['quiet.from', settings.quiet?.from],
    ['quiet.until', settings.quiet?.until],
    ['weeklyTest.at', settings.weeklyTest?.at],
  ] as const)
    if (time !== undefined && !clock.test(time)) wrong(path, `"${time}" is not a time; one is "22:00"`);
  if (settings.quiet !== null && settings.quiet.from === settings.quiet.until)
    wrong('quiet.until', 'must differ from the beginning');
  if (settings.mail !== null && !/^[^<>\r\n]*<?[^\s<>@]+@[^\s<>@]+>?$/.test(settings.mail.from))
    wrong('mail.from', 'must be an address such as rackhaus@example.de, or "Rackhaus <rackhaus@example.de>"');
  if (settings.sms?.by === 'modem' && !/^\/dev\/[-\w/.]+$/.test(settings.sms.device.replaceAll('..', ' ')))
    wrong('sms.device', 'must be a serial device below /dev, such as /dev/ttyUSB0');
  if (settings.sms?.by === 'gateway') checkGatewayBody(settings.sms.body, wrong);
}

function checkGatewayBody(body: string, wrong: (path: string, message: string) => never): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    wrong('sms.body', 'must be JSON such as {"to": "{number}", "text": "{text}"}');
  }
  if (!z.record(z.string(), z.unknown()).safeParse(parsed).success)
    wrong('sms.body', 'must be a JSON object');
  for (const part of ['{number}', '{text}'])
    if (!body.includes(part)) wrong('sms.body', `must hold ${part} where it belongs`);
}

/** A password that is kept must not be sent to a host that was not there when it was given. */
function forbidBorrowedSecrets(before: OpenSettings, after: AlertSettings, change: Secrets): void {
  const places = (settings: AlertSettings) => ({
    mailPassword: settings.mail === null ? null : `${settings.mail.host} ${settings.mail.security}`,
    mailboxPassword:
      settings.mailbox === null ? null : `${settings.mailbox.host} ${settings.mailbox.security}`,
    smsToken: settings.sms?.by === 'gateway' ? new URL(settings.sms.url).origin : null,
  });
  const was = places(before.settings);
  const is = places(after);
  for (const name of ['mailPassword', 'mailboxPassword', 'smsToken'] as const) {
    if (before.secrets[name] === null || change[name] !== undefined) continue;
    if (is[name] !== null && was[name] !== is[name]) {
      const message = 'has to be given again where the server or its security is another one';
      throw new AppError('invalid', `${name} ${message}.`, [{ path: `secrets.${name}`, message }]);
    }
  }
}
