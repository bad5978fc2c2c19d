import type { LiveState } from './live-state.ts';

/** Whether a port has a link, as its device said last. */
export interface PortState {
  /** As the device names it. */
  readonly port: string;
  readonly up: boolean;
  /** When it last changed, by the device; null: it does not say. ms since 1970 */
  readonly changedAt: number | null;
}

const up = 1;
/** down, notPresent, lowerLayerDown of IF-MIB ifOperStatus; others say nothing of a cable. */
const down = [2, 6, 7];

/** Links of all monitored devices' ports, for who compares cables with them. */
export class PortStates {
  readonly #live: LiveState;
  readonly #last = new Map<string, number | undefined>();

  constructor(options: { live: LiveState }) {
    this.#live = options.live;
  }

  /** Calls `listener` with the devices of which a port's link has changed. Returns how to stop that. */
  onChange(listener: (deviceIds: readonly number[]) => void): () => void {
    return this.#live.onChange((change) => {
      const changed: number[] = [];
      for (const [deviceId, keys] of change) if (this.#notice(deviceId, keys)) changed.push(deviceId);
      if (changed.length > 0) listener(changed);
    });
  }

  /** Ports of which it is known whether they have a link. */
  of(deviceId: number): PortState[] {
    const states: PortState[] = [];
    for (const { kind, entity, values } of this.#live.devices.get(deviceId)?.currentEntities() ?? []) {
      if (kind !== 'port' || values.oper === undefined) continue;
      if (values.oper !== up && !down.includes(values.oper)) continue;
      states.push({ port: entity, up: values.oper === up, changedAt: values.changedAt ?? null });
    }
    return states;
  }

  /** When the device was last heard of; null: never, or it is known not to answer. */
  heardAt(deviceId: number): number | null {
    const live = this.#live.devices.get(deviceId);
    return live?.vouchedFor === true ? live.lastSeen : null;
  }

  #notice(deviceId: number, keys: ReadonlySet<string>): boolean {
    let changed = false;
    for (const key of keys) {
      if (!key.startsWith('port/')) continue;
      const oper = this.#live.devices.get(deviceId)?.entity(key)?.values.oper;
      const id = `${deviceId}/${key}`;
      if (this.#last.has(id) && this.#last.get(id) === oper) continue;
      this.#last.set(id, oper);
      changed = true;
    }
    return changed;
  }
}
