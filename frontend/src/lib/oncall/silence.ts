/** Number of this server among the places of agents. */
const server = 0;

/**
 * Agents that may notice that this server is silent: those that are not known to run on its machine. A single one of which no place
 * is documented is the server's own. `chosen` stay in sight, whatever is documented.
 */
export function elsewhere<Agent extends { readonly id: number }>(
  agents: readonly Agent[],
  places: readonly { readonly agentId: number; readonly deviceId: number | null }[],
  chosen: readonly number[],
): Agent[] {
  const placeOf = (agentId: number) => places.find((place) => place.agentId === agentId)?.deviceId ?? null;
  const here = placeOf(server);
  return agents.filter(({ id }) => {
    if (chosen.includes(id)) return true;
    const place = placeOf(id);
    if (place !== null && place === here) return false;
    return agents.length > 1 || (place !== null && here !== null);
  });
}
