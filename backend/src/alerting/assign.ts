import type { Condition, IncidentCause } from '@rackhaus/config/contract';
import { type Incident, isActive, type Moment, speaks } from './incident.ts';
import type { FoundCause } from './parts.ts';
import { silentCondition, silentId } from './words.ts';
import { drillPrefix, ownPrefix, type World } from './world.ts';

/** After its cause has not been found for this long, what is still wrong is a fault of its own. */
export const splitMs = 120_000;

/** What belongs into one incident. */
export interface Target {
  readonly key: string;
  readonly found: FoundCause | null;
  readonly conditions: Condition[];
}

/**
 * Which incident each condition belongs to: that of the cause that claims it; else the one where it is, until that one's
 * cause has been gone for a while; else the one of its device, room or site and family.
 */
export function assign(open: Iterable<Incident>, world: World, time: Moment): Map<string, Target> {
  const claims = new Map<string, FoundCause>();
  for (const found of world.causes) for (const id of found.conditionIds) claims.set(id, found);
  const owners = new Map<string, Incident>();
  for (const incident of open)
    for (const [id, member] of incident.members) if (isActive(member)) owners.set(id, incident);

  const isFound = new Set(world.causes.map(({ key }) => key));
  const abating = (incident: Incident) =>
    incident.explained && !isFound.has(incident.key) && time.steady - incident.foundAt < splitMs;
  const own = new Map<FoundCause, ReadonlySet<Incident>>();
  for (const found of world.causes) own.set(found, speaking(found, owners));
  /** Whether a condition stays in the incident of a cause that is gone, with others that have not been read since. */
  const waits = (owner: Incident | undefined, found: FoundCause): owner is Incident =>
    owner !== undefined && abating(owner) && own.get(found)?.has(owner) === false;

  const targets = new Map<string, Target>();
  const targetOf = (key: string, found: FoundCause | null) => {
    const known = targets.get(key);
    if (known !== undefined) return known;
    const target: Target = { key, found, conditions: [] };
    targets.set(key, target);
    return target;
  };
  const spoken = new Set<number>();
  for (const condition of world.conditions.values()) {
    const found = claims.get(condition.id);
    const owner = owners.get(condition.id);
    if (found !== undefined && !waits(owner, found)) {
      targetOf(found.key, found).conditions.push(condition);
      spoken.add(condition.deviceId);
      continue;
    }
    const stays = owner !== undefined && (!owner.explained || time.steady - owner.foundAt < splitMs);
    targetOf(stays ? owner.key : groupKey(condition, world), null).conditions.push(condition);
  }
  // Of devices that nobody can ask any more nothing is said by themselves.
  for (const found of world.causes)
    for (const deviceId of found.affected) {
      if (spoken.has(deviceId) || world.standing(deviceId) !== 'silent') continue;
      if (waits(owners.get(silentId(deviceId)), found)) continue;
      const target = targetOf(found.key, found);
      const place = world.placeOf(deviceId);
      const name = place?.name ?? String(deviceId);
      target.conditions.push(
        silentCondition({
          deviceId,
          name,
          place: place?.place ?? '',
          roomId: place?.roomId ?? null,
          since: time.now,
        }),
      );
    }
  return targets;
}

/** Incidents in which conditions that a cause claims say what is wrong; in others they are only affected. */
function speaking(found: FoundCause, owners: ReadonlyMap<string, Incident>): ReadonlySet<Incident> {
  const incidents = new Set<Incident>();
  for (const id of found.conditionIds) {
    const owner = owners.get(id);
    const member = owner?.members.get(id);
    if (owner !== undefined && member !== undefined && speaks(member, owner)) incidents.add(owner);
  }
  return incidents;
}

/** The key of what no cause claims. */
export function groupKey(condition: Condition, world: World): string {
  if (condition.id.startsWith(ownPrefix)) return `own:${condition.id.slice(ownPrefix.length)}`;
  if (condition.id.startsWith(drillPrefix)) return `drill:${condition.id.split('/')[1] ?? ''}`;
  if (condition.deviceId === 0) return `agent:${world.agent(condition.entity)?.id ?? `-${condition.entity}`}`;
  const { name, groupBy } = world.familyOf(condition);
  const device = `device:${condition.deviceId}/${name}`;
  switch (groupBy) {
    case 'room':
      return condition.roomId === null ? device : `room:${condition.roomId}/${name}`;
    case 'site': {
      const siteId = world.placeOf(condition.deviceId)?.siteId;
      return siteId == null ? device : `site:${siteId}/${name}`;
    }
    case 'entity':
      return `${device}/${condition.entity}`;
    case 'device':
      return device;
  }
}

/** What the incident of a group is about. */
export function groupCause(key: string, condition: Condition, world: World): IncidentCause {
  const base = { deviceId: null, linkId: null, linkLabel: null, also: [] };
  const { deviceId, deviceName: name } = condition;
  if (key.startsWith('own:'))
    return deviceId === 0 ? { ...base, kind: 'rackhaus', name } : { ...base, kind: 'device', name, deviceId };
  if (key.startsWith('agent:')) return { ...base, kind: 'agent', name };
  const place = world.placeOf(deviceId);
  if (key.startsWith('room:')) return { ...base, kind: 'room', name: place?.roomName ?? name };
  if (key.startsWith('site:')) return { ...base, kind: 'room', name: place?.siteName ?? name };
  return { ...base, kind: 'device', name, deviceId: deviceId === 0 ? null : deviceId };
}
