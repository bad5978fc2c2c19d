export { type SampleMark, type SamplePlan, sampleTownHallPlans } from './plans/index.ts';

/** The folder of the demo's inventory. */
export const sampleTownHallFolder = import.meta.dirname;

/** With what the outlets of the simulated PDU are switched. */
export const demoSwitching = {
  version: '3',
  user: 'rackhaus-schalten',
  auth: { protocol: 'sha256', key: 'Demo-Schalten-Auth-9' },
  priv: { protocol: 'aes', key: 'Demo-Schalten-Priv-9' },
} as const;
