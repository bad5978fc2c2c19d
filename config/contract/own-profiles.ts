import { z } from 'zod';
import { ProbeResult, ProfileText, probeOutcomes } from './agent.ts';

const ProfileId = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be kebab-case');
export const ownProfileCounts = {
  /** Profiles of one's own, and versions kept of each. */
  profiles: 500,
  versions: 200,
} as const;

/** Where what agents use comes from. `replaced`: an own one stands in the place of one that comes with Rackhaus. */
export const profileSources = ['shipped', 'own', 'replaced', 'inactive'] as const;

/** One device profile, shipped or own. */
export const ProfileRow = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** `inactive`: an own one of which no version is in use, and none of this id comes with Rackhaus. */
  source: z.enum(profileSources),
  /** The own version that agents use; null: none. */
  activeVersion: z.int().nullable(),
  /** The newest own version; null: there is none. */
  newestVersion: z.int().nullable(),
  /** It has no `match`: others include it. */
  part: z.boolean(),
  /** Devices that were last polled with it. */
  devices: z.int(),
  /** Devices that it was set for by hand. */
  byHand: z.int(),
  /** Why agents are not given the active version; null: they are. */
  problem: z.string().nullable(),
});
export type ProfileRow = z.infer<typeof ProfileRow>;

/** How far an agent is with the own profiles. `waiting`: it has not taken up what was activated last. */
export const AgentProfiles = z.strictObject({
  id: z.int(),
  name: z.string(),
  state: z.enum(['current', 'waiting']),
  /** Own profiles that it could not use, and why. */
  refused: z.array(z.strictObject({ id: z.string(), message: z.string() })),
});
export type AgentProfiles = z.infer<typeof AgentProfiles>;

/** GET /api/profiles */
export const ProfileList = z.strictObject({
  profiles: z.array(ProfileRow),
  agents: z.array(AgentProfiles),
});
export type ProfileList = z.infer<typeof ProfileList>;

export const ProfileVersion = z.strictObject({
  version: z.int(),
  title: z.string(),
  note: z.string(),
  createdAt: z.number(),
  createdBy: z.string(),
});
export type ProfileVersion = z.infer<typeof ProfileVersion>;

/** GET /api/profiles/:id */
export const ProfileDetail = z.strictObject({
  profile: ProfileRow,
  /** The text that agents use; of an inactive one the newest. */
  text: z.string(),
  /** What comes with Rackhaus under this id; null: nothing. */
  shipped: z.string().nullable(),
  /** Newest first. */
  versions: z.array(ProfileVersion),
  /** Which others include it, and what it includes. */
  includedBy: z.array(z.strictObject({ id: z.string(), title: z.string() })),
  includes: z.array(z.strictObject({ id: z.string(), title: z.string() })),
  /** At most 200; `profile.devices` and `profile.byHand` say how many there are. */
  devices: z.array(
    z.strictObject({ id: z.int(), name: z.string(), byHand: z.boolean(), inUse: z.boolean() }),
  ),
});
export type ProfileDetail = z.infer<typeof ProfileDetail>;

/** GET /api/profiles/:id/file?version=: `shipped`, a version, or left out what is in use. */
export const ProfileFileQuery = z.strictObject({
  version: z.union([z.literal('shipped'), z.coerce.number().int().positive()]).optional(),
});

/** POST /api/profiles/check */
export const CheckProfile = z.strictObject({ text: ProfileText });
/** What is wrong in a text, and where. `path`: of the key, as in `tables.0.values.1.column`. */
export const ProfileTextProblem = z.strictObject({
  line: z.int().nullable(),
  path: z.string(),
  message: z.string(),
});
export type ProfileTextProblem = z.infer<typeof ProfileTextProblem>;
export const ProfileChecked = z.strictObject({
  problems: z.array(ProfileTextProblem),
  /** What it is; null while something is wrong. */
  summary: z
    .strictObject({
      id: z.string(),
      title: z.string(),
      part: z.boolean(),
      /** One that comes with Rackhaus has this id: it would be replaced. */
      replaces: z.boolean(),
      newestVersion: z.int().nullable(),
      /** Metrics that it reads, with those of what it includes. */
      metrics: z.array(z.string()),
    })
    .nullable(),
});
export type ProfileChecked = z.infer<typeof ProfileChecked>;

/** POST /api/profiles: keeps a text that is right as a new version. */
export const NewProfileVersion = z.strictObject({
  text: ProfileText,
  note: z.string().trim().max(500).default(''),
  /** Agents use it from now on. */
  activate: z.boolean(),
  /** The newest version that the text was written from; null: there was none. Another one meanwhile is a conflict. */
  base: z.int().nullable(),
});
export const ProfileVersionMade = z.strictObject({ id: z.string(), version: z.int() });

/** POST /api/profiles/:id/activate; null: none, so that agents use what comes with Rackhaus. */
export const ActivateProfile = z.strictObject({ version: z.int().positive().nullable() });

/** POST /api/profiles/preview: has a device polled once with a text and once as it is polled now. */
export const PreviewProfile = z.strictObject({ text: ProfileText, deviceId: z.int().positive() });

/** What one poll gave: what `npm run probe` prints, and why something is missing. */
export const PreviewedPoll = z.strictObject({
  result: ProbeResult.nullable(),
  problem: z.string().nullable(),
});
export type PreviewedPoll = z.infer<typeof PreviewedPoll>;

/** `broken`: this agent cannot read the text. */
export const previewOutcomes = [...probeOutcomes, 'broken'] as const;
/** POST /api/agent/previews */
export const PreviewAnswer = z.strictObject({
  id: z.string().min(1).max(100),
  outcome: z.enum(previewOutcomes),
  detail: z.string().max(2000).nullable(),
  preview: PreviewedPoll.nullable(),
  present: PreviewedPoll.nullable(),
});
export type PreviewAnswer = z.infer<typeof PreviewAnswer>;

/** What comes of a preview. `agent` null: there is none. `outcome` null: it did not answer in time. */
export const ProfilePreview = z.strictObject({
  agent: z.string().nullable(),
  outcome: z.enum(previewOutcomes).nullable(),
  detail: z.string().nullable(),
  preview: PreviewedPoll.nullable(),
  present: PreviewedPoll.nullable(),
});
export type ProfilePreview = z.infer<typeof ProfilePreview>;

/** GET /api/agent/profiles: all own ones in use. Fetched when the assignment names another hash. */
export const ProfilesForAgent = z.strictObject({
  hash: z.string().max(100),
  profiles: z.array(z.strictObject({ id: ProfileId, version: z.int(), text: ProfileText })),
});
export type ProfilesForAgent = z.infer<typeof ProfilesForAgent>;

/** POST /api/agent/profiles: the agent polls with these from now on. */
export const ProfilesTaken = z.strictObject({
  hash: z.string().max(100),
  refused: z.array(z.strictObject({ id: ProfileId, message: z.string().max(2000) })).max(500),
});
export type ProfilesTaken = z.infer<typeof ProfilesTaken>;
