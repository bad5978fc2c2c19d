import type { LdapSettings } from '@rackhaus/config/contract';
import type { Outgoing } from '../../outgoing/outgoing.ts';
import type { Person } from './accounts.ts';
import { dnKey, escapedFilterValue, escapedValue, isBelow } from './dn.ts';
import { type Entry, LdapConnection, LdapError } from './ldap-connection.ts';

const mostDepth = 10;
const mostGroups = 2000;
/** What never changes, by whatever name a directory knows it. */
const idAttributes = ['entryUUID', 'objectGUID', 'nsUniqueId', 'ipaUniqueID', 'GUID'] as const;
const binaryIds: readonly string[] = ['objectGUID', 'GUID'];
const stateAttributes = [
  'userAccountControl',
  'accountExpires',
  'pwdAccountLockedTime',
  'nsAccountLock',
  'loginDisabled',
];

/** A directory as an administrator described it, and what is asked of it. Every method throws LdapError. */
export class LdapDirectory {
  readonly #settings: LdapSettings;
  readonly #secret: string | null;
  readonly #connection: LdapConnection;

  constructor(options: { settings: LdapSettings; secret: string | null; connection: LdapConnection }) {
    this.#settings = options.settings;
    this.#secret = options.secret;
    this.#connection = options.connection;
  }

  static async open(options: {
    settings: LdapSettings;
    secret: string | null;
    outgoing: Outgoing;
  }): Promise<LdapDirectory> {
    const { servers, caCertificate } = options.settings;
    const connection = await LdapConnection.open({ servers, caCertificate, outgoing: options.outgoing });
    return new LdapDirectory({ ...options, connection });
  }

