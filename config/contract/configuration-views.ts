import { z } from 'zod';
import { configurationOutcomes, ShellLogin, ShellLoginChange } from './configurations.ts';
import { deviceRoles } from './inventory.ts';

/**
 * How reading a configuration ended, also where no agent was asked or none answered. `agent-away`: the agent of the device did not
 * answer in time, or there is none.
 */
export const backupOutcomes = [...configurationOutcomes, 'agent-away', 'incomplete'] as const;
export type BackupOutcome = (typeof backupOutcomes)[number];

/**
 * How the backup of a device stands. `off`: somebody has switched it off. `no-dialogue`: its profile does not say how. `no-login`:
 * nobody has said with which login. `waiting`: it was never tried. `host-key`: another key than the known one answers, and a person has
 * to look. `failing`: the last try failed.
 */
export const backupStates = [
  'ok',
  'failing',
  'host-key',
  'waiting',
  'no-login',
  'no-dialogue',
  'off',
] as const;
export type BackupState = (typeof backupStates)[number];

const loginName = z.string().trim().min(1, 'must not be empty').max(100, 'must be at most 100 characters');
/** Which devices get a login by themselves: those of a site, of a role, of both, or all. */
export const LoginRule = z.strictObject({
  siteId: z.int().positive().nullable(),
  role: z.enum(deviceRoles).nullable(),
});
export type LoginRule = z.infer<typeof LoginRule>;
const rules = z.array(LoginRule).max(500);

/** POST /api/configuration-logins */
export const NewShellLogin = z.strictObject({
  name: loginName,
  login: ShellLogin,
  /** Whether what is not safe any more may be used where a device knows nothing else. */
  oldAlgorithms: z.boolean().default(false),
  rules: rules.default([]),
});
export type NewShellLogin = z.output<typeof NewShellLogin>;

/** PATCH /api/configuration-logins/:id. `login` takes the place of all that was there; left out: it stays. */
export const ShellLoginPatch = z.strictObject({
  name: loginName.optional(),
  login: ShellLoginChange.optional(),
  oldAlgorithms: z.boolean().optional(),
  rules: rules.optional(),
});
export type ShellLoginPatch = z.output<typeof ShellLoginPatch>;

/** GET /api/configuration-logins: without their secrets. */
export const ShellLoginList = z.strictObject({
  logins: z.array(
    z.strictObject({
      id: z.int(),
      name: z.string(),
      user: z.string(),
      has: z.strictObject({ password: z.boolean(), privateKey: z.boolean(), enable: z.boolean() }),
      oldAlgorithms: z.boolean(),
      rules: z.array(LoginRule),
      /** Devices that use it, by a rule or by hand. */
      devices: z.int(),
      changedAt: z.number(),
    }),
  ),
});
export type ShellLoginList = z.infer<typeof ShellLoginList>;
export const MadeShellLogin = z.strictObject({ id: z.int() });

/** PUT /api/devices/:id/configuration */
export const ConfigurationSettings = z.strictObject({
  active: z.boolean(),
  /** null: the one that a rule says. */
  loginId: z.int().positive().nullable(),
  port: z.int().min(1, 'must be between 1 and 65535').max(65_535, 'must be between 1 and 65535'),
});
export type ConfigurationSettings = z.infer<typeof ConfigurationSettings>;

/** A key by which a host is known, as people compare it. */
export const HostKeyView = z.strictObject({ kind: z.string(), fingerprint: z.string() });
export type HostKeyView = z.infer<typeof HostKeyView>;

/** How the backup of one device stands. */
export const BackupRow = z.strictObject({
  deviceId: z.int(),
  deviceName: z.string(),
  siteName: z.string().nullable(),
  place: z.string(),
  state: z.enum(backupStates),
  /** It is being read just now. */
  reading: z.boolean(),
  outcome: z.enum(backupOutcomes).nullable(),
  lastTriedAt: z.number().nullable(),
  lastReadAt: z.number().nullable(),
  changedAt: z.number().nullable(),
  failingSince: z.number().nullable(),
  versions: z.int(),
  lines: z.int().nullable(),
  /** A change outside of maintenance that nobody has looked at. */
  unreviewed: z.boolean(),
  loginName: z.string().nullable(),
});
export type BackupRow = z.infer<typeof BackupRow>;

