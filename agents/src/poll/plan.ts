import type {
  ComposedProfile,
  PartSource,
  Profile,
  ProfileNeighbours,
  ProfileSet,
  VlanSource,
} from '@rackhaus/config/profiles';
import { type CompiledScalars, compileScalars } from './scalars.ts';
import { type CompiledTable, compileTable } from './table.ts';

/** A profile with its parts, compiled: the same for all devices of a family. */
export interface Plan {
  readonly profile: ComposedProfile;
  /** In order of precedence: the family's own values first, then those of its parts. */
  readonly parts: readonly PlanPart[];
  readonly neighbours: readonly ProfileNeighbours[];
  /** Set for devices that keep a bridge for each VLAN. */
  readonly bridgePerVlan: NonNullable<Profile['bridgePerVlan']> | null;
  readonly vlans: readonly VlanSource[];
  readonly partSources: readonly PartSource[];
}

export interface PlanPart {
  readonly scalars: readonly CompiledScalars[];
  readonly tables: readonly CompiledTable[];
}

/**
 * By the profile itself: a set composes it anew for whoever asks, and ten thousand devices are of one family. One of another set
 * of which all parts are the same is the same, so that devices go on without noticing.
 */
const plans = new WeakMap<Profile, Plan>();

/** The plan of a profile of the set; undefined when there is none of this name. */
export function compilePlan(profiles: ProfileSet, id: string): Plan | undefined {
  const own = profiles.profiles.get(id);
  const profile = profiles.compose(id);
  if (!own || !profile) return undefined;
  const known = plans.get(own);
  if (known && isSame(known.profile.parts, profile.parts)) return known;
  const plan: Plan = {
    profile,
    parts: profile.parts.map((part) => ({
      scalars: part.scalars.map(compileScalars),
      tables: part.tables.map(compileTable),
    })),
    neighbours: profile.parts.flatMap((part) => part.neighbours),
    vlans: profile.parts.flatMap((part) => part.vlans),
    partSources: profile.parts.flatMap((part) => part.parts),
    bridgePerVlan: profile.parts.find((part) => part.bridgePerVlan !== undefined)?.bridgePerVlan ?? null,
  };
  plans.set(own, plan);
  return plan;
}

function isSame(one: readonly Profile[], other: readonly Profile[]): boolean {
  return one.length === other.length && one.every((part, i) => part === other[i]);
}
