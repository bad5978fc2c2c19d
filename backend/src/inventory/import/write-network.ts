import type { InventoryFile } from '@rackhaus/config/inventory-file';
import type { Change } from '../../history/change.ts';
import { parsePrefix } from '../network/ip.ts';
import { parseEnd } from './ends.ts';
import { portKey } from './read-ports.ts';
import { type Counts, sameValues, sync, writing } from './sync.ts';

/** Writes VLANs, the ports that carry them without a tag, and prefixes. */
export async function writeNetwork(
  change: Change,
  file: InventoryFile,
  ports: ReadonlyMap<string, number>,
  counts: Counts,
): Promise<void> {
  const rows = await change.tx.selectFrom('vlans').selectAll().where('site_id', 'is', null).execute();
  const existing = new Map(rows.map((row) => [String(row.vid), row]));
  const vlans = await sync({
    wanted: file.vlans.map(({ vid, name, purpose }) => ({
      key: String(vid),
      values: { vid, name, purpose: purpose ?? null },
    })),
    existing: (vid) => existing.get(vid),
    same: sameValues,
    ...writing(change, 'vlan'),
    counts,
  });
  const idOf = (vid: number) => vlans.get(String(vid)) ?? existing.get(String(vid))?.id ?? null;
  for (const vlan of file.vlans)
    for (const end of vlan.untagged) {
      const { owner, port } = parseEnd(end);
      const id = ports.get(portKey(owner, port));
      if (id === undefined) continue;
      const before = await change.get('port', id);
      if (before.untagged_vlan_id === idOf(vlan.vid)) continue;
      await change.update('port', id, { untagged_vlan_id: idOf(vlan.vid) });
      counts.changed++;
    }
  const known = await change.tx.selectFrom('prefixes').selectAll().where('vrf_id', 'is', null).execute();
  const prefixes = new Map(known.map((row) => [row.cidr, row]));
  await sync({
    wanted: file.prefixes.map(({ cidr, vlan, purpose }) => ({
      key: parsePrefix(cidr)?.text ?? cidr,
      values: {
        cidr: parsePrefix(cidr)?.text ?? cidr,
        vlan_id: vlan === undefined ? null : idOf(vlan),
        purpose: purpose ?? null,
      },
    })),
    existing: (cidr) => prefixes.get(cidr),
    same: sameValues,
    ...writing(change, 'prefix'),
    counts,
  });
}
