import type { Identity } from '@rackhaus/config/contract';
import { type ComposedProfile, longestText, type ProfileSource } from '@rackhaus/config/profiles';
import { type SnmpValue, toNumber, toText } from '../snmp/decode.ts';
import { encodeOid, type OidBytes } from '../snmp/oid.ts';
import type { ReplySize } from '../snmp/reply-size.ts';
import type { SnmpSession } from '../snmp/session.ts';
import { walkTable } from '../snmp/walk.ts';
import type { Presence } from './presence.ts';
import { getAll } from './scalars.ts';

/** The SNMPv2-MIB system group. */
export interface SystemGroup {
  readonly description: string | null;
  readonly objectId: string | null;
  readonly name: string | null;
  readonly location: string | null;
}

const facts = ['os', 'vendor', 'model', 'serial', 'firmware'] as const;
/** A table that holds an identity is short where it counts: chassis and slots come first. */
const mostRows = 500;

/**
 * What the device is, by the sources of its profile: its own first, then those of its parts.
 * @throws SnmpError when the device stops answering.
 */
export async function readIdentity(
  session: SnmpSession,
  size: ReplySize,
  profile: ComposedProfile,
  system: SystemGroup,
  deadline: number,
  presence: Presence,
): Promise<Identity> {
  const sources = new Map(facts.map((fact) => [fact, profile.parts.flatMap((part) => part.identity[fact])]));
  const all = [...sources.values()].flat();
  const scalars = [
    ...new Set(
      all.flatMap((source) => ('oid' in source ? [source.oid] : 'oids' in source ? source.oids : [])),
    ),
  ];
  const values = await getAll(session, scalars.map(encodeOid));
  const scalar = new Map(scalars.map((oid, i) => [oid, values[i]]));
  const tables = new Tables(session, size, deadline, all, presence);

  const identity: Record<(typeof facts)[number], string | null> = {
    os: null,
    vendor: null,
    model: null,
    serial: null,
    firmware: null,
  };
  for (const [fact, candidates] of sources) {
    for (const source of candidates) {
      identity[fact] = await read(source);
      if (identity[fact] !== null) break;
    }
  }
  return { ...identity, name: system.name, description: system.description, location: system.location };

  async function read(source: ProfileSource): Promise<string | null> {
    if ('value' in source) return source.value;
    if ('sysObjectId' in source) return longestPrefix(source.sysObjectId, system.objectId);
    if ('sysDescr' in source) return shaped(system.description, source.sysDescr, source.as);
    if ('oid' in source) return shaped(toText(scalar.get(source.oid)), source.pattern, source.as);
    if ('oids' in source)
      return together(
        source.oids.map((oid) => toText(scalar.get(oid))),
        source.as,
      );
    const column = await tables.column(source.column);
    const where = source.where && (await tables.column(source.where.column));
    for (const [index, value] of column) {
      if (where && toNumber(where.get(index)) !== source.where?.is) continue;
      const text = shaped(toText(value), source.pattern, source.as);
      if (text !== null) return text;
    }
    return null;
  }
}

/** Columns of identity tables, walked when first asked for, those of one table together. */
class Tables {
  private readonly session: SnmpSession;
  private readonly size: ReplySize;
  private readonly deadline: number;
  private readonly wanted: readonly string[];
  private readonly read = new Map<string, ReadonlyMap<string, SnmpValue>>();

  private readonly presence: Presence;

  constructor(
    session: SnmpSession,
    size: ReplySize,
    deadline: number,
    sources: readonly ProfileSource[],
    presence: Presence,
  ) {
    this.presence = presence;
    this.session = session;
    this.size = size;
    this.deadline = deadline;
    this.wanted = [
      ...new Set(
        sources.flatMap((source) =>
          'column' in source ? [source.column, ...(source.where ? [source.where.column] : [])] : [],
        ),
      ),
    ];
  }

  async column(oid: string): Promise<ReadonlyMap<string, SnmpValue>> {
    const known = this.read.get(oid);
    if (known) return known;
    const together = this.wanted.filter((other) => entryOf(other) === entryOf(oid));
    const oids = together.map((each): OidBytes => encodeOid(each));
    const { rows } = this.presence.lacks(oids)
      ? { rows: [] }
      : await walkTable(this.session, this.size, oids, { deadline: this.deadline, rows: mostRows });
    together.forEach((each, i) => {
      this.read.set(each, new Map(rows.map((row) => [row.index, row.values[i]])));
    });
    return this.read.get(oid) ?? new Map();
  }
}

function entryOf(column: string): string {
  return column.slice(0, column.lastIndexOf('.'));
}

function shaped(text: string | null, pattern: string | undefined, as: string | undefined): string | null {
  if (text === null || pattern === undefined) return text;
  const match = new RegExp(pattern, 'i').exec(text.slice(0, longestText));
  if (!match) return null;
  const result = (as ?? (match.length > 1 ? '$1' : '$0'))
    .replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '')
    .trim();
  return result === '' ? null : result;
}

/** Texts in the places that `as` has for them ($1 …); null unless all are there. */
function together(texts: readonly (string | null)[], as: string): string | null {
  if (texts.some((text) => text === null || text === '')) return null;
  return as.replace(/\$(\d)/g, (_, place: string) => texts[Number(place) - 1] ?? '').trim();
}

function longestPrefix(table: Readonly<Record<string, string>>, oid: string | null): string | null {
  let best = '';
  let result: string | null = null;
  for (const [prefix, value] of Object.entries(table)) {
    if (oid !== null && (oid === prefix || oid.startsWith(`${prefix}.`)) && prefix.length > best.length) {
      best = prefix;
      result = value;
    }
  }
  return result;
}
