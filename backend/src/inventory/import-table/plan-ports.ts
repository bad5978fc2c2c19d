import { searchKey } from '../search-key.ts';
import { portsOf } from './known.ts';
import type { PlanContext, Planned, PlannedRows } from './plan.ts';
import { vlanOf } from './plan-network.ts';
import { draftRecord, Matcher, shown } from './plan-records.ts';
import type { Row } from './row.ts';

const orUndefined = (text: string) => (text === '' ? undefined : text);

/** Rows that say something of ports that are there: what is written beside them, what they are for. Ports come with devices. */
export async function planPorts(context: PlanContext, rows: readonly Row[]): Promise<PlannedRows> {
  const { known, db } = context;
  const devices = new Map(known.devices.map((device) => [searchKey(device.name), device]));
  const outlets = new Map(known.outlets.map((outlet) => [searchKey(outlet.name), outlet]));
  const owners = new Set(
    rows.flatMap((row) => [searchKey(row.text('device')), searchKey(row.text('outlet'))]),
  );
  const idsIn = (of: ReadonlyMap<string, { readonly id: number }>) =>
    [...owners].flatMap((name) => of.get(name)?.id ?? []);
  const byDevice = await portsOf(db, 'device_id', idsIn(devices));
  const byOutlet = await portsOf(db, 'outlet_id', idsIn(outlets));
  const matcher = new Matcher([...byDevice.values(), ...byOutlet.values()].flat(), (port) => [
    port.device_id === null ? `o${port.outlet_id}/${port.name}` : `d${port.device_id}/${port.name}`,
  ]);
  const planned: Planned[] = [];
  await context.forEach(rows, (row) => {
    const ownerName = row.text('device') || row.text('outlet');
    const portName = row.text('name');
    const device = devices.get(searchKey(ownerName));
    const outlet = outlets.get(searchKey(ownerName));
    const owner = device === undefined ? `o${outlet?.id}` : `d${device.id}`;
    const found = matcher.find(row, 'name', portName === '' ? [] : [`${owner}/${portName}`]);
    if (ownerName === '') row.refuse('device', 'missing');
    else if (device === undefined && outlet === undefined) row.refuse('device', 'no-such-device');
    else if (portName === '') row.refuse('name', 'missing');
    else if (found === undefined) row.refuse('name', 'no-such-port', { device: ownerName });
    const name = `${ownerName}:${portName}`;
    if (found === undefined) {
      planned.push({ row, kind: 'port', id: null, name, changes: false });
      return;
    }
    const values = {
      label: orUndefined(row.text('label')),
      description: orUndefined(row.text('description')),
      untaggedVlanId: vlanOf(context, row),
      mac: orUndefined(row.text('mac')),
    };
    planned.push(
      draftRecord(context, row, 'port', found, values, name, (field, value) => {
        if (field !== 'untaggedVlanId' || value === null) return shown(field, value);
        const vlan = known.vlans.find(({ id }) => id === value);
        return vlan === undefined ? '' : `${vlan.vid} ${vlan.name}`;
      }),
    );
  });
  return { rows: planned, left: [] };
}
