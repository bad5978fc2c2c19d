import { noIdentity, type Sightings } from '@rackhaus/config/contract';
import { expect, onTestFinished, test } from 'vitest';
import { observation, world } from '../cabling/drift/testing.ts';
import { tester } from '../inventory/testing.ts';
import { type Seated, seatIndex, seatsOf } from './seats.ts';

const mac = '02:aa:00:00:00:01';

/** Where one found device seems to hang, in the small town of `world`: core:gi1 leads to acc-1, core:gi2 to an outlet of the office. */
async function begin() {
  const here = await world();
  onTestFinished(() => here.close());
  const neighbour = (localPort: string, over: Partial<ReturnType<typeof someNeighbour>>) => ({
    ...someNeighbour(localPort),
    ...over,
  });
  return {
    ...here,
    neighbour,
    says: (device: string, ...neighbours: ReturnType<typeof someNeighbour>[]) =>
      here.network.says({ ...observation(here.idOf(device), []), neighbours }),
    /** A switch has learned these at a port, and so many others. */
    sees: (
      device: string,
      ports: Readonly<Record<string, { macs: readonly string[]; others?: number }>>,
      addresses: Sightings['addresses'] = [],
    ) =>
      here.network.sees({
        deviceId: here.idOf(device),
        time: 1000,
        ports: Object.entries(ports).map(([name, { macs, others = 0 }]) => ({
          name,
          count: macs.length + others,
          macs: macs.map((each) => ({ mac: each, vlan: null })),
        })),
        addresses,
      }),
    seat: async (over: Partial<Seated> = {}) => {
      const found = { id: 1, addresses: ['10.0.9.9'], mac, said: null, deviceId: null, ...over };
      const index = seatIndex(await here.drift.watch.known());
      return (await seatsOf(here.db, index, [found])).get(1) ?? null;
    },
  };
}
const someNeighbour = (localPort: string) => ({
  localPort,
  remoteName: '',
  remotePort: '1',
  remoteDescription: null,
  protocol: 'lldp' as 'lldp' | 'cdp',
  chassis: null as string | null,
  portDescription: null,
  managementAddress: null as string | null,
});

test('an address that a switch has learned leads through panel and permanent link to the room', async () => {
  const { sees, seat, idOf } = await begin();
  sees('core', { gi2: { macs: [mac] } });
  expect(await seat()).toMatchObject({
    by: 'fdb',
    deviceId: idOf('core'),
    port: 'gi2',
    leadsTo: '0.1-1 1',
    outlet: { name: '0.1-1' },
    room: { name: 'Büro' },
    rack: null,
  });
});

test('where no cable is documented, it hangs in the room of the switch', async () => {
  const { sees, seat } = await begin();
  sees('core', { gi7: { macs: [mac] } });
  expect(await seat()).toMatchObject({
    port: 'gi7',
    leadsTo: null,
    outlet: null,
    room: { name: 'Serverraum' },
  });
});

test('a port that leads to another switch is no seat, as documented or as seen', async () => {
  const { sees, says, neighbour, seat } = await begin();
  sees('core', { gi1: { macs: [mac] } });
  expect(await seat()).toBeNull();
  sees('acc-1', { gi5: { macs: [mac], others: 3 } });
  expect(await seat()).toMatchObject({ by: 'fdb', deviceName: 'acc-1', port: 'gi5' });
  // Nobody has written down that gi6 leads to acc-3.
  sees('acc-1', {});
  sees('acc-2', { gi6: { macs: [mac] } });
  says('acc-2', neighbour('gi6', { remoteName: 'acc-3', remotePort: 'gi1' }));
  expect(await seat()).toBeNull();
});

test('a port with hundreds of addresses is no seat, and the one with fewest is', async () => {
  const { sees, seat } = await begin();
  sees('acc-1', { gi8: { macs: [mac], others: 300 } });
  expect(await seat()).toBeNull();
  sees('acc-2', { gi3: { macs: [mac] } });
  expect(await seat()).toMatchObject({ deviceName: 'acc-2', port: 'gi3' });
});

