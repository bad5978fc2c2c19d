import type { CableCard, OrderStep, PortCard, PortSpot } from '@rackhaus/config/contract';

/** Where everything of these tests stands. */
export const spot: PortSpot = {
  site: { id: 1, name: 'Rathaus' },
  building: { id: 1, name: 'Rathaus' },
  floor: { id: 1, name: 'Untergeschoss' },
  room: { id: 1, name: 'Serverraum neu' },
  rack: { id: 1, name: 'Schrank 1' },
  position: 42,
  face: 'front',
};

/** A port of a panel. For tests. */
export function portCard(of: {
  id: number;
  name: string;
  owner: string;
  ownerId: number;
  label?: string;
}): PortCard {
  return {
    id: of.id,
    name: of.name,
    kind: 'front',
    label: of.label ?? null,
    owner: { kind: 'device', id: of.ownerId, name: of.owner, role: 'panel' },
    twoSided: true,
    vlan: null,
    monitored: false,
    spot,
  };
}

/** A patch cord. For tests. */
export function cableCard(of: { id: number; label: string; labelA?: string }): CableCard {
  return {
    id: of.id,
    kind: 'patch',
    status: 'installed',
    label: of.label,
    labelA: of.labelA ?? null,
    labelB: null,
    medium: 'cat6a',
    color: 'blau',
    lengthM: 2,
    toCheck: false,
    provider: null,
    circuit: null,
    planned: false,
  };
}

/** A step that is open. For tests. */
export function orderStep(of: Partial<OrderStep> & { id: number }): OrderStep {
  return {
    version: 1,
    itemId: 1,
    deed: 'unplug',
    state: 'open',
    spot,
    portId: 12,
    portSide: 'front',
    cable: null,
    endLabel: null,
    otherPortId: null,
    device: null,
    cables: [],
    toSpot: null,
    reason: null,
    doneBy: null,
    doneAt: null,
    proof: 'none',
    proofDetail: null,
    changeId: null,
    ...of,
  };
}
