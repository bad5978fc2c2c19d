import type { Specs } from '../../history/spec.ts';
import { aroundSpecs } from './around.ts';
import { cableSpecs } from './cables.ts';
import { deviceSpecs } from './devices.ts';
import { monitoringSpecs } from './monitoring.ts';
import { networkSpecs } from './network.ts';
import { placeSpecs } from './places.ts';

/** How every kind of record is kept. */
export const recordSpecs: Specs = new Map(
  [...placeSpecs, ...deviceSpecs, ...cableSpecs, ...monitoringSpecs, ...networkSpecs, ...aroundSpecs].map(
    (spec) => [spec.kind, spec],
  ),
);
