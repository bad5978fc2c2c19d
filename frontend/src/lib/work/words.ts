import type { OrderStep, PortCard, PortSpot } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';

/** "Abziehen", "Einstecken", "Gerät umsetzen". */
export function deedWord(deed: OrderStep['deed']): string {
  switch (deed) {
    case 'unplug':
      return m.work_deed_unplug();
    case 'plug':
      return m.work_deed_plug();
    case 'move-device':
      return m.work_deed_move_device();
    case 'remove-device':
      return m.work_deed_remove_device();
    case 'swap-device':
      return m.work_deed_swap_device();
  }
}

/** "Feld A", "core-1", "Dose 2.14-1". */
export function ownerWords(port: Pick<PortCard, 'owner'>): string {
  const { name, kind, role } = port.owner;
  if (kind === 'outlet') return m.work_outlet({ name });
  return role === 'panel' ? m.work_panel({ name }) : name;
}

/** "Feld A, Port 12". */
export function portWords(port: Pick<PortCard, 'owner' | 'name'>): string {
  return m.work_port_of({ owner: ownerWords(port), port: port.name });
}

/** "A:12": as short as people say it. */
export function shortPort(port: Pick<PortCard, 'owner' | 'name'>): string {
  return `${port.owner.name}:${port.name}`;
}

/** A name that is not torn apart at its hyphens where a line ends: for very large type. */
export function solid(name: string): string {
  return name.replaceAll('-', '\u2011');
}

/** "Kabel K-0231". */
export function cableWords(label: string): string {
  return label === '' ? m.work_cable_without_label() : m.work_cable({ label });
}

/** "Schrank 2", or the room where there is no rack. */
export function placeName(spot: PortSpot): string {
  return spot.rack?.name ?? spot.room?.name ?? m.work_place_unknown();
}

/** A step in one line: "Abziehen: Feld A, Port 12". */
export function stepTitle(step: OrderStep, port: PortCard | null): string {
  const what = port === null ? (step.device?.name ?? '') : portWords(port);
  return m.work_step_title({ deed: deedWord(step.deed), what });
}
