import { type Condition, type HealthState, type ServiceView, worstState } from '@rackhaus/config/contract';

/** What is known live of a device. */
export interface LiveState {
  readonly state: HealthState;
  readonly conditions: readonly Condition[];
}
/** Why a service is not well: a device it runs on, or a service it needs. */
export type Because =
  | {
      readonly kind: 'device';
      readonly id: number;
      readonly name: string;
      readonly state: HealthState;
      readonly condition: Condition | null;
    }
  | { readonly kind: 'service'; readonly id: number; readonly name: string; readonly state: HealthState };
export interface ServiceHealth {
  /** The worst of its devices and of the services that it needs; `unmonitored` when nothing can be said. */
  readonly state: HealthState;
  /** Worst first. */
  readonly because: readonly Because[];
}

const asking: readonly HealthState[] = ['critical', 'warning', 'unknown'];

/** How services are, from how their devices are. A service is never better than what it needs. */
export function serviceHealth(
  services: readonly ServiceView[],
  devices: ReadonlyMap<number, LiveState>,
): Map<number, ServiceHealth> {
  const byId = new Map(services.map((service) => [service.id, service]));
  const done = new Map<number, ServiceHealth>();
  const visit = (service: ServiceView, on: ReadonlySet<number>): ServiceHealth => {
    const known = done.get(service.id);
    if (known !== undefined) return known;
    const own = service.devices
      .filter(({ monitored }) => monitored)
      .map(({ id, name }): Because => {
        const live = devices.get(id);
        return {
          kind: 'device',
          id,
          name,
          state: live?.state ?? 'unknown',
          condition: live?.conditions[0] ?? null,
        };
      });
    const needed = service.needs.flatMap(({ id, name }): Because[] => {
      const other = byId.get(id);
      // The server lets no circle be made; should there be one all the same, it is not gone round for ever.
      if (other === undefined || on.has(id)) return [];
      const { state } = visit(other, new Set([...on, id]));
      return [{ kind: 'service', id, name, state }];
    });
    const all = [...own, ...needed];
    const health: ServiceHealth = {
      state: worstState(all.map(({ state }) => state)),
      because: asking.flatMap((state) => all.filter((each) => each.state === state)),
    };
    done.set(service.id, health);
    return health;
  };
  for (const service of services) visit(service, new Set([service.id]));
  return done;
}
