import type { Fault, SimulatorPorts, SimulatorState } from '@rackhaus/config/contract';
import { inLanguage } from '../live/words.ts';
import { m } from '../paraglide/messages.js';

type Kind = Fault['kind'];
export type SimulatorPort = SimulatorPorts['ports'][number];

const names: Readonly<Record<Kind, () => string>> = {
  'cut-mains': m.simulator_kind_cut_mains,
  'unplug-cable': m.simulator_kind_unplug_cable,
  'plug-cable': m.simulator_kind_plug_cable,
  'kill-device': m.simulator_kind_kill_device,
  'heat-room': m.simulator_kind_heat_room,
  'fill-disk': m.simulator_kind_fill_disk,
  'open-door': m.simulator_kind_open_door,
  'leak-water': m.simulator_kind_leak_water,
  'stop-agent': m.simulator_kind_stop_agent,
};
const effects: Readonly<Record<Kind, () => string>> = {
  'cut-mains': m.simulator_does_cut_mains,
  'unplug-cable': m.simulator_does_unplug_cable,
  'plug-cable': m.simulator_does_plug_cable,
  'kill-device': m.simulator_does_kill_device,
  'heat-room': m.simulator_does_heat_room,
  'fill-disk': m.simulator_does_fill_disk,
  'open-door': m.simulator_does_open_door,
  'leak-water': m.simulator_does_leak_water,
  'stop-agent': m.simulator_does_stop_agent,
};

/** What kind of fault it is: "Kabel ziehen". */
export function faultName(kind: Kind): string {
  return names[kind]();
}

/** What it does to the town hall. */
export function faultEffect(kind: Kind): string {
  return effects[kind]();
}

/** The target as the simulator calls it; its own name when it is no longer offered. */
export function targetName(
  offers: SimulatorState['offers'],
  ports: ReadonlyMap<string, SimulatorPort>,
  kind: Kind,
  target: string,
): string {
  const offered = offers.find((offer) => offer.kind === kind)?.targets.find((one) => one.target === target);
  if (offered) return inLanguage(offered.label);
  const port = ports.get(target);
  if (port) return port.name;
  for (let bar = target.indexOf('|'); bar >= 0; bar = target.indexOf('|', bar + 1)) {
    const [a, b] = [ports.get(target.slice(0, bar)), ports.get(target.slice(bar + 1))];
    if (a && b) return `${a.name} – ${b.name}`;
  }
  return target;
}
