import { RoomView, Worklist } from '@rackhaus/config/contract';
import { z } from 'zod';
import { type Api, ApiProblem } from '../api/api.ts';
import type { Kept } from './browser-db.ts';

export type Scope = 'mine' | 'all';

const KeptList = z.strictObject({ fetchedAt: z.number(), list: Worklist });
export type KeptList = z.infer<typeof KeptList>;
const KeptRack = z.strictObject({ fetchedAt: z.number(), room: RoomView });

/** A drawing that was fetched within this time is good enough. */
const rackAge = 10 * 60_000;

const listKey = (userId: number, scope: Scope) => `list/${userId}/${scope}`;

/** The worklist as it was fetched last, also without a network. */
export function keptList(kept: Kept, userId: number, scope: Scope): Promise<KeptList | null> {
  return kept.get(listKey(userId, scope), KeptList);
}

export function keepList(kept: Kept, userId: number, scope: Scope, list: KeptList): Promise<void> {
  return kept.put(listKey(userId, scope), list);
}

/** What may be worked on until the end of today. @throws ApiProblem */
export function fetchList(api: Api, scope: Scope, now: number): Promise<Worklist> {
  const until = new Date(now).setHours(24, 0, 0, 0);
  return api.get(`/api/worklist?mine=${scope === 'mine'}&until=${until}`, Worklist);
}

/**
 * What the rack looks like: what was kept of it, and if that is old, anew from the server. null: never seen, and no network.
 * A drawing helps and is not needed: that it cannot be fetched is no failure.
 */
export async function rackPicture(of: {
  api: Api;
  kept: Kept;
  rackId: number;
  now: number;
}): Promise<RoomView | null> {
  const { api, kept, rackId, now } = of;
  const known = await kept.get(`rack/${rackId}`, KeptRack);
  if (known !== null && now - known.fetchedAt < rackAge) return known.room;
  try {
    const room = await api.get(`/api/racks/${rackId}`, RoomView);
    await kept.put(`rack/${rackId}`, { fetchedAt: now, room });
    return room;
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    return known?.room ?? null;
  }
}
