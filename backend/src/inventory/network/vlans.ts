import type { PortNetwork, VlanList } from '@rackhaus/config/contract';
import { sql } from 'kysely';
import { idsInReach, inReach, type Reach } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';
import { addressesOfPort } from './prefixes.ts';

/** Every VLAN with how many ports carry it and which networks are in it. `reach`: those of these sites and those of none. */
export async function vlanList(db: Database, reach: Reach | null = null): Promise<VlanList> {
  const vlans = await db
    .selectFrom('vlans')
    .leftJoin('sites', 'sites.id', 'vlans.site_id')
    .$if(reach !== null, (query) =>
      reach === null ? query : query.where(sql<boolean>`vlans.id in ${idsInReach('vlan', reach)}`),
    )
    .select(['vlans.id', 'vlans.vid', 'vlans.name', 'vlans.purpose', 'vlans.site_id', 'sites.name as site'])
    .orderBy('vlans.vid')
    .orderBy('sites.name')
    .execute();
  const untagged = await db
    .selectFrom('ports')
    .select((e) => ['untagged_vlan_id as id', e.fn.countAll().as('count')])
    .where('untagged_vlan_id', 'is not', null)
    .groupBy('untagged_vlan_id')
    .execute();
  const tagged = await db
    .selectFrom('port_vlans')
    .select((e) => ['vlan_id as id', e.fn.countAll().as('count')])
    .groupBy('vlan_id')
    .execute();
  const prefixes = await db
    .selectFrom('prefixes')
    .select(['id', 'cidr', 'vlan_id'])
    .$if(reach !== null, (query) => (reach === null ? query : query.where(inReach('prefix', reach))))
    .where('vlan_id', 'is not', null)
    .orderBy('first')
    .execute();
  const count = (rows: readonly { id: number | null; count: number | string | bigint }[], id: number) =>
    Number(rows.find((row) => row.id === id)?.count ?? 0);
  return {
    vlans: vlans.map((vlan) => ({
      id: vlan.id,
      vid: vlan.vid,
      name: vlan.name,
      purpose: vlan.purpose,
      site: vlan.site_id === null ? null : { id: vlan.site_id, name: vlan.site ?? '' },
      untagged: count(untagged, vlan.id),
      tagged: count(tagged, vlan.id),
      prefixes: prefixes.filter((prefix) => prefix.vlan_id === vlan.id).map(({ id, cidr }) => ({ id, cidr })),
    })),
  };
}

/**
 * VLANs and addresses of one port.
 * @throws AppError not-found
 */
export async function portNetwork(db: Database, portId: number): Promise<PortNetwork> {
  const port = await db
    .selectFrom('ports')
    .leftJoin('vlans', 'vlans.id', 'ports.untagged_vlan_id')
    .select(['ports.version', 'vlans.id', 'vlans.vid', 'vlans.name'])
    .where('ports.id', '=', portId)
    .executeTakeFirst();
  if (port === undefined)
    throw new AppError('not-found', 'There is no such port.', undefined, { reason: 'gone' });
  const tagged = await db
    .selectFrom('port_vlans')
    .innerJoin('vlans', 'vlans.id', 'port_vlans.vlan_id')
    .select(['port_vlans.id as recordId', 'vlans.id', 'vlans.vid', 'vlans.name'])
    .where('port_vlans.port_id', '=', portId)
    .orderBy('vlans.vid')
    .execute();
  return {
    version: port.version,
    untagged: port.id === null ? null : { id: port.id, name: `${port.vid} ${port.name}` },
    tagged: tagged.map(({ recordId, id, vid, name }) => ({ recordId, id, name: `${vid} ${name}` })),
    addresses: await addressesOfPort(db, portId),
  };
}
