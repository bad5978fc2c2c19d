import type { SimulatorPort } from './words.ts';

/** As many are listed at most. */
const listed = 40;

/** Ports whose name or room holds every word that was typed, those whose name begins so first, and how many more there are. */
export function searchPorts(
  ports: Iterable<SimulatorPort>,
  typed: string,
): { found: SimulatorPort[]; more: number } {
  const query = typed.trim().toLowerCase();
  const words = query.split(/\s+/).filter((word) => word !== '');
  const all: { rank: number; port: SimulatorPort }[] = [];
  for (const port of ports) {
    const name = port.name.toLowerCase();
    const target = port.target.toLowerCase();
    const text = `${name} ${port.room.toLowerCase()}`;
    if (!words.every((word) => text.includes(word)) && !target.startsWith(query)) continue;
    const rank = name === query || target === query ? 0 : name.startsWith(query) ? 1 : 2;
    all.push({ rank, port });
  }
  all.sort((a, b) => a.rank - b.rank || a.port.name.localeCompare(b.port.name, 'de', { numeric: true }));
  return {
    found: all.slice(0, listed).map(({ port }) => port),
    more: Math.max(0, all.length - listed),
  };
}
