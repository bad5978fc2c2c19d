import { z } from 'zod';
import type { Client } from '../../testing/client.ts';

/** Stands in every name of the site that a limited account is not for: an answer that holds it tells too much. For tests. */
export const marker = 'Geheimsüd';

const Ids = z.object({ ids: z.array(z.int()) });
const Made = z.object({ id: z.int() });
const Ports = z.object({ records: z.array(z.looseObject({ id: z.int() })) });

/** What stands in a site, by kind. */
export interface FilledSite {
  readonly siteId: number;
  readonly roomId: number;
  readonly rackId: number;
  readonly switchId: number;
  /** Ends the cables from elsewhere; not named after its site, because whoever has such a cable may read where it ends. */
  readonly handoverId: number;
  readonly ids: Readonly<Record<string, number>>;
  readonly switchPorts: readonly number[];
  readonly handoverPorts: readonly number[];
  readonly linkId: number;
  readonly orderId: number;
  readonly documentId: number;
}

/** A device type for both sites. */
export async function makeType(admin: Client): Promise<number> {
  const interfaces = Array.from({ length: 6 }, (_, index) => ({ name: `${index + 1}`, type: '1000base-t' }));
  return expectMade(
    admin.post('/api/inventory/device-type', {
      definition: { manufacturer: 'Test', model: 'Six', slug: 'test-six', u_height: 1, interfaces },
    }),
  );
}

/** One record of every kind that stands in a site; each text begins with `name`. */
export async function fillSite(
  admin: Client,
  { name, typeId, net }: { name: string; typeId: number; net: number },
): Promise<FilledSite> {
  const handover = `Übergabe ${net}`;
  const create = (kind: string, values: Record<string, unknown>, key: string = kind) => ({
    op: 'create',
    kind,
    key,
    values,
  });
  const operations = [
    create('site', { name: `${name} Schule`, notes: `${name} Notiz`, personInCharge: `${name} Person` }),
    create('building', { siteId: '#site', name: `${name} Haus` }),
    create('floor', { buildingId: '#building', name: `${name} EG` }),
    create('room', { floorId: '#floor', name: `${name} Raum`, number: `${name} 1` }),
    create('rack', { roomId: '#room', name: `${name} Schrank`, purpose: `${name} Netz` }),
    create('contract', { name: `${name} Vertrag` }),
    create('device', {
      name: `${name} Switch`,
      typeId,
      role: 'switch',
      roomId: '#room',
      rackId: '#rack',
      position: 1,
      contractId: '#contract',
      serial: `${name} S1`,
    }),
    create('device', { name: handover, typeId, roomId: '#room', rackId: '#rack', position: 3 }, 'handover'),
    create('spare-part', { name: `${name} Ersatz`, roomId: '#room' }),
    create('outlet', { name: `${name} Dose`, roomId: '#room' }),
    create('vlan', { siteId: '#site', vid: net, name: `${name} VLAN` }),
    create('prefix', { cidr: `10.${net}.0.0/24`, siteId: '#site', vlanId: '#vlan', purpose: `${name} Netz` }),
    create('address', { address: `10.${net}.0.9`, deviceId: '#device', dnsName: `${name} DNS` }),
    create('monitoring', { deviceId: '#device', address: `10.${net}.0.9`, profile: null }),
    create('service', { name: `${name} Dienst`, notes: `${name} Dienst` }),
    create('service-device', { serviceId: '#service', deviceId: '#device' }),
    create('check', { deviceId: '#device', name: `${name} Prüfung`, kind: 'tcp', settings: { port: 443 } }),
    create('note', { subjectKind: 'device', subjectId: '#device', text: `${name} Eintrag` }),
    create('maintenance', {
      name: `${name} Wartung`,
      scope: 'room',
      roomId: '#room',
      from: Date.now(),
      until: Date.now() + 86_400_000,
    }),
    create('rule-limit', { ruleId: 'room-warm', scope: 'site', siteId: '#site', reason: `${name} Grund` }),
  ];
  const made = await admin.post('/api/inventory/batch', { operations });
  if (made.status !== 200) throw new Error(made.text);
  const ids = Object.fromEntries(
    Ids.parse(made.json).ids.map((id, index) => [operations[index]?.key ?? '', id]),
  );
  const portsOf = async (deviceId: number) =>
    Ports.parse((await admin.get(`/api/inventory/port?filter=deviceId:is:${deviceId}`)).json).records.map(
      ({ id }) => id,
    );
  const [deviceId, handoverId] = [ids.device ?? 0, ids.handover ?? 0];
  const [switchPorts, handoverPorts] = [await portsOf(deviceId), await portsOf(handoverId)];
  await expectMade(admin.post('/api/inventory/port-vlan', { portId: switchPorts[0], vlanId: ids.vlan }));
  const linkId = await expectMade(
    admin.post('/api/links', {
      label: `${name} Kabel`,
      from: { portId: switchPorts[0] },
      to: { portId: handoverPorts[0] },
    }),
  );
  await expectMade(admin.post('/api/inventory/cable-test', { linkId, tester: `${name} Prüfer` }));
  const picture = `<svg xmlns="http://www.w3.org/2000/svg"><text>${name} Plan</text></svg>`;
  const uploaded = await admin.send('POST', '/api/documents', new TextEncoder().encode(picture), {
    'content-type': 'application/octet-stream',
    'x-file-name': 'plan.svg',
  });
  const documentId = Made.parse(uploaded.json).id;
  await expectMade(
    admin.post('/api/inventory/attachment', {
      subjectKind: 'device',
      subjectId: deviceId,
      documentId,
      name: `${name} Plan`,
    }),
  );
  const planId = await expectMade(
    admin.post('/api/inventory/floor-plan', { floorId: ids.floor, name: `${name} Grundriss`, documentId }),
  );
  await expectMade(
    admin.post('/api/inventory/plan-mark', {
      planId,
      roomId: ids.room,
      points: [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
    }),
  );
  const orderId = await expectMade(admin.post('/api/orders', { title: `${name} Auftrag` }));
  const items = await admin.post(`/api/orders/${orderId}/items`, {
    changes: [{ action: 'remove-link', linkId }],
  });
  if (items.status !== 200) throw new Error(items.text);
  return {
    siteId: ids.site ?? 0,
    roomId: ids.room ?? 0,
    rackId: ids.rack ?? 0,
    switchId: deviceId,
    handoverId,
    ids: { ...ids, link: linkId, 'floor-plan': planId, document: documentId, order: orderId },
    switchPorts,
    handoverPorts,
    linkId,
    orderId,
    documentId,
  };
}

async function expectMade(answer: Promise<{ status: number; text: string; json: unknown }>): Promise<number> {
  const { status, text, json } = await answer;
  if (status !== 200) throw new Error(`${status}: ${text}`);
  return Made.parse(json).id;
}
