import { z } from 'zod';
import type { Client } from '../../testing/client.ts';
import { type TestBackend, testPassword } from '../../testing/test-backend.ts';
import { type FilledSite, fillSite, makeType, marker } from './testing.ts';

const Made = z.object({ id: z.int() });
const Ports = z.object({
  records: z.array(z.looseObject({ id: z.int(), name: z.string(), kind: z.string() })),
});

/** Two sites with what stands in them, and who is for one of them only. For tests. */
export interface TwoSites {
  readonly admin: Client;
  readonly north: FilledSite;
  readonly south: FilledSite;
  /** Somebody with an account for the northern site, or for all of them. */
  limited(role: string, name?: string, siteIds?: readonly number[] | null): Promise<Client>;
  /** A device in a site with power: so many inlets and outlets. @returns its id */
  powered(site: FilledSite, name: string, role: string, inlets: number, outlets: number): Promise<number>;
  /** Plugs an inlet into an outlet, both counted from 1. @returns the cord's id */
  feed(from: number, outlet: number, to: number, inlet: number): Promise<number>;
  /** A patch panel in a site with so many jacks. @returns its id and the ports at both sides of its jacks */
  panel(
    site: FilledSite,
    name: string,
    jacks: number,
  ): Promise<{ readonly id: number; readonly fronts: readonly number[]; readonly rears: readonly number[] }>;
  /** A cable between two ports. @returns its id */
  join(from: number, to: number, label: string, kind?: 'patch' | 'permanent'): Promise<number>;
}

export async function makeTwoSites(backend: TestBackend): Promise<TwoSites> {
  const admin = await backend.administrator();
  const typeId = await makeType(admin);
  const north = await fillSite(admin, { name: 'Nord', typeId, net: 101 });
  const south = await fillSite(admin, { name: marker, typeId, net: 102 });
  const types = new Map<string, number>();
  let people = 0;

  async function made(path: string, body: object): Promise<number> {
    const answer = await admin.post(path, body);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return Made.parse(answer.json).id;
  }
  async function portOf(deviceId: number, kind: string, nth: number): Promise<number> {
    const { json } = await admin.get(`/api/inventory/port?filter=deviceId:is:${deviceId}&size=100`);
    const ports = Ports.parse(json).records.filter((port) => port.kind === kind);
    const port = ports.find(({ name }) => name === `${nth}` || name.endsWith(` ${nth}`));
    if (port === undefined) throw new Error(`Device ${deviceId} has no ${kind} ${nth}.`);
    return port.id;
  }

  return {
    admin,
    north,
    south,
    async limited(role, name = `for Nord ${++people}`, siteIds = [north.siteId]) {
      await made('/api/users', { name, password: testPassword, role, siteIds });
      const person = backend.client();
      const signedIn = await person.post('/api/session', { user: name, password: testPassword });
      if (signedIn.status !== 200) throw new Error(signedIn.text);
      return person;
    },
    async powered(site, name, role, inlets, outlets) {
      const slug = `power-${inlets}-${outlets}`;
      const several = (count: number, what: string, type: string) =>
        Array.from({ length: count }, (_, index) => ({ name: `${what} ${index + 1}`, type }));
      const definition = {
        manufacturer: 'Test',
        model: slug,
        slug,
        u_height: 0,
        'power-ports': several(inlets, 'In', 'iec-60320-c14'),
        'power-outlets': several(outlets, 'Out', 'iec-60320-c13'),
      };
      const typeId = types.get(slug) ?? (await made('/api/inventory/device-type', { definition }));
      types.set(slug, typeId);
      return made('/api/inventory/device', { name, role, typeId, roomId: site.roomId });
    },
    async feed(from, outlet, to, inlet) {
      return made('/api/links', {
        kind: 'power',
        from: { portId: await portOf(from, 'power-outlet', outlet) },
        to: { portId: await portOf(to, 'inlet', inlet) },
      });
    },
    async panel(site, name, jacks) {
      const slug = `panel-${jacks}`;
      const numbers = Array.from({ length: jacks }, (_, index) => index + 1);
      const definition = {
        manufacturer: 'Test',
        model: slug,
        slug,
        u_height: 0,
        'rear-ports': numbers.map((nth) => ({ name: `R ${nth}`, type: '8p8c', positions: 1 })),
        'front-ports': numbers.map((nth) => ({ name: `F ${nth}`, type: '8p8c', rear_port: `R ${nth}` })),
      };
      const typeId = types.get(slug) ?? (await made('/api/inventory/device-type', { definition }));
      types.set(slug, typeId);
      const id = await made('/api/inventory/device', { name, role: 'panel', typeId, roomId: site.roomId });
      const side = (kind: string) => Promise.all(numbers.map((nth) => portOf(id, kind, nth)));
      return { id, fronts: await side('front'), rears: await side('rear') };
    },
    join: (from, to, label, kind = 'patch') =>
      made('/api/links', { label, kind, from: { portId: from }, to: { portId: to } }),
  };
}
