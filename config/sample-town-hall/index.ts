export { type SampleMark, type SamplePlan, sampleTownHallPlans } from './plans/index.ts';

/** The folder of the demo's inventory. */
export const sampleTownHallFolder = import.meta.dirname;
