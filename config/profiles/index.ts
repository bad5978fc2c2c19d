export { type Formula, parseFormula } from './formula.ts';
export {
  type ComposedProfile,
  loadProfiles,
  type ProfileSet,
  profileJsonSchema,
  profileSet,
  profilesFolder,
} from './load.ts';
export type { PartSource, VlanSource } from './network-schema.ts';
export {
  checkOwnProfile,
  type OwnProfileText,
  ownProfileLimits,
  readOwnProfile,
  readOwnProfiles,
  withOwnProfiles,
} from './own.ts';
export { longestText } from './safe-pattern.ts';
export {
  Profile,
  type ProfileConfiguration,
  type ProfileMatch,
  type ProfileNeighbours,
  type ProfileScalars,
  type ProfileSource,
  type ProfileSwitch,
  type ProfileTable,
  type ProfileValue,
} from './schema.ts';
