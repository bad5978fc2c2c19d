import type { ConnectReply, ConnectRequest, NewCable } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import type { Change } from '../../history/change.ts';
import { type Changes, causeOf } from '../../history/changes.ts';
import type { Caller } from '../../http/route.ts';
import { type CheckedCable, checkCables } from './check.ts';

/** Of more cables than these only what forbids them is looked for while they are made; a check says everything of any number. */
const warnedOf = 500;

/** Makes cables in one change, or (`check`) only says what would come of it. One that is refused keeps all from being made. */
export async function connectCables(
  deps: { readonly db: Database; readonly changes: Changes },
  caller: Caller,
  request: ConnectRequest,
): Promise<ConnectReply> {
  const { cables, check, reason } = request;
  if (check) return replyOf(await checkCables(deps.db, cables, { warn: true }), null, []);
  const { changeId, result } = await deps.changes.run(causeOf(caller, reason), async (change) => {
    const checked = await checkCables(change.tx, cables, { warn: cables.length <= warnedOf });
    const refused = checked.some(({ remarks }) => remarks.some(({ level }) => level === 'refuse'));
    return { checked, ids: refused ? [] : await makeCables(change, checked) };
  });
  return replyOf(result.checked, changeId, result.ids);
}

/** Makes cables that have been checked. @returns their ids, in their order */
export async function makeCables(
  change: Change,
  cables: readonly { readonly cable: NewCable; readonly label: string }[],
): Promise<number[]> {
  const ids = await change.insert(
    'link',
    cables.map(({ cable, label }) => ({
      kind: cable.kind,
      label,
      medium: cable.medium,
      color: cable.color === '' ? null : cable.color,
      length_m: cable.lengthM,
    })),
  );
  await change.insert(
    'link-end',
    cables.flatMap(({ cable }, index) =>
      (['a', 'b'] as const).map((side) => ({
        link_id: ids[index] ?? 0,
        side,
        connector: 1,
        port_id: cable[side].portId,
        port_side: cable[side].side,
      })),
    ),
  );
  return ids;
}

function replyOf(
  checked: readonly CheckedCable[],
  changeId: number | null,
  ids: readonly number[],
): ConnectReply {
  return {
    changeId,
    cables: checked.map(({ label, remarks }, index) => ({
      id: ids[index] ?? null,
      label,
      remarks: [...remarks],
    })),
  };
}
