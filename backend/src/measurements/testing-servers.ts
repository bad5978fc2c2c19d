// What tests and benches outside of the backend start: real servers behind the measurement stores.
export { haveInfluxd, startInflux } from './influx/testing.ts';
export type { TestServer } from './server-testing.ts';
export { haveVictoria, showVictoria, startVictoria } from './victoria/testing.ts';
