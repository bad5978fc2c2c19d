import type { Selectable } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { NewFinding } from './compare.ts';
import type { DriftTables } from './tables.ts';

export type KeptFinding = Selectable<DriftTables['drift_findings']>;

/** How often it is written down that a finding still holds. */
const refreshMs = 3_600_000;

/**
 * What becomes of the findings when these hold now: each keeps its id while it lasts and when it comes back; what was ignored stays
 * so until its time is over. Pure. @returns rows that differ from what is kept; those without id are new.
 */
export function nextFindings(
  kept: ReadonlyMap<string, KeptFinding>,
  found: readonly NewFinding[],
  now: number,
): { readonly changed: readonly KeptFinding[]; readonly made: readonly Omit<KeptFinding, 'id'>[] } {
  const changed: KeptFinding[] = [];
  const made: Omit<KeptFinding, 'id'>[] = [];
  const keys = new Set<string>();
  for (const finding of found) {
    keys.add(finding.key);
    const known = kept.get(finding.key);
    const said = rowOf(finding);
    if (known === undefined) {
      made.push({
        ...said,
        state: 'open',
        since: finding.since ?? now,
        ignored_until: null,
        ignored_reason: null,
        ignored_by: null,
      });
      continue;
    }
    const next: KeptFinding = {
      ...known,
      ...said,
      since: known.state === 'settled' ? (finding.since ?? now) : known.since,
      last_seen: said.last_seen - known.last_seen >= refreshMs ? said.last_seen : known.last_seen,
      ...standing(known, now),
    };
    if (differs(known, next)) changed.push({ ...next, last_seen: said.last_seen });
  }
  for (const known of kept.values())
    if (!keys.has(known.key) && known.state !== 'settled') changed.push({ ...known, state: 'settled' });
  return { changed, made };
}

function rowOf(finding: NewFinding) {
  return {
    key: finding.key,
    verdict: finding.verdict,
    port_id: finding.portId,
    documented_id: finding.documentedId,
    source: finding.source,
    text: finding.text,
    observed_port_id: finding.observedPortId,
    observed_device_id: finding.observedDeviceId,
    last_seen: finding.lastSeen,
  };
}

function standing(known: KeptFinding, now: number): Pick<KeptFinding, 'state'> & Partial<KeptFinding> {
  if (known.ignored_by === null) return { state: 'open' };
  if (known.ignored_until === null || known.ignored_until > now) return { state: 'ignored' };
  return { state: 'open', ignored_until: null, ignored_reason: null, ignored_by: null };
}

function differs(a: KeptFinding, b: KeptFinding): boolean {
  return Object.entries(a).some(
    ([column, value]) => Object.entries(b).find(([name]) => name === column)?.[1] !== value,
  );
}

/** What somebody has to decide, as it is kept: in memory as well, because it is asked for and compared all the time. */
export class Findings {
  #byKey = new Map<string, KeptFinding>();

  async load(db: Database): Promise<void> {
    const rows = await db.selectFrom('drift_findings').selectAll().execute();
    this.#byKey = new Map(rows.map((row) => [row.key, row]));
  }

  get byKey(): ReadonlyMap<string, KeptFinding> {
    return this.#byKey;
  }
  /** Open and ignored ones. */
  lasting(): KeptFinding[] {
    return [...this.#byKey.values()].filter((finding) => finding.state !== 'settled');
  }
  byId(id: number): KeptFinding | undefined {
    for (const finding of this.#byKey.values()) if (finding.id === id) return finding;
    return undefined;
  }

  /** Forgets findings of ports that are gone; their rows went along. */
  forgetGone(exists: (portId: number) => boolean): void {
    for (const [key, finding] of this.#byKey) if (!exists(finding.port_id)) this.#byKey.delete(key);
  }

  /** Writes rows. @returns how to take them over in memory, once the transaction is committed. */
  async write(tx: Database, next: ReturnType<typeof nextFindings>): Promise<() => void> {
    const written: KeptFinding[] = [...next.changed];
    for (const finding of next.changed) {
      const { id: _, ...values } = finding;
      // A port that was deleted and came back has taken its findings along.
      await tx
        .insertInto('drift_findings')
        .values(finding)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
        .execute();
    }
    for (const values of next.made) {
      const { id } = await tx
        .insertInto('drift_findings')
        .values(values)
        .returning('id')
        .executeTakeFirstOrThrow();
      written.push({ ...values, id });
    }
    return () => {
      for (const finding of written) this.#byKey.set(finding.key, finding);
    };
  }
}
