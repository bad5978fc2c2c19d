/** The folder of the demo's inventory. */
export const sampleTownHallFolder = import.meta.dirname;
