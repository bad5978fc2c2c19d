import { addressRoles } from '@rackhaus/config/contract';
import { parseAddress, parsePrefix } from '../network/ip.ts';
import { searchKey } from '../search-key.ts';
import { cellText } from './cells.ts';
import { portsOf } from './known.ts';
import type { PlanContext, Planned, PlannedRows } from './plan.ts';
import { draftRecord, Matcher, shown } from './plan-records.ts';
import type { Row } from './row.ts';

const orUndefined = (text: string) => (text === '' ? undefined : text);

/** Rows that are VLANs: known by their number within a site, or among those for all sites. */
export async function planVlans(context: PlanContext, rows: readonly Row[]): Promise<PlannedRows> {
  const { known, places } = context;
  const matcher = new Matcher(known.vlans, (vlan) => [`${vlan.site_id ?? ''}/${vlan.vid}`]);
  const siteNames = new Map(known.sites.map(({ id, name }) => [id, name]));
  const planned: Planned[] = [];
  await context.forEach(rows, (row) => {
    const site = row.text('site');
    const siteId = site === '' ? null : places.site(site);
    const vid = vidOf(row, 'vid');
    const found = matcher.find(row, 'vid', vid === undefined ? [] : [`${siteId ?? ''}/${vid}`]);
    const name = row.text('name') || (found === undefined && vid !== undefined ? `VLAN ${vid}` : '');
    const values = {
      siteId: siteId ?? undefined,
      vid,
      name: orUndefined(name),
      purpose: orUndefined(row.text('purpose')),
      notes: context.notes(row),
    };
    planned.push(
      draftRecord(
        context,
        row,
        'vlan',
        found,
        values,
        `${vid ?? ''} ${name || found?.name || ''}`.trim(),
        (field, value) => (field === 'siteId' ? (siteNames.get(Number(value)) ?? site) : shown(field, value)),
      ),
    );
  });
  return {
    rows: planned,
    left: known.vlans
      .filter(({ id }) => !matcher.matched.has(id))
      .map(({ id, vid, name }) => ({ id, name: `${vid} ${name}` })),
  };
}

