export { type Formula, parseFormula } from './formula.ts';
export {
  type ComposedProfile,
  loadProfiles,
  type ProfileSet,
  profileJsonSchema,
  profilesFolder,
} from './load.ts';
export {
  Profile,
  type ProfileMatch,
  type ProfileNeighbours,
  type ProfileScalars,
  type ProfileSource,
  type ProfileTable,
  type ProfileValue,
} from './schema.ts';
