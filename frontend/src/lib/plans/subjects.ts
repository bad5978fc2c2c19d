import type { DeviceRole, MarkKind, PlanMark, PlanView } from '@rackhaus/config/contract';

/** Something that is on a plan or could be. */
export interface Subject {
  readonly kind: MarkKind;
  readonly id: number;
  readonly name: string;
  /** The room that it is in; of a room itself null. */
  readonly roomId: number | null;
  readonly role: DeviceRole | null;
}

export const subjectKey = (kind: MarkKind, id: number): string => `${kind}/${id}`;

/** Everything of the floor by its key. Devices in racks are left out: their rack stands for them. */
export function subjectsOf(plan: PlanView): Map<string, Subject> {
  const all: Subject[] = [
    ...plan.rooms.map(({ id, name }) => ({ kind: 'room' as const, id, name, roomId: null, role: null })),
    ...plan.racks.map(({ id, name, roomId }) => ({ kind: 'rack' as const, id, name, roomId, role: null })),
    ...plan.devices
      .filter((device) => device.rackId === null)
      .map(({ id, name, roomId, role }) => ({ kind: 'device' as const, id, name, roomId, role })),
    ...plan.outlets.map(({ id, name, roomId }) => ({
      kind: 'outlet' as const,
      id,
      name,
      roomId,
      role: null,
    })),
  ];
  // What has moved into a rack since it was marked still has to be shown, and can be taken away.
  for (const mark of plan.marks) {
    const device = plan.devices.find(
      ({ id, rackId }) => mark.kind === 'device' && id === mark.subjectId && rackId !== null,
    );
    if (device)
      all.push({
        kind: 'device',
        id: device.id,
        name: device.name,
        roomId: device.roomId,
        role: device.role,
      });
  }
  return new Map(all.map((subject) => [subjectKey(subject.kind, subject.id), subject]));
}

/** What is not on the plan yet. */
export function unplaced(subjects: Iterable<Subject>, marks: readonly PlanMark[]): Subject[] {
  const placed = new Set(marks.map((mark) => subjectKey(mark.kind, mark.subjectId)));
  return [...subjects].filter((subject) => !placed.has(subjectKey(subject.kind, subject.id)));
}

/** The page on which a thing is shown in full; an outlet has none. */
export function pathOf(kind: MarkKind, id: number): string | null {
  switch (kind) {
    case 'room':
      return `/rooms/${id}`;
    case 'rack':
      return `/racks/${id}`;
    case 'device':
      return `/devices/${id}`;
    case 'outlet':
      return null;
  }
}
