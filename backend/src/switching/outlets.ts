import {
  type ObservedEntity,
  type OutletState,
  type SwitchableOutlet,
  type SwitchCommand,
  switchCommands,
} from '@rackhaus/config/contract';
import type { ProfileSet } from '@rackhaus/config/profiles';
import type { PowerCords } from '../cabling/power/cords.ts';
import type { Database } from '../database/tables.ts';
import type { EntityState } from '../rules/device-rules.ts';
import { locksOn } from './locks.ts';

/** What can be done to outlets of a family; empty: nothing. */
export function commandsOf(profiles: ProfileSet, profile: string | null): SwitchCommand[] {
  const parts = profile === null ? undefined : profiles.compose(profile)?.parts;
  const tables = parts?.flatMap((part) => part.tables.flatMap((table) => table.switch ?? [])) ?? [];
  return switchCommands.filter((command) => tables.some((table) => table[command] !== undefined));
}

/** The outlets of a device that say whether they are on, in natural order. */
export async function outletsOf(
  db: Database,
  deviceId: number,
  readings: readonly EntityState[],
  observed: ReadonlyMap<string, Pick<ObservedEntity, 'label' | 'outlet'>>,
  cords: PowerCords,
): Promise<SwitchableOutlet[]> {
  const [locks, ports] = await Promise.all([
    db.selectFrom('outlet_locks').selectAll().where('device_id', '=', deviceId).execute(),
    db
      .selectFrom('ports')
      .select(['id', 'name'])
      .where('device_id', '=', deviceId)
      .where('kind', '=', 'power-outlet')
      .execute(),
  ]);
  const collator = new Intl.Collator('de', { numeric: true, sensitivity: 'base' });
  const found = readings.filter(({ kind, values }) => kind === 'outlet' && values.state !== undefined);
  const lockable = found.map(({ entity: name }) => ({ name, identity: observed.get(name)?.outlet ?? null }));
  return found
    .map(({ entity: name, values }): SwitchableOutlet => {
      const identity = observed.get(name)?.outlet ?? null;
      const [lock] = locksOn({ name, identity }, lockable, locks);
      const port = ports.find((each) => each.name === name);
      const fed = cords.outOf(deviceId).filter(({ outlet }) => outlet.id === port?.id);
      return {
        name,
        label: observed.get(name)?.label ?? null,
        identity,
        state: stateOf(values.state),
        watts: values.power ?? null,
        locked: lock === undefined ? null : { by: lock.locked_by, at: lock.locked_at, note: lock.note },
        portId: port?.id ?? null,
        feeds: [...new Set(fed.map(({ inlet }) => inlet.deviceId))].flatMap((id) => {
          const device = cords.devices.get(id);
          return device === undefined ? [] : [{ id, name: device.name }];
        }),
      };
    })
    .sort((a, b) => collator.compare(a.name, b.name));
}

export function stateOf(value: number | undefined): OutletState | null {
  return value === 1 ? 'on' : value === 0 ? 'off' : null;
}