/** "20", "VLAN 20", "20 (Verwaltung)". */
export function vidOf(row: Row, field: string): number | undefined {
  const text = row.text(field);
  if (text === '') return undefined;
  const vid = /^(?:vlan)?[\s#-]*(\d{1,4})(?!\d)/i.exec(text)?.[1];
  if (vid !== undefined) return Number(vid);
  row.refuse(field, 'not-a-number');
  return undefined;
}

/** Rows that are networks. */
export async function planPrefixes(context: PlanContext, rows: readonly Row[]): Promise<PlannedRows> {
  const { known, places } = context;
  const matcher = new Matcher(known.prefixes, (prefix) => [`${prefix.vrf_id ?? ''}/${prefix.cidr}`]);
  const vrfs = new Vrfs(context);
  const planned: Planned[] = [];
  await context.forEach(rows, (row) => {
    const vrfId = vrfs.of(row.text('vrf'));
    const cidr = cidrOf(row);
    const found = matcher.find(row, 'cidr', cidr === undefined ? [] : [`${vrfId ?? ''}/${cidr}`]);
    const site = row.text('site');
    const values = {
      vrfId: vrfId ?? undefined,
      cidr,
      vlanId: vlanOf(context, row),
      siteId: site === '' ? undefined : (places.site(site) ?? undefined),
      purpose: orUndefined(row.text('purpose')),
      notes: context.notes(row),
    };
    planned.push(
      draftRecord(context, row, 'prefix', found, values, cidr ?? row.text('cidr'), shownRefs(context)),
    );
  });
  return {
    rows: planned,
    left: known.prefixes
      .filter(({ id }) => !matcher.matched.has(id))
      .map(({ id, cidr }) => ({ id, name: cidr })),
  };
}

/** "10.1.2.0/24", or "10.1.2.0" beside "255.255.255.0". */
function cidrOf(row: Row): string | undefined {
  const text = row.text('cidr').replaceAll(/\s/g, '');
  if (text === '') return undefined;
  const mask = row.text('mask').replace(/^\//, '');
  const whole = text.includes('/') || mask === '' ? text : `${text}/${lengthOf(mask) ?? mask}`;
  const parsed = parsePrefix(whole);
  if (parsed === null || parsed.hostBits) {
    row.refuse('cidr', 'not-a-network');
    return undefined;
  }
  return parsed.text;
}

function lengthOf(mask: string): number | undefined {
  const parsed = parseAddress(mask);
  if (parsed?.family !== 4) return undefined;
  const bits = Number.parseInt(parsed.digits, 16).toString(2).padStart(32, '0');
  return /^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined;
}

/** The VLAN of a column, by its number. */
export function vlanOf({ known }: PlanContext, row: Row): number | undefined {
  const vid = vidOf(row, 'vlan');
  if (vid === undefined) return undefined;
  const vlans = known.vlans.filter((vlan) => vlan.vid === vid);
  const vlan = vlans.find(({ site_id }) => site_id === null) ?? vlans[0];
  if (vlan === undefined) row.refuse('vlan', 'no-such-vlan');
  return vlan?.id;
}

class Vrfs {
  readonly #context: PlanContext;
  readonly #ids: Map<string, number>;

  constructor(context: PlanContext) {
    this.#context = context;
    this.#ids = new Map(context.known.vrfs.map(({ id, name }) => [searchKey(name), id]));
  }

  of(name: string): number | null {
    if (name === '' || /^(global|default|-)$/i.test(name)) return null;
    const known = this.#ids.get(searchKey(name));
    if (known !== undefined) return known;
    const made = this.#context.draft.create('vrf', { name }, name, null);
    this.#ids.set(searchKey(name), made);
    return made;
  }
}

/** Rows that are addresses. */
export async function planAddresses(context: PlanContext, rows: readonly Row[]): Promise<PlannedRows> {
  const { known, db } = context;
  const matcher = new Matcher(known.addresses, (address) => [`${address.vrf_id ?? ''}/${address.address}`]);
  const devices = new Map(known.devices.map((device) => [searchKey(device.name), device]));
  const wanted = rows.flatMap((row) => devices.get(searchKey(row.text('device')))?.id ?? []);
  const ports = context.fields.has('port')
    ? await portsOf(db, 'device_id', [...new Set(wanted)])
    : new Map<number, never[]>();
  const vrfs = new Vrfs(context);
  const planned: Planned[] = [];
  await context.forEach(rows, (row) => {
    const vrfId = vrfs.of(row.text('vrf'));
    const text = cellText(row.cell('address')).replace(/\/\d+$/, '');
    const address = parseAddress(text);
    if (text !== '' && address === null) row.refuse('address', 'not-an-address');
    const found = matcher.find(row, 'address', address === null ? [] : [`${vrfId ?? ''}/${address.text}`]);
    const name = row.text('device');
    const device = devices.get(searchKey(name));
    if (name !== '' && device === undefined) row.refuse('device', 'no-such-device');
    // "sw-1:24" is how a port is called where its device is not beside it.
    const said = row.text('port');
    const portName = said.startsWith(`${name}:`) ? said.slice(name.length + 1) : said;
    const port = (ports.get(device?.id ?? 0) ?? []).find(
      (each) => searchKey(each.name) === searchKey(portName),
    );
    if (portName !== '' && device !== undefined && port === undefined)
      row.refuse('port', 'no-such-port', { device: device.name });
    const values = {
      vrfId: vrfId ?? undefined,
      address: address?.text,
      role: row.choice('role', 'addressRole', addressRoles),
      deviceId: device?.id,
      portId: port?.id,
      dnsName: orUndefined(row.text('dnsName')),
      purpose: orUndefined(row.text('purpose')),
      notes: context.notes(row),
    };
    planned.push(
      draftRecord(context, row, 'address', found, values, address?.text ?? text, shownRefs(context)),
    );
  });
  return {
    rows: planned,
    left: known.addresses
      .filter(({ id }) => !matcher.matched.has(id))
      .map(({ id, address }) => ({ id, name: address })),
  };
}

/** Names in the place of numbers. */
function shownRefs({ known }: PlanContext) {
  return (field: string, value: unknown): string | null => {
    if (value === null || value === undefined) return null;
    const id = Number(value);
    if (field === 'deviceId') return known.devices.find((row) => row.id === id)?.name ?? '';
    if (field === 'siteId') return known.sites.find((row) => row.id === id)?.name ?? '';
    if (field === 'vrfId') return known.vrfs.find((row) => row.id === id)?.name ?? '';
    if (field === 'vlanId') {
      const vlan = known.vlans.find((row) => row.id === id);
      return vlan === undefined ? '' : `${vlan.vid} ${vlan.name}`;
    }
    return shown(field, value);
  };
}
