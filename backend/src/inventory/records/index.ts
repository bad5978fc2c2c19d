import type { Specs } from '../../history/spec.ts';
import { alertingSpecs } from './alerting.ts';
import { aroundSpecs } from './around.ts';
import { cableSpecs } from './cables.ts';
import { checkSpecs } from './checks.ts';
import { deviceSpecs } from './devices.ts';
import { monitoringSpecs } from './monitoring.ts';
import { networkSpecs } from './network.ts';
import { orderSpecs } from './orders.ts';
import { placeSpecs } from './places.ts';

/** How every kind of record is kept. */
export const recordSpecs: Specs = new Map(
  [
    ...placeSpecs,
    ...deviceSpecs,
    ...cableSpecs,
    ...monitoringSpecs,
    ...checkSpecs,
    ...networkSpecs,
    ...aroundSpecs,
    ...orderSpecs,
    ...alertingSpecs,
  ].map((spec) => [spec.kind, spec]),
);
