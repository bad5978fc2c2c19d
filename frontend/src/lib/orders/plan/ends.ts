import type { PlannedEnd, PortCard, PortStatus } from '@rackhaus/config/contract';

/** A port that was chosen for an end of a cable. */
export interface ChosenEnd {
  readonly port: PortCard;
  readonly side: 'front' | 'rear';
  readonly status: PortStatus;
}

/** As it stands in a plan. */
export function plannedEnd({ port, side }: ChosenEnd): PlannedEnd {
  return { portId: port.id, portSide: side, connector: 1 };
}