/** GET /api/configurations */
export const BackupList = z.strictObject({ devices: z.array(BackupRow), serverTime: z.number() });
export type BackupList = z.infer<typeof BackupList>;

export const VersionRow = z.strictObject({
  id: z.int(),
  takenAt: z.number(),
  /** When it was last seen to be so still. */
  seenAt: z.number(),
  lines: z.int(),
  added: z.int(),
  removed: z.int(),
  /** `first`: there was none before. `maintenance`, `order`: something covers it. `unexpected`: nothing does. */
  why: z.enum(['first', 'maintenance', 'order', 'unexpected']),
  /** What covers it, such as the name of a window. */
  covering: z.string().nullable(),
  reviewedAt: z.number().nullable(),
  reviewedBy: z.string().nullable(),
});
export type VersionRow = z.infer<typeof VersionRow>;

/** GET /api/devices/:id/configuration */
export const DeviceConfiguration = z.strictObject({
  row: BackupRow,
  settings: ConfigurationSettings,
  /** In the words of the agent, for who looks closer; never a secret. */
  detail: z.string().nullable(),
  hostKeys: z.array(HostKeyView),
  hostKeysAt: z.number().nullable(),
  /** Those that answer now and are not the known ones. */
  offeredKeys: z.array(HostKeyView),
  /** Newest first. */
  versions: z.array(VersionRow),
  /** When it is read by itself next; null: it is not. */
  nextAt: z.number().nullable(),
  serverTime: z.number(),
});
export type DeviceConfiguration = z.infer<typeof DeviceConfiguration>;

/** GET /api/devices/:id/configuration/versions/:version. Each secret stands as ‹••• 3fa1›: other digits, another secret. */
export const ConfigurationText = z.strictObject({
  version: VersionRow,
  lines: z.array(z.string()),
  secrets: z.int(),
});
export type ConfigurationText = z.infer<typeof ConfigurationText>;

/** A line of a difference: `left` and `right` are its numbers there, from 1. */
export const DifferenceLine = z.strictObject({
  kind: z.enum(['same', 'added', 'removed']),
  left: z.int().nullable(),
  right: z.int().nullable(),
  text: z.string(),
});
export type DifferenceLine = z.infer<typeof DifferenceLine>;

/** GET /api/devices/:id/configuration/difference?from=&to= */
export const ConfigurationDifference = z.strictObject({
  from: VersionRow,
  to: VersionRow,
  added: z.int(),
  removed: z.int(),
  /** Stretches with what is around them. */
  hunks: z.array(z.strictObject({ lines: z.array(DifferenceLine) })),
  /** It is only part of the difference, which is very large. */
  shortened: z.boolean(),
});
export type ConfigurationDifference = z.infer<typeof ConfigurationDifference>;

/** POST /api/devices/:id/configuration/review */
export const ReviewConfiguration = z.strictObject({ version: z.int().positive() });
/** POST /api/devices/:id/configuration/host-keys: fingerprints as they were shown. */
export const ConfirmHostKeys = z.strictObject({ fingerprints: z.array(z.string().max(100)).min(1).max(20) });

/** GET /api/configurations/search?text= */
export const ConfigurationSearch = z.strictObject({
  text: z.string().trim().min(2, 'must be at least 2 characters').max(100, 'must be at most 100 characters'),
});
export const ConfigurationHits = z.strictObject({
  hits: z.array(
    z.strictObject({
      deviceId: z.int(),
      deviceName: z.string(),
      place: z.string(),
      versionId: z.int(),
      /** How many lines there are altogether. */
      count: z.int(),
      lines: z.array(z.strictObject({ number: z.int(), text: z.string() })),
    }),
  ),
  searched: z.int(),
  /** false: there was not enough time to look into all. */
  complete: z.boolean(),
});
export type ConfigurationHits = z.infer<typeof ConfigurationHits>;
