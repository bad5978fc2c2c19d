import { RoomView, SeriesReply, Structure } from '@rackhaus/config/contract';
import type { z } from 'zod';
import { signIn } from './backend.ts';

/** The API as a browser that has signed in uses it. The session outlives a restart of the backend on the same address. */
export interface Api {
  readonly cookie: string;
  /** Rejects unless the answer is 2xx and of that shape. */
  get<T>(path: string, shape: z.ZodType<T>): Promise<T>;
  /** In buckets as fine as the length of time allows. */
  series(of: {
    device: number;
    kind: string;
    entity?: string;
    metrics: string;
    from: number;
    to: number;
  }): Promise<SeriesReply>;
  room(name: string): Promise<RoomView>;
}

export async function createApi(backend: Parameters<typeof signIn>[0]): Promise<Api> {
  const cookie = await signIn(backend);
  const get: Api['get'] = async (path, shape) => {
    const reply = await fetch(`${backend.url}${path}`, { headers: { cookie } });
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
    return shape.parse(await reply.json());
  };
  return {
    cookie,
    get,
    series: ({ device, kind, entity = '', metrics, from, to }) => {
      const query = {
        device,
        kind,
        entity,
        metrics,
        from: Math.floor(from),
        to: Math.floor(to),
        points: 2000,
      };
      const text = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
      return get(`/api/series?${text}`, SeriesReply);
    },
    room: async (name) => {
      const structure = await get('/api/structure', Structure);
      const found = structure.sites
        .flatMap((site) => site.buildings.flatMap(({ floors }) => floors.flatMap(({ rooms }) => rooms)))
        .find((each) => each.name === name);
      if (!found) throw new Error(`there is no room "${name}"`);
      return get(`/api/rooms/${found.id}`, RoomView);
    },
  };
}

/** A device of a room by its name. */
export function deviceOf(room: RoomView, name: string): RoomView['racks'][number]['devices'][number] {
  const found = room.racks.flatMap((rack) => rack.devices).find((device) => device.name === name);
  if (!found) throw new Error(`there is no device "${name}" in ${room.name}`);
  return found;
}
