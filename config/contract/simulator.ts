import { z } from 'zod';
import { BilingualText } from './health.ts';

/** Faults that the simulator can inject. Demo only. */
export const faultKinds = [
  'cut-mains',
  'unplug-cable',
  /** A cable between two ports that nobody has documented; its target is `<device>/<port>|<device>/<port>`. */
  'plug-cable',
  'kill-device',
  'heat-room',
  'fill-disk',
  'open-door',
  'leak-water',
  'stop-agent',
] as const;
export const FaultKind = z.enum(faultKinds);
export type FaultKind = z.infer<typeof FaultKind>;

/**
 * What a fault acts on, by the inventory's name, so that the simulator needs no ids: a UPS, a device, a room;
 * `<device>/<port>` for a cable; empty for the agent.
 */
export const NewFault = z.strictObject({ kind: FaultKind, target: z.string() });
export type NewFault = z.infer<typeof NewFault>;

export const Fault = z.strictObject({ id: z.int(), kind: FaultKind, target: z.string(), since: z.number() });
export type Fault = z.infer<typeof Fault>;

/** GET /api/simulator */
export const SimulatorState = z.strictObject({
  faults: z.array(Fault),
  /** What can be done here. */
  offers: z.array(
    z.strictObject({
      kind: FaultKind,
      targets: z.array(z.strictObject({ target: z.string(), label: BilingualText })),
    }),
  ),
});
export type SimulatorState = z.infer<typeof SimulatorState>;

/** GET /api/simulator/ports: every place where a cable can be plugged in, as cables hang in the simulated town at present. */
export const SimulatorPorts = z.strictObject({
  ports: z.array(
    z.strictObject({
      /** As faults name it: `<device>/<port>`. */
      target: z.string(),
      /** The same for people. */
      name: z.string(),
      /** `<site>/<room>` */
      room: z.string(),
      power: z.boolean(),
      /** Target at the other end of the cable that is plugged in; null where there is room for one. */
      cableTo: z.string().nullable(),
    }),
  ),
});
export type SimulatorPorts = z.infer<typeof SimulatorPorts>;
