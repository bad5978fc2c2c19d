import { codeOf, LabelTarget, PortStatus } from '@rackhaus/config/contract';
import { type Api, ApiProblem } from '../api/api.ts';
import type { Known } from './match.ts';
import type { Scan } from './scan.ts';
import { cableWords, shortPort } from './words.ts';

/**
 * What a code names, as people say it: "A:13", "Kabel K-0231". From what is known here, else from the server; null where neither
 * knows, or there is no network.
 */
export async function nameOfCode(
  scan: Extract<Scan, { kind: 'code' }>,
  known: Known,
  api: Api,
): Promise<string | null> {
  const port = scan.what === 'port' ? known.ports.get(scan.id) : undefined;
  if (port !== undefined) return shortPort(port);
  const cable = scan.what === 'link' ? known.cables.get(scan.id) : undefined;
  if (cable !== undefined) return cableWords(cable.label);
  try {
    if (scan.what === 'port')
      return shortPort((await api.get(`/api/ports/${scan.id}/place`, PortStatus)).port);
    const target = await api.get(`/api/labels/code/${codeOf(scan.what, scan.id)}`, LabelTarget);
    return scan.what === 'link' ? cableWords(target.name) : target.name;
  } catch (error) {
    if (error instanceof ApiProblem) return null;
    throw error;
  }
}
