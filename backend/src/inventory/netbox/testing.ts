import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small NetBox in the shapes that its OpenAPI documents: two sites, a panel with jacks, a switch, a server, cables. */
export function sampleNetbox(version: '4.2' | '4.5'): Record<string, Record<string, unknown>[]> {
  const ref = (id: number, name = `#${id}`) => ({
    id,
    url: `http://netbox/api/x/${id}/`,
    display: name,
    name,
  });
  const choice = (value: string | number) => ({ value, label: String(value) });
  const front = (rear: number, position = 1) =>
    version === '4.5'
      ? { positions: 1, rear_ports: [{ position: 1, rear_port: rear, rear_port_position: position }] }
      : { rear_port: ref(rear), rear_port_position: position };
  const nulls = { description: '', comments: '', tags: [], custom_fields: {} };
  return {
    'dcim/sites': [
      {
        id: 1,
        name: 'Rathaus',
        slug: 'rathaus',
        status: choice('active'),
        physical_address: 'Markt 1\n12345 Musterstadt',
        ...nulls,
      },
      { id: 2, name: 'Grundschule', slug: 'gs', status: choice('active'), physical_address: '', ...nulls },
    ],
    'dcim/locations': [
      { id: 1, name: 'Hauptgebäude', slug: 'h', site: ref(1), parent: null, ...nulls },
      { id: 2, name: 'Keller', slug: 'k', site: ref(1), parent: ref(1), ...nulls },
      { id: 3, name: 'Serverraum', slug: 's', site: ref(1), parent: ref(2), ...nulls },
    ],
    'dcim/racks': [
      {
        id: 1,
        name: 'R1',
        site: ref(1),
        location: ref(3),
        role: ref(1, 'Netz'),
        u_height: 42,
        mounting_depth: 800,
        max_weight: 1000,
        weight_unit: choice('kg'),
        serial: '',
        asset_tag: null,
        ...nulls,
      },
    ],
    'dcim/device-types': [
      {
        id: 1,
        manufacturer: ref(1, 'Generic'),
        model: 'Panel 2',
        slug: 'panel-2',
        part_number: '',
        u_height: 1.0,
        is_full_depth: false,
        airflow: null,
        weight: null,
        weight_unit: null,
        ...nulls,
      },
      {
        id: 2,
        manufacturer: ref(2, 'Acme'),
        model: 'Switch 4',
        slug: 'switch-4',
        part_number: 'S4',
        u_height: 1.0,
        is_full_depth: true,
        airflow: choice('front-to-rear'),
        weight: '3.20',
        weight_unit: choice('kg'),
        ...nulls,
      },
      {
        id: 3,
        manufacturer: ref(3, 'Cassettes'),
        model: 'LC 2',
        slug: 'lc-2',
        part_number: '',
        u_height: 1.0,
        is_full_depth: false,
        airflow: null,
        weight: null,
        weight_unit: null,
        ...nulls,
      },
    ],
    'dcim/interface-templates': [1, 2, 3, 4].map((n) => ({
      id: n,
      device_type: ref(2),
      name: `eth${n}`,
      label: '',
      type: choice('1000base-t'),
      mgmt_only: n === 4,
    })),
    'dcim/console-port-templates': [],
    'dcim/power-port-templates': [
      {
        id: 1,
        device_type: ref(2),
        name: 'PSU',
        label: '',
        type: choice('iec-60320-c14'),
        maximum_draw: 60,
        allocated_draw: 30,
      },
    ],
    'dcim/power-outlet-templates': [],
    'dcim/rear-port-templates': [
      ...[1, 2].map((n) => ({
        id: n,
        device_type: ref(1),
        name: String(n),
        label: '',
        type: choice('8p8c'),
        positions: 1,
      })),
      { id: 3, device_type: ref(3), name: 'Trunk', label: '', type: choice('mpo'), positions: 2 },
    ],
    'dcim/front-port-templates': [
      ...[1, 2].map((n) => ({
        id: n,
        device_type: ref(1),
        name: String(n),
        label: '',
        type: choice('8p8c'),
        ...front(n),
      })),
      ...[1, 2].map((n) => ({
        id: n + 2,
        device_type: ref(3),
        name: `LC${n}`,
        label: '',
        type: choice('lc'),
        ...front(3, n),
      })),
    ],
    'dcim/devices': [
      {
        id: 1,
        name: 'A',
        device_type: ref(1),
        role: { id: 1, name: 'Patch Panel', slug: 'patch-panel' },
        site: ref(1),
        location: ref(3),
        rack: ref(1),
        position: 40.0,
        face: choice('front'),
        status: choice('active'),
        serial: '',
        asset_tag: null,
        primary_ip: null,
        ...nulls,
      },
      {
        id: 2,
        name: 'sw-1',
        device_type: ref(2),
        role: { id: 2, name: 'Access Switch', slug: 'access' },
        site: ref(1),
        location: ref(3),
        rack: ref(1),
        position: 39.0,
        face: choice('front'),
        status: choice('staged'),
        serial: 'SN-7',
        asset_tag: 'INV-1',
        primary_ip: ref(1),
        ...nulls,
        comments: 'Ersatz für 2024',
      },
      {
        id: 3,
        name: 'sw-1',
        device_type: ref(2),
        role: { id: 2, name: 'Access Switch', slug: 'access' },
        site: ref(2),
        location: null,
        rack: null,
        position: null,
        face: null,
        status: choice('active'),
        serial: '',
        asset_tag: null,
        primary_ip: null,
        ...nulls,
      },
      {
        id: 4,
        name: null,
        device_type: ref(3),
        role: { id: 1, name: 'Patch Panel', slug: 'patch-panel' },
        site: ref(1),
        location: ref(3),
        rack: ref(1),
        position: 38.0,
        face: choice('front'),
        status: choice('active'),
        serial: '',
        asset_tag: null,
        primary_ip: null,
        ...nulls,
      },
    ],
    'dcim/interfaces': [
      ...[1, 2, 3, 4].map((n) => ({
        id: n,
        device: ref(2),
        name: `eth${n}`,
        label: n === 1 ? 'Uplink' : '',
        type: choice('1000base-t'),
        description: '',
        mac_address: n === 1 ? '00:1A:2B:3C:4D:5E' : null,
        untagged_vlan: n === 2 ? ref(1) : null,
        tagged_vlans: n === 1 ? [ref(1), ref(2)] : [],
      })),
      {
        id: 5,
        device: ref(2),
        name: 'vlan20',
        label: '',
        type: choice('virtual'),
        description: '',
        mac_address: null,
        untagged_vlan: null,
        tagged_vlans: [],
      },
      ...[1, 2, 3, 4].map((n) => ({
        id: n + 5,
        device: ref(3),
        name: `eth${n}`,
        label: '',
        type: choice('1000base-t'),
        description: '',
        mac_address: null,
        untagged_vlan: null,
        tagged_vlans: [],
      })),
    ],
    'dcim/console-ports': [],
    'dcim/power-ports': [
      { id: 1, device: ref(2), name: 'PSU', label: '', type: choice('iec-60320-c14'), description: '' },
    ],
    'dcim/power-outlets': [],
    'dcim/rear-ports': [
      ...[1, 2].map((n) => ({
        id: n,
        device: ref(1),
        name: String(n),
        label: '',
        type: choice('8p8c'),
        description: '',
        positions: 1,
      })),
      { id: 3, device: ref(4), name: 'Trunk', label: '', type: choice('mpo'), description: '', positions: 2 },
    ],
    'dcim/front-ports': [
      ...[1, 2].map((n) => ({
        id: n,
        device: ref(1),
        name: String(n),
        label: '',
        type: choice('8p8c'),
        description: '',
        ...front(n),
      })),
      ...[1, 2].map((n) => ({
        id: n + 2,
        device: ref(4),
        name: `LC${n}`,
        label: '',
        type: choice('lc'),
        description: '',
        ...front(3, n),
      })),
    ],
    'ipam/vrfs': [{ id: 1, name: 'Gäste', description: '' }],
    'ipam/vlans': [
      { id: 1, vid: 20, name: 'Verwaltung', site: null, description: 'Arbeitsplätze' },
      { id: 2, vid: 30, name: 'Telefonie', site: null, description: '' },
      { id: 3, vid: 30, name: 'Telefonie alt', site: null, description: '' },
    ],
    'ipam/prefixes': [
      {
        id: 1,
        prefix: '10.1.2.0/24',
        vrf: null,
        vlan: ref(1),
        scope_type: 'dcim.site',
        scope_id: 1,
        description: 'Netz',
      },
    ],
    'ipam/ip-addresses': [
      {
        id: 1,
        address: '10.1.2.3/24',
        vrf: null,
        role: null,
        assigned_object_type: 'dcim.interface',
        assigned_object_id: 5,
        dns_name: 'sw-1.example.org',
        description: '',
      },
      {
        id: 2,
        address: '10.1.2.4/24',
        vrf: ref(1),
        role: choice('vip'),
        assigned_object_type: null,
        assigned_object_id: null,
        dns_name: '',
        description: 'VIP',
      },
    ],
    'dcim/cables': [
      {
        id: 1,
        display: 'K1',
        a_terminations: [{ object_type: 'dcim.interface', object_id: 2 }],
        b_terminations: [{ object_type: 'dcim.frontport', object_id: 1 }],
        status: choice('connected'),
        label: 'K1',
        color: 'ffeb3b',
        length: '150.00',
        length_unit: choice('cm'),
        description: '',
      },
      {
        id: 2,
        display: 'L1',
        a_terminations: [{ object_type: 'dcim.rearport', object_id: 1 }],
        b_terminations: [{ object_type: 'dcim.rearport', object_id: 2 }],
        status: choice('connected'),
        label: 'L1',
        color: '',
        length: null,
        length_unit: null,
        description: '',
      },
      {
        id: 3,
        display: '#3',
        a_terminations: [{ object_type: 'dcim.interface', object_id: 3 }],
        b_terminations: [{ object_type: 'circuits.circuittermination', object_id: 1 }],
        status: choice('connected'),
        label: '',
        color: '',
        length: null,
        length_unit: null,
        description: '',
      },
      {
        id: 4,
        display: 'geplant',
        a_terminations: [{ object_type: 'dcim.interface', object_id: 4 }],
        b_terminations: [{ object_type: 'dcim.frontport', object_id: 2 }],
        status: choice('planned'),
        label: 'geplant',
        color: '',
        length: null,
        length_unit: null,
        description: '',
      },
    ],
  };
}

