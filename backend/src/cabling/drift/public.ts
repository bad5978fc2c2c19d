// What benchmarks compare with, without a database.
export { KnownCables } from '../cable-graph.ts';
export { compare } from './compare.ts';
export { Directory, type KnownDevice } from './match.ts';
export { seenByPort } from './seen.ts';
export { wayFrom } from './ways.ts';
