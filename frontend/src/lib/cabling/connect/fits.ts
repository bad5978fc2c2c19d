import type { PortKind } from '@rackhaus/config/contract';

/** Why two kinds of ports do not go together; the words of the server's remark, so that both say the same. */
export type Misfit = 'power-and-data' | 'outlet-and-outlet' | 'inlet-and-inlet' | 'console-and-network';

const isPower = (kind: PortKind) => kind === 'inlet' || kind === 'power-outlet';
const isPassive = (kind: PortKind) => kind === 'front' || kind === 'rear';

/**
 * Whether a cable may join ports of these kinds, for the drawing, which knows no more of them. The server decides when a cable is made.
 */
export function misfit(a: PortKind, b: PortKind): Misfit | null {
  if (isPower(a) !== isPower(b)) return 'power-and-data';
  if (isPower(a)) return a !== b ? null : a === 'inlet' ? 'inlet-and-inlet' : 'outlet-and-outlet';
  if ((a === 'console') !== (b === 'console') && !isPassive(a) && !isPassive(b)) return 'console-and-network';
  return null;
}
