import type { CableProof } from '@rackhaus/config/contract';
import type { Selectable } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';
import type { PortVerdict, Verdict } from './compare.ts';
import type { DriftTables } from './tables.ts';
import type { Way } from './ways.ts';

type KeptProof = Selectable<DriftTables['cable_proofs']>;

const refreshMs = 3_600_000;
/** What weighs more when ports at both ends of a cable say different things. */
const weight: readonly Verdict[] = ['contradicted', 'confirmed', 'dark', 'missing', 'unseen'];

/** What the verdicts of ports say of the cables on their ways. A cable is confirmed only where no end contradicts. Pure. */
export function verdictsOfCables(
  verdicts: ReadonlyMap<number, PortVerdict>,
  way: (portId: number) => Way,
): Map<number, PortVerdict> {
  const cables = new Map<number, PortVerdict>();
  for (const [portId, verdict] of verdicts) {
    if (verdict.verdict === 'unseen' || verdict.verdict === 'missing') continue;
    for (const { linkId } of way(portId).cables) {
      const known = cables.get(linkId);
      if (known === undefined || weight.indexOf(verdict.verdict) < weight.indexOf(known.verdict))
        cables.set(linkId, verdict);
    }
  }
  return cables;
}

/** When each cable was last confirmed, and by what. */
export class CableProofs {
  #byLink = new Map<number, KeptProof>();

  async load(db: Database): Promise<void> {
    const rows = await db.selectFrom('cable_proofs').selectAll().execute();
    this.#byLink = new Map(rows.map((row) => [row.link_id, row]));
  }

  of(linkId: number): CableProof {
    const { verdict, confirmed_at, source, by } = this.#byLink.get(linkId) ?? {};
    return {
      verdict: verdict ?? 'unseen',
      confirmedAt: confirmed_at ?? null,
      source: source ?? null,
      by: by ?? null,
    };
  }

  /** Writes verdicts. That nothing is to be seen of a cable now takes nothing back. @returns how to take it over */
  async save(tx: Database, cables: ReadonlyMap<number, PortVerdict>, now: number): Promise<() => void> {
    const rows: KeptProof[] = [];
    for (const [linkId, { verdict, seen }] of cables) {
      const known = this.#byLink.get(linkId);
      const confirmedAt = verdict === 'confirmed' ? (seen?.time ?? now) : (known?.confirmed_at ?? null);
      const isOld = (confirmedAt ?? 0) - (known?.confirmed_at ?? 0) >= refreshMs;
      if (known?.verdict === verdict && !isOld) continue;
      const isConfirmed = verdict === 'confirmed';
      rows.push({
        link_id: linkId,
        verdict,
        time: known?.verdict === verdict ? known.time : now,
        confirmed_at: confirmedAt,
        source: isConfirmed ? (seen?.source ?? null) : (known?.source ?? null),
        by: isConfirmed ? null : (known?.by ?? null),
      });
    }
    for (const row of rows) await write(tx, row);
    return () => {
      for (const row of rows) this.#byLink.set(row.link_id, row);
    };
  }

  /** Somebody has looked: nothing else can tell. Stays `unseen`, with the one who says it. */
  async byHand(db: Database, linkIds: readonly number[], by: string, at: number): Promise<void> {
    for (const link_id of linkIds) {
      const row: KeptProof = { link_id, verdict: 'unseen', time: at, confirmed_at: at, source: 'hand', by };
      await write(db, row);
      this.#byLink.set(link_id, row);
    }
  }

  /** These cables are plugged in elsewhere now: what was proven of them before is worth nothing. */
  async forget(db: Database, linkIds: readonly number[]): Promise<void> {
    const known = linkIds.filter((id) => this.#byLink.has(id));
    for (const part of chunked(known))
      await db.deleteFrom('cable_proofs').where('link_id', 'in', part).execute();
    for (const id of known) this.#byLink.delete(id);
  }
}

async function write(db: Database, row: KeptProof): Promise<void> {
  const { link_id: _, ...values } = row;
  await db
    .insertInto('cable_proofs')
    .values(row)
    .onConflict((conflict) => conflict.column('link_id').doUpdateSet(values))
    .execute();
}
