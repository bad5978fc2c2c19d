import { type StartedProcess, startNode } from './process.ts';

/** Simulated devices that nobody has documented: one on each address, all on one port, told apart by name and serial number. */
export function startFoundDevices(options: {
  readonly addresses: readonly string[];
  readonly port: number;
  readonly community?: string;
  /** How long each answer takes. */
  readonly latencyMs?: number;
  /** Words before the command, see Namespace. */
  readonly prefix?: readonly string[];
}): Promise<StartedProcess> {
  const { addresses, port, community = 'public', latencyMs = 0, prefix = [] } = options;
  return startNode(
    'found-devices',
    'test/harness/found-devices-process.ts',
    [String(port), community, String(latencyMs)],
    { env: { ADDRESSES: addresses.join(',') }, prefix },
  );
}
