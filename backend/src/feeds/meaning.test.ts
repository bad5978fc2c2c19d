import { loadFeedTemplates } from '@rackhaus/config/feeds';
import { parsePoints } from '@rackhaus/config/line-protocol';
import { describe, expect, it } from 'vitest';
import { Meaning } from './meaning.ts';
import { Rates } from './rates.ts';

const meaning = new Meaning({ templates: await loadFeedTemplates() });
const points = (text: string) =>
  parsePoints(new TextEncoder().encode(text), { precision: 'ns', now: 1_700_000_000_000 });
const sourceOf = (line: string) => points(line).map((point) => meaning.sourceOf(point))[0];

/** `kind/entity.name` to value, of all lines. */
function valuesOf(text: string, hand: Parameters<Meaning['valuesOf']>[1] = []) {
  const run = new Rates().begin();
  const made: Record<string, number> = {};
  for (const point of points(text))
    for (const { kind, entity, name, value } of meaning.valuesOf(point, hand, run.rate).values)
      made[`${kind}/${entity}.${name}`] = value;
  return made;
}

describe('what lines are about', () => {
  it.each([
    ['cpu,cpu=cpu-total,host=web1 usage_idle=1', [['host', 'web1']], 'web1'],
    ['ping,host=asker,url=10.0.0.1 result_code=0i', [['address', '10.0.0.1']], '10.0.0.1'],
    ['interface,agent_host=sw1,host=asker ifInOctets=1', [['address', 'sw1']], 'sw1'],
    [
      'upsd,host=asker,serial=AS1,ups_name=usv load_percent=1',
      [
        ['serial', 'AS1'],
        ['ups', 'usv'],
      ],
      'usv',
    ],
    ['system,object=nodes,host=pve1 uptime=1', [['host', 'pve1']], 'pve1'],
    // Storages belong to the node that tells of them.
    ['system,object=storages,nodename=pve1,host=local-lvm,type=lvm total=1', [['host', 'pve1']], 'pve1'],
    ['system,object=qemu,vmid=101,nodename=pve1,host=mail cpu=1', [['vmid', '101']], 'mail'],
    ['blockstat,object=qemu,vmid=101,nodename=pve2,host=mail,instance=scsi0 x=1', [['vmid', '101']], 'mail'],
    ['weather,station=roof,sensor=a t=1', [['station', 'roof']], 'roof'],
    ['anything t=1', [], 'anything'],
  ])('%s', (line, tags, label) => {
    expect(sourceOf(line)).toEqual({ key: JSON.stringify(tags), label });
  });
});

describe('lines of Telegraf', () => {
  it('become what the catalogue knows, in its units', () => {
    expect(
      valuesOf(
        [
          'cpu,cpu=cpu-total,host=a usage_idle=97.5,usage_user=2',
          'cpu,cpu=cpu0,host=a usage_idle=10',
          'mem,host=a used_percent=41.26',
          'system,host=a load1=0.42,uptime=1234i',
          'disk,device=sda1,fstype=ext4,host=a,mode=rw,path=/ used=12000000000i,total=50000000000i,used_percent=24',
          'disk,device=tmpfs,fstype=tmpfs,host=a,path=/run used=1i,total=2i,used_percent=50',
          'sensors,chip=coretemp-isa-0000,feature=package_id_0,host=a temp_input=45.2',
          'smart_device,device=sda,host=a health_ok=false,temp_c=38i',
        ].join('\n'),
      ),
    ).toEqual({
      'device/.cpu': 0.025,
      'device/.memory': 0.413,
      'device/.load': 0.42,
      'device/.uptime': 1234,
      'storage//.used': 12_000_000_000,
      'storage//.size': 50_000_000_000,
      'storage//.fill': 0.24,
      'sensor/coretemp-isa-0000 package_id_0.temperature': 45.2,
      'storage/sda.state': 2,
      'sensor/sda.temperature': 38,
    });
  });

  it('read states from words, bits and numbers', () => {
    expect(valuesOf('apcupsd,ups_name=u status_flags=16i,battery_charge_percent=90')).toMatchObject({
      'ups/.source': 5,
      'ups/.battery': 2,
      'ups/.charge': 0.9,
    });
    expect(valuesOf('upsd,ups_name=u status_flags=200i')).toEqual({
      'ups/.source': 3,
      'ups/.battery': 3,
      'ups/.replaceBattery': 1,
    });
    expect(valuesOf('ping,url=x result_code=2i,percent_packet_loss=100')).toEqual({
      'device/.reachable': 0,
      'device/.pingLoss': 1,
    });
    // Whoever asks does not know the name: that says nothing of the device.
    expect(valuesOf('ping,url=x result_code=1i')).toEqual({});
  });

  it('make rates of counters in bits per second, for each interface', () => {
    const net = (interfaceName: string, bytes: number, seconds: number) =>
      `net,host=a,interface=${interfaceName} bytes_recv=${bytes}i ${1_700_000_000 + seconds}000000000`;
    expect(
      valuesOf(
        [net('eno1', 1000, 0), net('eno2', 5000, 0), net('eno1', 13_500, 10), net('eno2', 4000, 10)].join(
          '\n',
        ),
      ),
    ).toEqual({ 'port/eno1.rx': 10_000 });
  });
});

describe('lines of Proxmox VE', () => {
  it('become values of nodes, storages and guests', () => {
    expect(
      valuesOf(
        [
          'cpustat,object=nodes,host=pve1 avg1=0.5,cpu=0.0421,cpus=16',
          'memory,object=nodes,host=pve1 memtotal=64000000000,memused=16000000000',
          'blockstat,object=nodes,host=pve1 blocks=100000000000,used=25000000000',
          'system,object=storages,nodename=pve1,host=local-lvm,type=lvmthin active=1,content="images",total=200,used=50',
        ].join('\n'),
      ),
    ).toMatchObject({
      'device/.cpu': 0.042,
      'device/.load': 0.5,
      'device/.memory': 0.25,
      'storage//.fill': 0.25,
      'storage/local-lvm.fill': 0.25,
    });
    expect(
      valuesOf('system,object=qemu,vmid=101,host=m cpu=0.1,maxmem=4000,mem=1000,status="running",uptime=60'),
    ).toEqual({ 'device/.reachable': 1, 'device/.cpu': 0.1, 'device/.memory': 0.25, 'device/.uptime': 60 });
    expect(valuesOf('system,object=qemu,vmid=101,host=m status="stopped"')).toEqual({
      'device/.reachable': 0,
    });
  });
});

describe('what people have said', () => {
  const hand = {
    measurement: 'mem',
    field: 'used_percent',
    metric: 'sensor.load',
    entity: 'RAM {host}',
    factor: 0.01,
    rate: false,
  } as const;

  it('holds in the place of what a template says', () => {
    expect(valuesOf('mem,host=a used_percent=50', [hand])).toEqual({ 'sensor/RAM a.load': 0.5 });
    const [point] = points('mem,host=a used_percent=50');
    expect(point && meaning.becomes(point, 'used_percent', [hand])).toEqual([
      { metric: 'sensor.load', byHand: true },
    ]);
  });

  it('gives nothing where a tag of the name is missing, or the value is text or not plausible', () => {
    expect(valuesOf('mem used_percent=50', [hand])).toEqual({});
    expect(valuesOf('mem,host=a used_percent="viel"', [hand])).toEqual({});
    expect(valuesOf('mem,host=a used_percent=100000', [hand])).toEqual({});
  });
});
