import type { RecordKind } from '@rackhaus/config/contract';
import type { Change } from '../../history/change.ts';
import { chunked } from '../../history/rows.ts';
import { toRow } from '../records/columns.ts';
import type { Creation, Draft } from './draft.ts';
import { knownFields } from './fields.ts';
import { macPort, portsOf } from './known.ts';

/** What others stand in or refer to is made first, then what is there is changed, which may free names and addresses. */
const before: readonly RecordKind[] = [
  'site',
  'building',
  'floor',
  'room',
  'rack',
  'device-type',
  'contract',
  'vrf',
];
const after: readonly RecordKind[] = [
  'vlan',
  'prefix',
  'device',
  'outlet',
  'address',
  'monitoring',
  'spare-part',
  'link',
  'link-end',
];
const perInsert = 200;

type DraftPart = Pick<Draft, 'creations' | 'updates' | 'removals' | 'macs'>;

/**
 * The part of a draft that belongs to rows without problems: what only rows with problems would need is left out.
 * @param refused numbers of rows that are left out
 */
export function withoutRows(draft: Draft, refused: ReadonlySet<number>): DraftPart {
  const updates = draft.updates.filter(({ row }) => !refused.has(row));
  const removals = draft.removals.filter(({ row }) => !refused.has(row));
  const macs = draft.macs.filter(({ row }) => !refused.has(row));
  const byRef = new Map(draft.creations.map((creation) => [creation.ref, creation]));
  const kept = new Set<number>();
  const keep = (creation: Creation): void => {
    if (kept.has(creation.ref)) return;
    kept.add(creation.ref);
    keepReferred(creation.kind, creation.values);
  };
  const keepReferred = (kind: RecordKind, values: Readonly<Record<string, unknown>>): void => {
    for (const [field, value] of Object.entries(values)) {
      if (typeof value !== 'number' || value >= 0 || knownFields(kind).get(field)?.meta.type !== 'ref')
        continue;
      const referred = byRef.get(value);
      if (referred !== undefined) keep(referred);
    }
  };
  for (const creation of draft.creations)
    if (creation.row !== null && !refused.has(creation.row)) keep(creation);
  for (const { kind, values } of updates) keepReferred(kind, values);
  return { creations: draft.creations.filter(({ ref }) => kept.has(ref)), updates, removals, macs };
}

/**
 * Does what a draft says, within one change.
 * @throws AppError when the inventory refuses something; the signal's reason when it is told to stop
 */
export async function applyDraft(
  change: Change,
  draft: DraftPart,
  options: { signal: AbortSignal; onProgress: (done: number, total: number) => void },
): Promise<void> {
  const { signal, onProgress } = options;
  const total = draft.creations.length + draft.updates.length + draft.removals.length;
  const ids = new Map<number, number>();
  let done = 0;
  const step = async (count: number) => {
    done += count;
    onProgress(done, total);
    // The database answers at once, so that waiting for it lets nobody else run.
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  };
  const rowOf = (kind: RecordKind, values: Readonly<Record<string, unknown>>) => {
    const fields = knownFields(kind);
    return toRow(
      kind,
      Object.fromEntries(
        Object.entries(values).map(([field, value]) => [
          field,
          typeof value === 'number' && value < 0 && fields.get(field)?.meta.type === 'ref'
            ? ids.get(value)
            : value,
        ]),
      ),
    );
  };
  const create = async (kinds: readonly RecordKind[]) => {
    for (const kind of kinds)
      for (const part of chunked(
        draft.creations.filter((creation) => creation.kind === kind),
        perInsert,
      )) {
        const made = await change.insert(
          kind,
          part.map(({ values }) => rowOf(kind, values)),
        );
        for (const [index, { ref }] of part.entries()) ids.set(ref, made[index] ?? 0);
        await step(part.length);
      }
  };
  await create(before);
  for (const [kind, removals] of Map.groupBy(draft.removals, (removal) => removal.kind))
    for (const part of chunked(removals, perInsert)) {
      await change.remove(
        kind,
        part.map(({ id }) => id),
      );
      await step(part.length);
    }
  for (const part of chunked(draft.updates, 50)) {
    for (const { kind, id, values } of part) await change.update(kind, id, rowOf(kind, values));
    await step(part.length);
  }
  await create(after);
  await writeMacs(change, draft, ids);
  signal.throwIfAborted();
}

async function writeMacs(
  change: Change,
  { macs }: Pick<Draft, 'macs'>,
  ids: ReadonlyMap<number, number>,
): Promise<void> {
  const devices = macs.map(({ device }) => ids.get(device) ?? device);
  const ports = await portsOf(change.tx, 'device_id', devices);
  for (const [index, { mac }] of macs.entries()) {
    const port = macPort(ports.get(devices[index] ?? 0) ?? []);
    if (port !== undefined) await change.update('port', port.id, { mac });
  }
}
