import type { HangsOn, SwitchableOutlet, SwitchImpact } from '@rackhaus/config/contract';
import { isFed } from '../cabling/graph/impact.ts';
import type { Sites } from '../cabling/graph/sites.ts';
import type { PowerCords } from '../cabling/power/cords.ts';
import type { Database } from '../database/tables.ts';
import { devicePlaces } from '../inventory/device-places.ts';
import type { EntityState } from '../rules/device-rules.ts';
import { stateOf } from './outlets.ts';

/** What is known of an outlet, before it is looked at who may see what of it. */
type WholeImpact = Omit<SwitchImpact, 'names' | 'feedsOff'> & {
  readonly feedsOff: readonly (SwitchImpact['feedsOff'][number] & { readonly deviceId: number })[];
};

const order: readonly HangsOn['loses'][] = ['power', 'network', 'redundancy'];

/**
 * What goes off with an outlet: by the documented cords, with feeds that are off at this moment taken for gone. Where nothing is documented,
 * nothing is known, and that is never taken for "nothing hangs on it".
 */
export async function switchImpact(
  from: {
    readonly db: Database;
    readonly sites: Sites;
    readonly cords: PowerCords;
    readonly readingsOf: (deviceId: number) => readonly EntityState[] | null;
  },
  deviceId: number,
  outlet: SwitchableOutlet,
): Promise<WholeImpact> {
  const { db, sites, cords, readingsOf } = from;
  const port = outlet.portId;
  const own = cords.outOf(deviceId).filter((cord) => cord.outlet.id === port);
  const fed = new Set(own.map(({ inlet }) => inlet.deviceId));
  for (const id of [...fed]) for (const below of cords.below(id)) fed.add(below);
  // Of all that hangs on it: cords whose outlet says that it is off now give nothing when this one goes.
  const off = [...fed].flatMap((id) =>
    cords
      .into(id)
      .filter(
        (cord) =>
          cord.outlet.id !== port &&
          readingsOf(cord.outlet.deviceId)?.some(
            ({ kind, entity, values }) =>
              kind === 'outlet' && entity === cord.outlet.name && stateOf(values.state) === 'off',
          ),
      ),
  );
  const gone = [...(port === null ? [] : [port]), ...off.map((cord) => cord.outlet.id)];
  const [impact, before, site] = await Promise.all([
    sites.impact({ portIds: gone }),
    // What lacks power or network already because of those feeds does not lose it now.
    sites.impact({ portIds: off.map((cord) => cord.outlet.id) }),
    sites.now(),
  ]);
  const already = new Set(
    before.devices.filter(({ loses }) => loses !== 'redundancy').map(({ id, loses }) => `${id} ${loses}`),
  );
  const hangs = new Map<number, HangsOn>(
    impact.devices
      .filter(({ id, loses }) => !already.has(`${id} ${loses}`))
      .map((device) => [device.id, device]),
  );
  // What is not fed from anywhere by the documentation loses nothing there, and yet somebody has plugged it in here.
  const unfed = own.map(({ inlet }) => inlet.deviceId).filter((id) => !isFed(site, id) && !hangs.has(id));
  for (const [id, { name, place }] of await devicePlaces(db, unfed))
    hangs.set(id, { id, name, place, loses: 'power' });
  const undocumented =
    own.length > 0 ? null : outlet.watts === null ? 'unmeasured' : outlet.watts > 0 ? 'carries' : 'idle';
  const list = [...hangs.values()].sort(
    (a, b) => order.indexOf(a.loses) - order.indexOf(b.loses) || a.name.localeCompare(b.name, 'de'),
  );
  const loses = list.some((device) => device.loses !== 'redundancy');
  return {
    confirm: loses || (undocumented !== null && undocumented !== 'idle'),
    hangs: list,
    services: impact.services
      .filter((service) => service.loses !== 'redundancy')
      .map(({ id, name }) => ({ id, name })),
    undocumented,
    feedsOff: off.map((cord) => ({
      deviceId: cord.outlet.deviceId,
      device: cords.devices.get(cord.outlet.deviceId)?.name ?? '',
      outlet: cord.outlet.name,
    })),
  };
}
