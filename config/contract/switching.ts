import { z } from 'zod';
import { SnmpCredentials, SwitchCommand, switchId } from './agent.ts';
import { OutletIdentity } from './observed-entity.ts';

/** What an outlet says of itself. */
export const OutletState = z.enum(['on', 'off']);
export type OutletState = z.infer<typeof OutletState>;

const Id = switchId;
const Outlet = z.string().min(1).max(200);

/**
 * What came of it. `done`: the device has taken it, and the outlet is as was wished (`cycle`: it was taken). `accepted`: the device has
 * taken it, and the outlet is not (yet) as was wished. `refused`: the device did not take it. `unknown`: it was sent, and nobody knows whether
 * it was done. `not-sent`: nothing was sent, so nothing was switched.
 */
export const switchOutcomes = ['done', 'accepted', 'refused', 'unknown', 'not-sent'] as const;
export const SwitchOutcome = z.enum(switchOutcomes);
export type SwitchOutcome = z.infer<typeof SwitchOutcome>;

/** Why nothing was sent, why it was refused, or why nobody knows. */
export const switchReasons = [
  // Nothing was sent.
  'expired',
  'repeated',
  'busy',
  'not-its-device',
  'not-allowed',
  'unknown-host',
  'other-profile',
  'not-switchable',
  'no-such-outlet',
  'other-outlet',
  'silent',
  'wrong-credentials',
  'no-access',
  'not-kept',
  'failed',
  'agent-away',
  // The device has refused.
  'not-writable',
  'wrong-value',
  'device-error',
  // Nobody knows.
  'no-answer',
  'agent-silent',
  'restarted',
] as const;
export const SwitchReason = z.enum(switchReasons);
export type SwitchReason = z.infer<typeof SwitchReason>;

/** POST /api/agent/switches */
export const SwitchAnswer = z.strictObject({
  id: Id,
  outcome: SwitchOutcome,
  reason: SwitchReason.nullable(),
  /** What the outlet said before, and what it says now; null: it was not read. */
  before: OutletState.nullable(),
  after: OutletState.nullable(),
  /** In the agent's words. */
  detail: z.string().max(500).nullable(),
});
export type SwitchAnswer = z.infer<typeof SwitchAnswer>;

/** Something that hangs on an outlet, by the documented cords. */
export const HangsOn = z.strictObject({
  id: z.int(),
  name: z.string(),
  place: z.string(),
  /** `power`: it goes off. `redundancy`: it has another feed left, and no more. `network`: it stays on and cannot be reached. */
  loses: z.enum(['power', 'redundancy', 'network']),
});
export type HangsOn = z.infer<typeof HangsOn>;

/** One switching as it is kept. `state` is `under-way` until something came of it. */
export const Switching = z.strictObject({
  id: Id,
  outlet: z.string(),
  command: SwitchCommand,
  by: z.string(),
  reason: z.string().nullable(),
  at: z.number(),
  endedAt: z.number().nullable(),
  state: z.enum(['under-way', ...switchOutcomes]),
  why: SwitchReason.nullable(),
  before: OutletState.nullable(),
  after: OutletState.nullable(),
  detail: z.string().nullable(),
});
export type Switching = z.infer<typeof Switching>;

export const SwitchableOutlet = z.strictObject({
  /** As the readings name it. */
  name: z.string(),
  /** What the device calls it. */
  label: z.string().nullable(),
  /** Goes back with the order as it was shown; null: nothing is known of it but its name. */
  identity: OutletIdentity.nullable(),
  state: OutletState.nullable(),
  /** What it carries now, in watts; null: it is not measured. */
  watts: z.number().nullable(),
  /** Locked against switching. */
  locked: z.strictObject({ by: z.string(), at: z.number(), note: z.string() }).nullable(),
  /** The documented port; null: there is none of this name, so nothing is known of what hangs on it. */
  portId: z.int().nullable(),
  /** By the documentation. */
  feeds: z.array(z.strictObject({ id: z.int(), name: z.string() })),
});
export type SwitchableOutlet = z.infer<typeof SwitchableOutlet>;

/** Why outlets of a device cannot be switched by whoever asks, first what is missing at the device. */
export const switchObstacles = [
  'profile',
  'agent',
  'agent-old',
  'credentials',
  'credentials-elsewhere',
  'right',
  'role',
] as const;
export type SwitchObstacle = (typeof switchObstacles)[number];

/** GET /api/devices/:id/switching */
export const DeviceSwitching = z.strictObject({
  /** What the profile says that can be done; empty: nothing. */
  commands: z.array(SwitchCommand),
  /** What is in the way; empty: outlets can be switched. */
  obstacles: z.array(z.enum(switchObstacles)),
  /**
   * With what is written; never what it is. `plain`: it goes over the network unencrypted. `elsewhere`: the device's address was changed
   * since, so that it is not used.
   */
  credentials: z
    .strictObject({
      version: z.enum(['1', '2c', '3']),
      plain: z.boolean(),
      elsewhere: z.boolean(),
      setAt: z.number(),
      setBy: z.string(),
    })
    .nullable(),
  outlets: z.array(SwitchableOutlet),
  /** The last ones, newest first. */
  last: z.array(Switching),
  /** Whether whoever asks may unlock outlets. */
  mayUnlock: z.boolean(),
});
export type DeviceSwitching = z.infer<typeof DeviceSwitching>;

/** GET /api/devices/:id/switching/impact?outlet= */
export const SwitchImpact = z.strictObject({
  /** Something loses its power, or it cannot be said that nothing does: the name has to be typed. */
  confirm: z.boolean(),
  /** Any of these, typed, confirms. */
  names: z.array(z.string()),
  hangs: z.array(HangsOn),
  services: z.array(z.strictObject({ id: z.int(), name: z.string() })),
  /** Nothing is documented at this outlet. `carries`: and yet it carries power. */
  undocumented: z.enum(['carries', 'unmeasured', 'idle']).nullable(),
  /** Other feeds of what hangs on it which are off at the moment. */
  feedsOff: z.array(z.strictObject({ device: z.string(), outlet: z.string() })),
});
export type SwitchImpact = z.infer<typeof SwitchImpact>;
export const SwitchImpactQuery = z.strictObject({ outlet: Outlet });

/** POST /api/devices/:id/switching. `id` is made by whoever asks, so that asking again does not switch again. */
export const SwitchOrder = z.strictObject({
  id: Id,
  outlet: Outlet,
  /** The outlet's `identity` as whoever asks was shown it: is it another by now, nothing is switched. Left out: as it is known here. */
  seen: OutletIdentity.nullable().default(null),
  command: SwitchCommand,
  /** What was typed to confirm; see {@link SwitchImpact}. */
  confirm: z.string().trim().max(200).default(''),
  reason: z.string().trim().max(500).default(''),
});
export type SwitchOrder = z.output<typeof SwitchOrder>;

/** PUT /api/devices/:id/switching/credentials; null: taken away, and with them all switching. */
export const SwitchCredentials = z.strictObject({ credentials: SnmpCredentials.nullable() });

/** PUT /api/devices/:id/switching/lock */
export const OutletLock = z.strictObject({
  outlet: Outlet,
  locked: z.boolean(),
  note: z.string().trim().max(200).default(''),
});

/** PUT /api/users/:id/switching: whether this person may switch outlets. No role has it by itself. */
export const SwitchingRight = z.strictObject({ maySwitch: z.boolean() });
