import type {
  CableCard,
  OrderItem,
  OrderStep,
  OrderView,
  PortCard,
  PortSpot,
} from '@rackhaus/config/contract';

/** A rack by its number, in one room. */
export function spotAt(rackId: number | null, roomId = 1): PortSpot {
  return {
    site: { id: 1, name: 'Rathaus' },
    building: { id: 1, name: 'Hauptgebäude' },
    floor: { id: 1, name: 'Keller' },
    room: { id: roomId, name: `Raum ${roomId}` },
    rack: rackId === null ? null : { id: rackId, name: `Schrank ${rackId}` },
    position: 10,
    face: 'front',
  };
}

/** A port of a device; its id is told by both. */
export function portOf(deviceId: number, name: string, extra: Partial<PortCard> & { id: number }): PortCard {
  return {
    name,
    kind: 'network',
    label: null,
    owner: { kind: 'device', id: deviceId, name: `dev-${deviceId}`, role: 'switch' },
    twoSided: false,
    vlan: null,
    monitored: false,
    spot: spotAt(1),
    ...extra,
  };
}

export function cableOf(extra: Partial<CableCard> & { id: number }): CableCard {
  return {
    kind: 'patch',
    status: 'installed',
    label: '',
    labelA: null,
    labelB: null,
    medium: 'cat6a',
    color: 'grey',
    lengthM: 2,
    toCheck: false,
    provider: null,
    circuit: null,
    planned: false,
    ...extra,
  };
}

export function itemOf(extra: Partial<OrderItem> & Pick<OrderItem, 'id' | 'change'>): OrderItem {
  return {
    linkId: null,
    cable: null,
    before: { a: null, b: null },
    after: { a: null, b: null },
    device: null,
    ...extra,
  };
}

export function stepOf(extra: Partial<OrderStep> & { id: number }): OrderStep {
  return {
    version: 1,
    itemId: 1,
    deed: 'plug',
    state: 'open',
    spot: spotAt(1),
    portId: null,
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
    ...extra,
  };
}

export function orderOf(extra: Partial<OrderView['order']> = {}): OrderView['order'] {
  return {
    id: 1,
    version: 1,
    number: 'A-0001',
    title: 'Umzug',
    state: 'draft',
    createdBy: 'tina',
    createdAt: 1000,
    assigneeId: null,
    assignee: null,
    scheduledFrom: null,
    scheduledUntil: null,
    items: 0,
    steps: { total: 0, done: 0, impossible: 0 },
    overdueDays: 0,
    notes: null,
    submittedBy: null,
    submittedAt: null,
    decidedBy: null,
    decidedAt: null,
    decision: null,
    startedAt: null,
    finishedAt: null,
    reverses: null,
    ...extra,
  };
}
