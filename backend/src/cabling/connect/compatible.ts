import type { CableRemark, PortKind, PortShape, RecordValues } from '@rackhaus/config/contract';
import type { z } from 'zod';

export type LinkKind = RecordValues<'link'>['kind'];
export type Shape = z.infer<typeof PortShape>;

/** A port as far as it matters what goes into it. */
export interface FitPort {
  /** `<device or outlet> <port>`: how a sentence calls it. */
  readonly name: string;
  readonly kind: PortKind;
  /** A jack: a cord in front, an installed cable behind. */
  readonly twoSided: boolean;
  /** From the face of its type; null where that says nothing. */
  readonly shape: Shape | null;
}
/** Where an end of a cable is, or is to be. */
export interface FitEnd {
  readonly port: FitPort;
  readonly side: 'front' | 'rear';
}

/** Why two ports cannot be joined; `why` in the values of the remark. */
export type WhyNot =
  | 'power-and-data'
  | 'outlet-and-outlet'
  | 'inlet-and-inlet'
  | 'console-and-network'
  | 'cord-behind'
  | 'link-in-front'
  | 'kind-and-ports';

const isPower = ({ port }: FitEnd) => port.kind === 'inlet' || port.kind === 'power-outlet';
/** Leads on to somewhere else: a panel's port or an outlet's jack. */
const isPassive = ({ port }: FitEnd) => port.kind === 'front' || port.kind === 'rear';
const isCord = (kind: LinkKind) => kind === 'patch' || kind === 'console';

/** What one end alone forbids; null when nothing does. */
export function endRefused(kind: LinkKind, end: FitEnd): CableRemark | null {
  const { port, side } = end;
  if (side === 'rear' && !port.twoSided) return refuse('no-rear-side', { port: port.name });
  if (isPower(end) !== (kind === 'power')) return differ('kind-and-ports', port.name, port.name);
  if (port.twoSided && side === 'rear' && isCord(kind)) return differ('cord-behind', port.name, port.name);
  if (port.twoSided && side === 'front' && kind === 'permanent')
    return differ('link-in-front', port.name, port.name);
  return null;
}

/**
 * Why a cable of this kind cannot join two ports, or null when it can. Power goes from an outlet to an inlet and never meets data; a
 * console port goes to a console port, a panel or an outlet; a cord is in front of a jack, an installed cable behind it.
 */
export function whyNot(kind: LinkKind, a: FitEnd, b: FitEnd): CableRemark | null {
  const names = [a.port.name, b.port.name] as const;
  const { port: one } = a;
  const { port: other } = b;
  if (isPower(a) !== isPower(b)) return differ('power-and-data', ...names);
  if (isPower(a) && one.kind === other.kind)
    return differ(one.kind === 'inlet' ? 'inlet-and-inlet' : 'outlet-and-outlet', ...names);
  const consoles = [a, b].filter(({ port }) => port.kind === 'console').length;
  if (consoles === 1 && ![a, b].some(isPassive)) return differ('console-and-network', ...names);
  const alone = endRefused(kind, a) ?? endRefused(kind, b);
  if (alone !== null) return alone;
  // A console cable between two network ports of devices would be none.
  if (kind === 'console' && consoles === 0 && !isPassive(a) && !isPassive(b))
    return differ('kind-and-ports', ...names);
  return null;
}

/** What a cable between two ports usually is. */
export function usualKind(a: FitEnd, b: FitEnd): LinkKind {
  if (isPower(a) || isPower(b)) return 'power';
  const behind = ({ port, side }: FitEnd) => port.kind === 'rear' || (port.twoSided && side === 'rear');
  const consoles = a.port.kind === 'console' || b.port.kind === 'console';
  const wish = behind(a) || behind(b) ? 'permanent' : consoles ? 'console' : 'patch';
  // From behind a panel to the front of a jack nothing is installed, but a cord may go there.
  return ([wish, 'patch', 'permanent'] as const).find((kind) => whyNot(kind, a, b) === null) ?? wish;
}

/** Which side of a port a cable of this kind goes into. */
export function usualSide(kind: LinkKind, port: Pick<FitPort, 'twoSided'>): 'front' | 'rear' {
  return port.twoSided && kind === 'permanent' ? 'rear' : 'front';
}

const glass: readonly Shape[] = ['lc', 'sc'];
/** Holds a transceiver, which decides what goes in: any cable. */
const anything: readonly Shape[] = ['sfp', 'qsfp', 'terminal'];
/** Outlet and inlet that one cord of the trade joins. */
const couples: ReadonlySet<string> = new Set([
  'iec-c13 iec-c14',
  'iec-c19 iec-c20',
  'schuko iec-c14',
  'schuko iec-c20',
  'schuko schuko',
]);

/** What to mind about the connectors at both ends, as far as they are known. */
export function connectorRemark(kind: LinkKind, a: FitEnd, b: FitEnd): CableRemark | null {
  const [one, other] = [a.port.shape, b.port.shape];
  if (one === null || other === null) return null;
  if (kind === 'power') {
    const [outlet, inlet] = a.port.kind === 'inlet' ? [other, one] : [one, other];
    if (outlet === 'terminal' || inlet === 'terminal' || couples.has(`${outlet} ${inlet}`)) return null;
    return warn('connectors-differ', { a: outlet, b: inlet });
  }
  // A cable from RJ45 to a serial connector is what console cables are made as.
  if (one === other || anything.includes(one) || anything.includes(other) || kind === 'console') return null;
  if (glass.includes(one) !== glass.includes(other)) return warn('fibre-and-copper', { a: one, b: other });
  return warn('connectors-differ', { a: one, b: other });
}

function refuse(code: CableRemark['code'], values: CableRemark['values']): CableRemark {
  return { level: 'refuse', code, values };
}
function warn(code: CableRemark['code'], values: CableRemark['values']): CableRemark {
  return { level: 'warn', code, values };
}
function differ(why: WhyNot, a: string, b: string): CableRemark {
  return refuse('kinds-differ', { why, a, b });
}