  get server(): string {
    return this.#connection.server;
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  /** With the account that searches. */
  async bindOwn(): Promise<void> {
    const { bind } = this.#settings;
    if (bind.how === 'search') await this.#connection.bind(bind.user, this.#secret ?? '');
  }

  /** With somebody's own name and password. `entry`: where their entry is known already. */
  async bindAs(name: string, password: string, entry: Entry | null): Promise<void> {
    await this.#connection.bind(entry?.dn ?? this.#directName(name), password);
  }

  /** The one whose name that is; null: nobody. @throws LdapError `several` */
  async find(name: string): Promise<Entry | null> {
    const { base, filter } = this.#settings;
    const found = await this.#connection.search({
      base,
      condition: { filter: filter.replaceAll('{name}', escapedFilterValue(name)) },
      attributes: this.#attributes(),
      most: 2,
    });
    const [first, second] = found;
    if (second !== undefined) throw new LdapError('several', `the filter fits ${first?.dn} and ${second.dn}`);
    return first ?? null;
  }

  /** The one with this id, as `idOf` says it; null: nobody (any more). */
  async findById(id: string): Promise<Entry | null> {
    const colon = id.indexOf(':');
    const attribute = id.slice(0, colon);
    const text = id.slice(colon + 1);
    const value = binaryIds.includes(attribute) ? Buffer.from(text, 'hex') : text;
    const found = await this.#connection.search({
      base: this.#settings.base,
      condition: { attribute, value },
      attributes: this.#attributes(),
      most: 2,
    });
    return found[0] ?? null;
  }

  /**
   * Whether the entry is that of who has just signed in directly: a name may mean one person to the sign-in and another to the search.
   */
  async isOwn(entry: Entry, name: string): Promise<boolean> {
    const { bind } = this.#settings;
    if (bind.how === 'search') return true;
    const direct = this.#directName(name);
    if (isDnPattern(bind.pattern)) return dnKey(direct) === dnKey(entry.dn);
    const identity = await this.#connection.identity();
    if (identity === null) return false;
    if (/^dn:/i.test(identity)) return dnKey(identity.slice(3)) === dnKey(entry.dn);
    const account = identity.replace(/^u:/i, '').replace(/^.*\\/, '').toLowerCase();
    return entry.texts('sAMAccountName').some((own) => own.toLowerCase() === account);
  }

  /** Full names of the groups that somebody is in, below the place where groups count. */
  async groupsOf(entry: Entry): Promise<string[]> {
    const { groups, groupBase } = this.#settings;
    if (groups === 'member-of') return entry.texts('memberOf').filter((group) => isBelow(group, groupBase));
    if (groups === 'nested') {
      const found = await this.#connection.search({
        base: groupBase,
        condition: { chain: 'member', value: entry.dn },
        attributes: ['cn'],
      });
      return found.map(({ dn }) => dn);
    }
    return this.#groupsByMembers(entry);
  }

  /** What the account here is made from; null where the directory lacks the id or the name. */
  async person(entry: Entry): Promise<Person | null> {
    const subject = idOf(entry);
    const name = this.nameOf(entry);
    if (subject === null || name === null) return null;
    return { issuer: '', subject, name, groups: await this.groupsOf(entry) };
  }

  nameOf(entry: Entry): string | null {
    const name = entry.texts(this.#settings.nameAttribute)[0]?.trim().slice(0, 100);
    return name === undefined || name === '' ? null : name;
  }

  /** Groups, groups of these groups, and so on; also where they form a circle. */
  async #groupsByMembers(entry: Entry): Promise<string[]> {
    const found = new Map<string, string>();
    let members = [entry.dn];
    for (let depth = 0; members.length > 0 && depth < mostDepth && found.size < mostGroups; depth++) {
      const anyOf = members.flatMap((value) => [
        { attribute: 'member', value },
        { attribute: 'uniqueMember', value },
      ]);
      const uid = depth === 0 ? entry.texts('uid') : [];
      const groups = await this.#connection.search({
        base: this.#settings.groupBase,
        condition: { anyOf: [...anyOf, ...uid.map((value) => ({ attribute: 'memberUid', value }))] },
        attributes: ['cn'],
      });
      const fresh = groups.filter(({ dn }) => !found.has(dnKey(dn)));
      for (const { dn } of fresh) found.set(dnKey(dn), dn);
      members = fresh.map(({ dn }) => dn);
    }
    return [...found.values()];
  }

  #directName(name: string): string {
    const { bind } = this.#settings;
    if (bind.how !== 'direct') throw new LdapError('other', 'nobody signs in directly here');
    const value = isDnPattern(bind.pattern) ? escapedValue(name) : name;
    return bind.pattern.replaceAll('{name}', value);
  }

  #attributes(): string[] {
    const { nameAttribute } = this.#settings;
    return [
      ...new Set([nameAttribute, 'uid', 'sAMAccountName', 'memberOf', ...idAttributes, ...stateAttributes]),
    ];
  }
}

/** Attribute and value of what never changes; null where the directory gives none. */
export function idOf(entry: Entry): string | null {
  for (const attribute of idAttributes) {
    const value = binaryIds.includes(attribute)
      ? entry.bytes(attribute)?.toString('hex')
      : entry.texts(attribute)[0]?.toLowerCase();
    if (value !== undefined && value !== '') return `${attribute}:${value}`;
  }
  return null;
}

/** 100 ns since 1601, in which Active Directory counts. */
const filetimeTo1970Ms = 11_644_473_600_000;
const never = ['0', '9223372036854775807'];
const disabledFlag = 0x2;

/** Whether the directory says that this account may not be used (any more). */
export function isDisabled(entry: Entry, now: number): boolean {
  const [control] = entry.texts('userAccountControl');
  if (control !== undefined && (Number(control) & disabledFlag) !== 0) return true;
  const [expires] = entry.texts('accountExpires');
  if (expires !== undefined && /^\d+$/.test(expires) && !never.includes(expires)) {
    if (Number(BigInt(expires) / 10_000n) - filetimeTo1970Ms <= now) return true;
  }
  // OpenLDAP's "until somebody unlocks it"; a lock for a while after wrong passwords ends nobody's session.
  if (entry.texts('pwdAccountLockedTime')[0]?.startsWith('000001010000')) return true;
  return ['nsAccountLock', 'loginDisabled'].some(
    (attribute) => entry.texts(attribute)[0]?.toLowerCase() === 'true',
  );
}

function isDnPattern(pattern: string): boolean {
  return /^[A-Za-z][A-Za-z0-9-]*\s*=/.test(pattern);
}
