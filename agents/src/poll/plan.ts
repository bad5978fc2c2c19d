import type { ComposedProfile, Profile, ProfileNeighbours } from '@rackhaus/config/profiles';
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
}

export interface PlanPart {
  readonly scalars: readonly CompiledScalars[];
  readonly tables: readonly CompiledTable[];
}

const plans = new WeakMap<ComposedProfile, Plan>();

export function compilePlan(profile: ComposedProfile): Plan {
  const known = plans.get(profile);
  if (known) return known;
  const plan: Plan = {
    profile,
    parts: profile.parts.map((part) => ({
      scalars: part.scalars.map(compileScalars),
      tables: part.tables.map(compileTable),
    })),
    neighbours: profile.parts.flatMap((part) => part.neighbours),
    bridgePerVlan: profile.parts.find((part) => part.bridgePerVlan !== undefined)?.bridgePerVlan ?? null,
  };
  plans.set(profile, plan);
  return plan;
}
