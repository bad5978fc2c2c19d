import {
  type IpNetwork,
  isInNetwork,
  isIpAddress,
  networkText,
  type PolledNetworks as PolledNetworksChange,
  parseNetwork,
} from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';

/** A network whose addresses may be polled. */
export interface PolledNetwork {
  readonly network: IpNetwork;
  /** Only devices of this site; null: of every site. */
  readonly siteId: number | null;
}

/** Where devices may be polled now. */
export async function polledNetworks(db: Database): Promise<PolledNetwork[]> {
  const rows = await db.selectFrom('polled_networks').select(['network', 'site_id']).execute();
  return rows.flatMap(({ network, site_id }) => {
    const parsed = parseNetwork(network);
    return parsed === null ? [] : [{ network: parsed, siteId: site_id }];
  });
}

/**
 * Whether a device of that site may be polled at that address. A name is looked up by the agent at each use, which checks what it
 * finds: here it passes. `siteId` undefined: of any site.
 */
export function mayBePolled(
  networks: readonly PolledNetwork[],
  address: string,
  siteId: number | null | undefined,
): boolean {
  if (!isIpAddress(address)) return true;
  return networks.some(
    (one) =>
      (one.siteId === null || siteId === undefined || one.siteId === siteId) &&
      isInNetwork(address, one.network),
  );
}

/** What is said of an address that may not be polled. */
export function notPolled(address: string, path = 'address'): AppError {
  const message = `${address} lies in no network that may be polled here. An administrator can allow its network on the page Administration > Protection; the setting POLLED_NETWORKS does so too.`;
  return new AppError('invalid', message, [{ path, message }], {
    reason: 'network-not-allowed',
    network: address,
  });
}

/** All networks as people see them. */
export async function listPolledNetworks(db: Database) {
  const rows = await db.selectFrom('polled_networks').selectAll().orderBy('id').execute();
  return {
    networks: rows
      .filter((row) => row.fixed === 0)
      .map((row) => ({ network: row.network, siteId: row.site_id, note: row.note })),
    fixed: rows.filter((row) => row.fixed === 1).map((row) => row.network),
  };
}

/** Says anew where devices may be polled, besides what the settings say. @throws AppError `invalid`: there is no such site */
export async function setPolledNetworks(db: Database, change: PolledNetworksChange): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const sites = new Set((await tx.selectFrom('sites').select('id').execute()).map(({ id }) => id));
    for (const [index, { siteId }] of change.networks.entries()) {
      if (siteId === null || sites.has(siteId)) continue;
      const message = `There is no site ${siteId}.`;
      throw new AppError('invalid', message, [{ path: `networks.${index}.siteId`, message }]);
    }
    await tx.deleteFrom('polled_networks').where('fixed', '=', 0).execute();
    for (const { network, siteId, note } of change.networks)
      await tx.insertInto('polled_networks').values({ network, site_id: siteId, note, fixed: 0 }).execute();
  });
}

/** Takes over the networks of the setting POLLED_NETWORKS; those of before go. */
export async function keepFixedNetworks(db: Database, networks: readonly string[]): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('polled_networks').where('fixed', '=', 1).execute();
    for (const text of networks) {
      const network = parseNetwork(text);
      if (network !== null)
        await tx
          .insertInto('polled_networks')
          .values({ network: networkText(network), site_id: null, note: '', fixed: 1 })
          .execute();
    }
  });
}
