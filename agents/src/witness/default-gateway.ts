import { readFile } from 'node:fs/promises';

/**
 * IPv4 address of the first default gateway, by Linux' routing table; null: there is none, or this is no Linux. In /proc/net/route
 * addresses are hexadecimal in the byte order of the machine, which is little-endian on all that Node runs on.
 */
export async function defaultGateway(file = '/proc/net/route'): Promise<string | null> {
  let table: string;
  try {
    table = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  for (const line of table.split('\n').slice(1)) {
    const [, destination, gateway, flags] = line.split('\t');
    // RTF_UP and RTF_GATEWAY
    if (destination !== '00000000' || (Number.parseInt(flags ?? '0', 16) & 3) !== 3) continue;
    if (gateway === undefined || !/^[0-9A-F]{8}$/i.test(gateway)) continue;
    return [6, 4, 2, 0].map((at) => Number.parseInt(gateway.slice(at, at + 2), 16)).join('.');
  }
  return null;
}
