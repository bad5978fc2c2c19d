import type {
  AssignedDevice,
  DeviceSwitching,
  ObservedEntity,
  SwitchableOutlet,
} from '@rackhaus/config/contract';
import type { ProfileSet } from '@rackhaus/config/profiles';
import type { PowerCords } from '../cabling/power/cords.ts';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import type { EntityState } from '../rules/device-rules.ts';
import type { SwitchingCredentials } from './credentials.ts';
import { commandsOf, outletsOf } from './outlets.ts';

/** What switching asks of monitoring. */
export interface SwitchingSources {
  readonly deviceOf: (deviceId: number) => AssignedDevice | undefined;
  readonly agentOf: (deviceId: number) => number | null;
  readonly agents: () => Promise<readonly { readonly id: number; readonly name: string }[]>;
  /** Empty: it does not answer; null: it is not monitored. */
  readonly readingsOf: (deviceId: number) => readonly EntityState[] | null;
  readonly observationOf: (deviceId: number) => Promise<{
    readonly profile: string;
    readonly entities: readonly ObservedEntity[];
  } | null>;
}

/** A device with its outlets, as they are known now. */
export interface Seen {
  readonly device: { readonly id: number; readonly name: string };
  readonly assigned: AssignedDevice | undefined;
  readonly agent: { readonly id: number; readonly name: string } | undefined;
  readonly profile: string | null;
  readonly outlets: SwitchableOutlet[];
  readonly view: Pick<DeviceSwitching, 'commands' | 'credentials'>;
}

interface Looking {
  readonly db: Database;
  readonly profiles: () => ProfileSet;
  readonly sources: SwitchingSources;
  readonly credentials: Pick<SwitchingCredentials, 'shown'>;
  readonly cords: () => Promise<PowerCords>;
}

/** What there is to be switched at a device. @throws AppError not-found */
export async function look(
  deviceId: number,
  { db, profiles, sources, credentials: kept, cords: loaded }: Looking,
): Promise<Seen> {
  const device = await db
    .selectFrom('devices')
    .select(['id', 'name'])
    .where('id', '=', deviceId)
    .executeTakeFirst();
  if (device === undefined)
    throw new AppError('not-found', `There is no device ${deviceId}.`, undefined, { reason: 'gone' });
  const { deviceOf, agentOf, agents, readingsOf, observationOf } = sources;
  const [observation, list, cords, credentials] = await Promise.all([
    observationOf(deviceId),
    agents(),
    loaded(),
    kept.shown(deviceId),
  ]);
  const profile = observation?.profile ?? null;
  const observed = new Map(
    observation?.entities.filter(({ kind }) => kind === 'outlet').map((each) => [each.entity, each]),
  );
  const agentId = agentOf(deviceId);
  return {
    device,
    assigned: deviceOf(deviceId),
    agent: list.find(({ id }) => id === agentId),
    profile,
    outlets: await outletsOf(db, deviceId, readingsOf(deviceId) ?? [], observed, cords),
    view: { commands: commandsOf(profiles(), profile), credentials },
  };
}
