import type { CableCard, OrderStep, PortCard } from '@rackhaus/config/contract';
import { plain, type Scan } from './scan.ts';

/**
 * What a scan means for a step. `right`: that port, or that cable. `near`: the right panel or rack, but it does not say which
 * port. `wrong`: another one; `port` or `cable` where it is known which. `unknown`: nobody here knows what that is.
 */
export type Verdict =
  | { readonly kind: 'right'; readonly by: 'port' | 'cable' | 'device' }
  | { readonly kind: 'near' }
  | { readonly kind: 'wrong'; readonly port: PortCard | null; readonly cable: CableCard | null }
  | { readonly kind: 'unknown'; readonly text: string };

/** What the phone knows of ports and cables without asking anybody. */
export interface Known {
  readonly ports: ReadonlyMap<number, PortCard>;
  readonly cables: ReadonlyMap<number, CableCard>;
}

/** Holds what was scanned or typed against a step. Pure: `known` is what came with the worklist. */
export function verdictOf(
  scan: Scan,
  step: Pick<OrderStep, 'portId' | 'cable' | 'endLabel' | 'device' | 'spot'>,
  known: Known,
): Verdict {
  if (scan.kind === 'code') return verdictOfCode(scan, step, known);
  if (scan.kind === 'foreign') return { kind: 'unknown', text: scan.text };
  const typed = plain(scan.text);
  const wanted = step.portId === null ? undefined : known.ports.get(step.portId);
  if (wanted !== undefined && portWords(wanted).has(typed)) return { kind: 'right', by: 'port' };
  if (cableWords(step.cable, step.endLabel).has(typed)) return { kind: 'right', by: 'cable' };
  if (step.portId === null && step.device !== null && plain(step.device.name) === typed)
    return { kind: 'right', by: 'device' };
  if (wanted !== undefined && plain(wanted.owner.name) === typed) return { kind: 'near' };
  for (const cable of known.cables.values())
    if (cableWords(cable, null).has(typed)) return { kind: 'wrong', port: null, cable };
  for (const port of known.ports.values())
    if (portWords(port).has(typed)) return { kind: 'wrong', port, cable: null };
  return { kind: 'unknown', text: scan.text };
}

function verdictOfCode(
  scan: Extract<Scan, { kind: 'code' }>,
  step: Pick<OrderStep, 'portId' | 'cable' | 'device' | 'spot'>,
  known: Known,
): Verdict {
  const wanted = step.portId === null ? undefined : known.ports.get(step.portId);
  switch (scan.what) {
    case 'port':
      if (scan.id === step.portId) return { kind: 'right', by: 'port' };
      return { kind: 'wrong', port: known.ports.get(scan.id) ?? null, cable: null };
    case 'link':
      if (scan.id === step.cable?.id) return { kind: 'right', by: 'cable' };
      return { kind: 'wrong', port: null, cable: known.cables.get(scan.id) ?? null };
    case 'device':
    case 'outlet': {
      if (scan.what === 'device' && step.portId === null && step.device?.id === scan.id)
        return { kind: 'right', by: 'device' };
      const here = wanted?.owner.kind === scan.what && wanted.owner.id === scan.id;
      return here ? { kind: 'near' } : { kind: 'wrong', port: null, cable: null };
    }
    case 'rack':
      return step.spot.rack?.id === scan.id ? { kind: 'near' } : { kind: 'wrong', port: null, cable: null };
    case 'room':
      return step.spot.room?.id === scan.id ? { kind: 'near' } : { kind: 'wrong', port: null, cable: null };
  }
}

/** The ways in which people write a port: its label, "A:12", "A 12", "A12", "A-12". */
function portWords(port: PortCard): Set<string> {
  const owner = plain(port.owner.name);
  const name = plain(port.name);
  const words = [`${owner}:${name}`, `${owner}${name}`, `${owner}-${name}`];
  // "07" is also written "7".
  const short = name.replace(/^0+(?=\d)/, '');
  if (short !== name) words.push(`${owner}:${short}`, `${owner}${short}`, `${owner}-${short}`);
  if (port.label !== null && port.label !== '') words.push(plain(port.label));
  return new Set(words);
}

function cableWords(cable: CableCard | null, endLabel: string | null): Set<string> {
  const labels = [cable?.label, cable?.labelA, cable?.labelB, endLabel];
  return new Set(
    labels
      .filter((label) => label !== null && label !== undefined && label !== '')
      .map((label) => plain(String(label))),
  );
}