export interface ReplayServer {
  readonly url: string;
  readonly requests: string[];
  /** Requests are refused or broken off while this says so. */
  fault: ((path: string, offset: number) => 'gone' | 'busy' | 'refused' | 'html' | null) | null;
  close(): Promise<void>;
}

/** An HTTP server that answers as NetBox does: paged, with a token. */
export async function startNetbox(
  data: Record<string, Record<string, unknown>[]>,
  options: { token: string; pageSize?: number },
): Promise<ReplayServer> {
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://netbox');
    const path = url.pathname.replace(/^\/api\/|\/$/g, '');
    const offset = Number(url.searchParams.get('offset'));
    requests.push(`${path} ${offset}`);
    const fault = replay.fault?.(path, offset) ?? null;
    if (fault === 'gone') return void request.socket.destroy();
    if (fault === 'busy') return void response.writeHead(503, { 'retry-after': '0' }).end();
    if (fault === 'html') return void response.writeHead(200).end('<html>');
    const expected = options.token.startsWith('nbt_') ? `Bearer ${options.token}` : `Token ${options.token}`;
    if (fault === 'refused' || request.headers.authorization !== expected)
      return void response
        .writeHead(403, { 'content-type': 'application/json' })
        .end('{"detail":"Invalid token"}');
    const list = data[path];
    if (list === undefined) return void response.writeHead(404).end('{}');
    const limit = Math.min(Number(url.searchParams.get('limit')), options.pageSize ?? 1000);
    const results = list.slice(offset, offset + limit);
    const next =
      offset + limit < list.length
        ? `${url.origin}${url.pathname}?limit=${limit}&offset=${offset + limit}`
        : null;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ count: list.length, next, previous: null, results }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const replay: ReplayServer = {
    url: `http://127.0.0.1:${port}`,
    requests,
    fault: null,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return replay;
}
