import { CableProposal, ConnectReply, PortStatus, TestImportReply } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';

const Listed = z.object({ records: z.array(z.looseObject({ id: z.int(), name: z.string() })) });
const Ids = z.object({ ids: z.array(z.int()) });
const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('connecting', () => {
  let backend: TestBackend;
  let admin: Client;
  /** Ports by `<device>:<port>`. */
  const port = new Map<string, number>();
  const at = (name: string) => port.get(name) ?? 0;
  const end = (name: string, side: 'front' | 'rear' = 'front') => ({ portId: at(name), side });

  beforeAll(async () => {
    backend = await startTestBackend();
    admin = await backend.administrator();
    const create = (kind: string, values: Record<string, unknown>, key?: string) => ({
      op: 'create',
      kind,
      values,
      ...(key === undefined ? {} : { key }),
    });
    const type = (slug: string, more: Record<string, unknown>) => ({
      definition: { manufacturer: 'T', model: slug, slug, u_height: 1, ...more },
    });
    const jacks = range(24).map(String);
    const made = await admin.post('/api/inventory/batch', {
      operations: [
        create('site', { name: 'S' }, 'site'),
        create('building', { siteId: '#site', name: 'H' }, 'building'),
        create('floor', { buildingId: '#building', name: 'EG' }, 'floor'),
        create('room', { floorId: '#floor', name: 'R' }, 'room'),
        create('rack', { roomId: '#room', name: '1', rank: 0 }, 'one'),
        create('rack', { roomId: '#room', name: '2', rank: 1 }, 'two'),
        create('outlet', { roomId: '#room', name: 'D1' }),
        create(
          'device-type',
          type('switch', {
            interfaces: jacks.map((name) => ({ name, type: '10gbase-t' })),
            'console-ports': [{ name: 'con', type: 'rj-45' }],
            'power-ports': [
              { name: 'P1', type: 'iec-60320-c14' },
              { name: 'P2', type: 'iec-60320-c14' },
            ],
          }),
          'switch',
        ),
        create(
          'device-type',
          type('panel', {
            'front-ports': jacks.map((name) => ({ name, type: '8p8c', rear_port: name })),
            'rear-ports': jacks.map((name) => ({ name, type: '8p8c' })),
          }),
          'panel',
        ),
        create(
          'device-type',
          type('pdu', {
            'power-outlets': jacks.map((name) => ({ name, type: 'iec-60320-c13' })),
          }),
          'pdu',
        ),
        create('device', { name: 'sw', typeId: '#switch', rackId: '#one', position: 20 }),
        create('device', { name: 'A', typeId: '#panel', rackId: '#one', position: 22 }),
        create('device', { name: 'B', typeId: '#panel', rackId: '#two', position: 22 }),
        create('device', { name: 'pdu', typeId: '#pdu', rackId: '#two', position: 1 }),
      ],
    });
    expect(made.status, made.text).toBe(200);
    const ids = Ids.parse(made.json).ids;
    for (const [name, id] of ['sw', 'A', 'B', 'pdu'].map((each, index) => [each, ids[index + 10]] as const)) {
      const { records } = Listed.parse(
        (await admin.get(`/api/inventory/port?filter=deviceId:is:${id}&size=100`)).json,
      );
      for (const one of records) port.set(`${name}:${one.name}`, one.id);
    }
    const { records } = Listed.parse(
      (await admin.get(`/api/inventory/port?filter=outletId:is:${ids[6]}`)).json,
    );
    for (const one of records) port.set(`D1:${one.name}`, one.id);
  });
  afterAll(() => backend.remove());

  const connect = async (cables: unknown[], more: Record<string, unknown> = {}) => {
    const reply = await admin.post('/api/cables', { cables, ...more });
    expect(reply.status, reply.text).toBe(200);
    return ConnectReply.parse(reply.json);
  };
  const codes = (reply: ConnectReply) => reply.cables.map((cable) => cable.remarks.map(({ code }) => code));

  it('gives cables the next labels of their scheme', async () => {
    const made = await connect([
      { a: end('sw:1'), b: end('A:1') },
      { a: end('sw:2'), b: end('A:2'), label: 'K-0005', lengthM: 1.5, color: 'blue', medium: 'cat6a' },
      { a: end('sw:3'), b: end('A:3') },
      { kind: 'power', a: end('pdu:1'), b: end('sw:P1') },
    ]);
    expect(made.cables.map(({ label }) => label)).toEqual(['K-0001', 'K-0005', 'K-0002', 'S-001']);
    expect(made.cables.every(({ id }) => id !== null)).toBe(true);
    const next = await connect([{ a: end('sw:4'), b: end('A:4') }], { check: true });
    expect(next).toMatchObject({ changeId: null, cables: [{ id: null, label: 'K-0006', remarks: [] }] });
  });

  it('is one change, which is undone', async () => {
    const { changeId } = await connect(
      range(4).map((n) => ({ a: end(`A:${n + 10}`), b: end(`B:${n + 10}`) })),
    );
    expect((await admin.post(`/api/changes/${changeId}/undo`, {})).status).toBe(200);
    const status = PortStatus.parse((await admin.get(`/api/ports/${at('B:11')}/place`)).json);
    expect(status.front).toBeNull();
  });

  it('makes none when one is refused, and says why', async () => {
    const refused = await connect([
      { a: end('sw:10'), b: end('B:1') },
      { a: end('sw:1'), b: end('B:2') },
      { a: end('sw:11'), b: end('sw:11') },
      { a: end('sw:12'), b: end('pdu:2') },
      { a: end('sw:con'), b: end('sw:13') },
      { a: end('sw:14'), b: end('B:3', 'rear') },
      { a: end('sw:15'), b: end('B:4'), label: 'K-0005' },
      { a: end('sw:16'), b: end('B:5'), label: 'X' },
      { a: end('sw:16'), b: end('B:6'), label: 'X' },
      { kind: 'permanent', a: end('A:5'), b: end('B:5', 'rear') },
      { a: end('sw:17', 'rear'), b: end('B:7') },
    ]);
    expect(refused.changeId).toBeNull();
    expect(codes(refused)).toEqual([
      [],
      ['occupied'],
      ['same-place'],
      ['kinds-differ'],
      ['kinds-differ'],
      ['kinds-differ'],
      ['label-taken'],
      [],
      ['occupied', 'label-taken'],
      ['kinds-differ'],
      ['no-rear-side'],
    ]);
    expect(refused.cables[1]?.remarks[0]?.values).toMatchObject({ port: 'sw 1', by: 'K-0001' });
    expect(PortStatus.parse((await admin.get(`/api/ports/${at('sw:10')}/place`)).json).front).toBeNull();
  });

  it('warns of channels, media, lengths, circles and shared supplies', async () => {
    await connect([{ kind: 'permanent', a: end('A:20', 'rear'), b: end('D1:1', 'rear'), lengthM: 95 }]);
    const checked = await connect(
      [
        { a: end('sw:20'), b: end('A:20'), lengthM: 12, medium: 'cat5e' },
        { a: end('sw:21'), b: end('B:21'), lengthM: 0.5 },
        { kind: 'power', a: end('pdu:3'), b: end('sw:P2') },
        { kind: 'permanent', a: end('A:22', 'rear'), b: end('B:22', 'rear') },
        { a: end('A:22'), b: end('B:22') },
      ],
      { check: true },
    );
    expect(codes(checked)).toEqual([
      ['cords-too-long', 'channel-too-long', 'medium-too-slow'],
      ['length-too-short'],
      ['same-supply'],
      ['loop'],
      ['loop'],
    ]);
  });

  it('proposes what is usual here', async () => {
    const query = new URLSearchParams({ from: String(at('sw:5')), to: String(at('A:5')) });
    const proposal = CableProposal.parse((await admin.get(`/api/cables/proposal?${query}`)).json);
    expect(proposal.cable).toMatchObject({
      kind: 'patch',
      label: 'K-0006',
      medium: 'cat6a',
      color: 'blue',
      lengthM: 1.5,
    });
    const open = CableProposal.parse((await admin.get(`/api/cables/proposal?from=${at('sw:5')}`)).json);
    expect(open.candidates.map((card) => `${card.owner.name}:${card.name}`).slice(0, 5)).toEqual([
      'A:4',
      'A:5',
      'A:6',
      'A:7',
      'B:1',
    ]);
    const power = CableProposal.parse((await admin.get(`/api/cables/proposal?from=${at('sw:P2')}`)).json);
    expect(power.cable).toMatchObject({ kind: 'power', label: 'S-002', medium: 'c13-c14' });
    expect(power.candidates[0]).toMatchObject({ kind: 'power-outlet', name: '2' });
  });

  it('labels by a scheme that was edited', async () => {
    const schemes = Listed.extend({
      records: z.array(z.looseObject({ id: z.int(), linkKind: z.string() })),
    }).parse((await admin.get('/api/inventory/label-scheme')).json).records;
    expect(schemes).toHaveLength(5);
    const patch = schemes.find(({ linkKind }) => linkKind === 'patch')?.id;
    const template = '{rack}-{unit}:{port}/{rack2}-{unit2}:{port2}';
    expect((await admin.patch(`/api/inventory/label-scheme/${patch}`, { template })).status).toBe(200);
    const made = await connect([{ a: end('A:24'), b: end('B:24') }], { check: true });
    expect(made.cables[0]?.label).toBe('1-22:24/2-22:24');
    await admin.patch(`/api/inventory/label-scheme/${patch}`, { template: 'K-{0000}' });
  });

  it('is refused however ends are written', async () => {
    const link = await admin.post('/api/links', {
      from: { portId: at('pdu:5') },
      to: { portId: at('sw:6') },
    });
    expect(link).toMatchObject({ status: 400, json: { reason: 'power-and-data' } });
    const open = z
      .object({ id: z.int() })
      .parse((await admin.post('/api/inventory/link', { kind: 'patch', status: 'found' })).json);
    const plug = (name: string, side: string) =>
      admin.post('/api/inventory/link-end', { linkId: open.id, side, portId: at(name) });
    expect((await plug('sw:7', 'a')).status).toBe(200);
    expect(await plug('pdu:6', 'b')).toMatchObject({ status: 400, json: { reason: 'power-and-data' } });
    expect((await plug('B:8', 'b')).status).toBe(200);
    expect(await admin.patch(`/api/inventory/link/${open.id}`, { kind: 'power' })).toMatchObject({
      status: 400,
    });
  });

  it('marks the cables of a device that moves, and unmarks them with the undo', async () => {
    const made = await connect([{ a: end('sw:9'), b: end('A:9') }]);
    const id = made.cables[0]?.id ?? 0;
    const Link = z.object({ record: z.object({ toCheck: z.boolean() }) });
    const toCheck = async () =>
      Link.parse((await admin.get(`/api/inventory/link/${id}`)).json).record.toCheck;
    const Port = z.object({ record: z.object({ deviceId: z.int() }) });
    const device = Port.parse((await admin.get(`/api/inventory/port/${at('sw:9')}`)).json).record.deviceId;
    const Found = z.object({ records: z.array(z.object({ id: z.int() })) });
    const racks = Found.parse((await admin.get('/api/inventory/rack?sort=rank')).json).records;
    const moved = await admin.patch(`/api/inventory/device/${device}`, {
      rackId: racks[1]?.id,
      position: 30,
    });
    expect(moved.status, moved.text).toBe(200);
    expect(await toCheck()).toBe(true);
    const { changeId } = z.object({ changeId: z.int() }).parse(moved.json);
    expect((await admin.post(`/api/changes/${changeId}/undo`, {})).status).toBe(200);
    expect(await toCheck()).toBe(false);
  });

  it('keeps wires inside panels to their device, their kinds and free lanes', async () => {
    const definition = {
      manufacturer: 'T',
      model: 'splice',
      slug: 'splice',
      u_height: 1,
      'front-ports': [1, 2, 3].map((n) => ({
        name: `F${n}`,
        type: 'lc',
        rear_port: 'R',
        rear_port_position: n,
      })),
      'rear-ports': [{ name: 'R', type: 'mpo', positions: 4 }],
    };
    const made = Ids.parse(
      (
        await admin.post('/api/inventory/batch', {
          operations: [
            { op: 'create', kind: 'device-type', values: { definition }, key: 'type' },
            { op: 'create', kind: 'device', values: { name: 'S1', typeId: '#type' } },
          ],
        })
      ).json,
    );
    const ports = Listed.parse(
      (await admin.get(`/api/inventory/port?filter=deviceId:is:${made.ids[1]}`)).json,
    ).records;
    const of = (name: string) => ports.find((one) => one.name === name)?.id ?? 0;
    const wire = (values: Record<string, unknown>) => admin.post('/api/inventory/port-wire', values);
    const patch = (values: Record<string, unknown>) => admin.patch(`/api/inventory/port/${of('F1')}`, values);
    expect((await patch({ rearLane: 2 })).status).toBe(409);
    expect((await patch({ rearLane: 5 })).status).toBe(400);
    expect((await patch({ rearPortId: of('F2') })).status).toBe(400);
    expect((await patch({ rearLane: 4 })).status).toBe(200);
    const good = { portId: of('F1'), lane: 1, rearPortId: of('R'), rearLane: 4 };
    expect((await wire({ ...good, rearLane: 9 })).status).toBe(400);
    expect((await wire({ ...good, portId: at('A:1') })).status).toBe(400);
    expect((await wire(good)).status).toBe(200);
    expect((await wire({ ...good, portId: of('F2') })).status).toBe(409);
  });

  it("takes in a tester's list by labels, each test once", async () => {
    const text = 'Cable ID,Date,Limit,Summary,Length (m)\nK-0005,2026-11-22,Class EA,PASS,1.4\nZZ,,,PASS,1\n';
    const send = async (check: boolean) =>
      TestImportReply.parse((await admin.post('/api/cable-tests/import', { text, check })).json);
    expect((await send(true)).rows.map(({ becomes }) => becomes)).toEqual(['test', 'no-cable']);
    expect((await send(false)).changeId).not.toBeNull();
    const again = await send(false);
    expect(again).toMatchObject({ changeId: null, rows: [{ becomes: 'known' }, { becomes: 'no-cable' }] });
  });

  it('is for technicians', async () => {
    const viewer = await backend.signedIn('viewer');
    expect((await viewer.post('/api/cables', { cables: [{ a: end('sw:8'), b: end('B:9') }] })).status).toBe(
      403,
    );
    expect((await admin.get('/api/ports/999999/place')).status).toBe(404);
  });
});