test('a telephone has a computer behind it; a switch that nobody has documented has many', async () => {
  const { sees, says, neighbour, seat } = await begin();
  const phone = neighbour('gi4', { remoteName: 'phone-17', chassis: '02:bb:00:00:00:01' });
  says('core', phone);
  sees('core', { gi4: { macs: [mac, '02:bb:00:00:00:01'] } });
  expect(await seat()).toMatchObject({ by: 'fdb', port: 'gi4' });
  sees('core', { gi4: { macs: [mac, '02:bb:00:00:00:01'], others: 9 } });
  expect(await seat()).toBeNull();
  expect(await seat({ mac: '02:bb:00:00:00:01' })).toMatchObject({ by: 'lldp', port: 'gi4' });
});

test('who introduces itself is believed, by address, chassis or name; not by a name that two have', async () => {
  const { says, neighbour, seat } = await begin();
  says(
    'core',
    neighbour('gi2', { managementAddress: '10.0.9.9', protocol: 'cdp' }),
    neighbour('gi3', { chassis: mac }),
    neighbour('gi4', { remoteName: 'AP-Flur' }),
    neighbour('gi5', { remoteName: 'twin' }),
    neighbour('gi6', { remoteName: 'twin' }),
  );
  expect(await seat()).toMatchObject({ by: 'cdp', port: 'gi2', outlet: { name: '0.1-1' } });
  expect(await seat({ addresses: ['10.0.9.8'] })).toMatchObject({ by: 'lldp', port: 'gi3' });
  const named = (name: string) =>
    seat({
      addresses: [],
      mac: null,
      said: { ...nothingSaid, identity: { ...nothingSaid.identity, name } },
    });
  expect(await named('ap-flur')).toMatchObject({ port: 'gi4' });
  expect(await named('twin')).toBeNull();
});

test('a switch does not hang at the access point that has seen it', async () => {
  const { says, neighbour, seat } = await begin();
  says('ap-1', neighbour('eth0', { chassis: mac, remoteName: 'sw-neu' }));
  expect(await seat()).toBeNull();
  says('core', neighbour('gi3', { chassis: mac, remoteName: 'sw-neu' }));
  expect(await seat()).toMatchObject({ deviceName: 'core', port: 'gi3' });
});

test('a documented device hangs at its switch, which has no seat itself', async () => {
  const { says, neighbour, seat, idOf } = await begin();
  says('core', neighbour('gi1', { chassis: mac }));
  says('acc-1', neighbour('gi1', { chassis: mac }));
  expect(await seat({ deviceId: idOf('core') })).toBeNull();
  expect(await seat({ deviceId: idOf('ap-1') })).toMatchObject({ deviceName: 'acc-1', leadsTo: 'core gi1' });
});

test('that the cord ends at the device itself is not said', async () => {
  const { says, neighbour, seat, idOf, inventory } = await begin();
  await inventory.changes.run(tester, (change) => change.update('device', idOf('acc-1'), { role: 'server' }));
  says('core', neighbour('gi1', { chassis: mac }));
  expect(await seat({ deviceId: idOf('acc-1') })).toMatchObject({ port: 'gi1', leadsTo: null });
  expect(await seat()).toMatchObject({ port: 'gi1', leadsTo: 'acc-1 gi1' });
});

test('a device that only answers ping is found by what routers know of its address', async () => {
  const { sees, seat } = await begin();
  sees('acc-1', { gi3: { macs: [mac] } });
  sees('core', {}, [{ address: '10.0.9.9', mac }]);
  expect(await seat({ mac: null })).toMatchObject({ deviceName: 'acc-1', port: 'gi3' });
  expect(await seat({ mac: null, addresses: ['10.0.9.7'] })).toBeNull();
});

test('a device that knows its switch hangs there, though that does not speak of it', async () => {
  const { seat, neighbour } = await begin();
  const said = {
    ...nothingSaid,
    neighbours: [neighbour('eth0', { remoteName: 'core', remotePort: 'gi2' })],
  };
  expect(await seat({ mac: null, said })).toMatchObject({ by: 'lldp', deviceName: 'core', port: 'gi2' });
});

const nothingSaid: NonNullable<Seated['said']> = {
  credential: 1,
  engineId: null,
  identity: { ...noIdentity, objectId: null },
  profile: 'generic',
  kinds: [],
  ports: [],
  addresses: [],
  neighbours: [],
};
