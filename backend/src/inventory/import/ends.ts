import type { InventoryLink } from '@rackhaus/config/inventory-file';
import type { ExistingPort } from './existing.ts';

/** A link's end as a file writes it. Names of devices and outlets have no colon; those of ports may. */
export function parseEnd(text: string): { owner: string; port: string } {
  const colon = text.indexOf(':');
  return { owner: text.slice(0, colon), port: text.slice(colon + 1) };
}

/** Into which side of a port a link goes: behind a jack only what is installed, everywhere else there is one side. */
export function sideOf(kind: InventoryLink['kind'], port: Pick<ExistingPort, 'twoSided'>): 'front' | 'rear' {
  return port.twoSided && kind === 'permanent' ? 'rear' : 'front';
}
