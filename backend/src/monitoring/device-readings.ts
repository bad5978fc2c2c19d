import type { EntityKind } from '@rackhaus/config/contract';
import type { EntityState } from '../rules/device-rules.ts';
import type { LiveState } from './live-state.ts';

/** The newest values of one device at a time, for who makes something of them. */
export class DeviceReadings {
  readonly #live: LiveState;

  constructor(options: { live: LiveState }) {
    this.#live = options.live;
  }

  /** null: it is not monitored. Empty: it does not answer, or has not been heard of for too long. */
  of(deviceId: number): readonly EntityState[] | null {
    const live = this.#live.devices.get(deviceId);
    if (live === undefined) return null;
    return live.vouchedFor ? [...live.currentEntities()] : [];
  }

  /** The last values of one of its entities, however old and whether it answers or not; null: there are none. */
  last(deviceId: number, kind: EntityKind, entity: string): EntityState | null {
    return this.#live.devices.get(deviceId)?.entity(`${kind}/${entity}`) ?? null;
  }
}
