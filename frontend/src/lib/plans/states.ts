import { type Condition, type HealthState, type PlanView, worstState } from '@rackhaus/config/contract';

/** What is known live of a device. */
export interface LiveState {
  readonly state: HealthState;
  readonly conditions: readonly Condition[];
  readonly headline: { readonly temperature?: number | undefined };
}

/** How things on a plan are, by their ids: a rack as its worst device, a room as the worst of all that is in it. */
export class PlanStates {
  readonly #devices: ReadonlyMap<number, PlanView['devices'][number]>;
  readonly #byRack: ReadonlyMap<number | null, PlanView['devices'][number][]>;
  readonly #byRoom: ReadonlyMap<number | null, PlanView['devices'][number][]>;
  readonly #live: ReadonlyMap<number, LiveState>;

  constructor(plan: Pick<PlanView, 'devices'>, live: ReadonlyMap<number, LiveState>) {
    this.#live = live;
    this.#devices = new Map(plan.devices.map((device) => [device.id, device]));
    this.#byRack = Map.groupBy(plan.devices, (device) => device.rackId);
    this.#byRoom = Map.groupBy(plan.devices, (device) => device.roomId);
  }

  device(id: number): HealthState {
    const device = this.#devices.get(id);
    if (device === undefined || !device.monitored) return 'unmonitored';
    return this.#live.get(id)?.state ?? 'unknown';
  }
  rack(id: number): HealthState {
    return this.#together(this.#byRack.get(id));
  }
  room(id: number): HealthState {
    return this.#together(this.#byRoom.get(id));
  }

  /** What asks for attention, worst first as the backend sorts it. */
  conditionsOfRoom(id: number): Condition[] {
    return this.#conditions(this.#byRoom.get(id));
  }
  conditionsOfRack(id: number): Condition[] {
    return this.#conditions(this.#byRack.get(id));
  }
  conditionsOfDevice(id: number): readonly Condition[] {
    return this.#live.get(id)?.conditions ?? [];
  }

  /** °C of the air in a room: the coolest of its sensors, since one in a rack's exhaust measures something else. */
  temperature(roomId: number): number | null {
    const values = (this.#byRoom.get(roomId) ?? []).flatMap((device) =>
      device.role === 'sensor' ? (this.#live.get(device.id)?.headline.temperature ?? []) : [],
    );
    return values.length === 0 ? null : Math.min(...values);
  }

  #together(devices: readonly PlanView['devices'][number][] | undefined): HealthState {
    return worstState((devices ?? []).map((device) => this.device(device.id)));
  }
  #conditions(devices: readonly PlanView['devices'][number][] | undefined): Condition[] {
    return (devices ?? []).flatMap((device) => [...this.conditionsOfDevice(device.id)]);
  }
}

/** Whether a state asks for a look. */
export function asks(state: HealthState): boolean {
  return state === 'warning' || state === 'critical' || state === 'unknown';
}
