import { parseSnmprec, SnmpResponder } from '@rackhaus/agents/simulator';

// One switch, access point or UPS for each address; see found-devices.ts.
const [port = '0', community = 'public', latencyMs = '0'] = process.argv.slice(2);
const addresses = (process.env.ADDRESSES ?? '').split(',');

const kinds = [
  {
    descr: 'ProCurve J9623A Switch 2620-24, revision RA.16.04.0008',
    objectId: '1.3.6.1.4.1.11.2.3.7.11.130',
    maker: 'HP',
    model: 'J9623A',
    ports: 24,
  },
  {
    descr: 'Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E6',
    objectId: '1.3.6.1.4.1.9.1.1208',
    maker: 'Cisco',
    model: 'WS-C2960X-48TS-L',
    ports: 48,
  },
  {
    descr: 'Linux host 6.1.0-18-amd64 #1 SMP Debian',
    objectId: '1.3.6.1.4.1.8072.3.2.10',
    maker: 'Supermicro',
    model: 'SYS-1029P',
    ports: 2,
  },
] as const;

function recordingOf(index: number): string {
  const kind = kinds[index % kinds.length] ?? kinds[0];
  const serial = `SN${String(index).padStart(6, '0')}`;
  const lines = [
    `1.3.6.1.2.1.1.1.0|4|${kind.descr}`,
    `1.3.6.1.2.1.1.2.0|6|${kind.objectId}`,
    '1.3.6.1.2.1.1.3.0|67|1234567',
    `1.3.6.1.2.1.1.5.0|4|unknown-${index + 1}`,
    '1.3.6.1.2.1.1.6.0|4|',
    `1.3.6.1.6.3.10.2.1.1.0|4x|80001f88${(index + 1).toString(16).padStart(8, '0')}`,
  ];
  for (let at = 1; at <= kind.ports; at++)
    lines.push(
      `1.3.6.1.2.1.2.2.1.1.${at}|2|${at}`,
      `1.3.6.1.2.1.2.2.1.2.${at}|4|Port ${at}`,
      `1.3.6.1.2.1.2.2.1.3.${at}|2|6`,
      `1.3.6.1.2.1.2.2.1.5.${at}|66|1000000000`,
      `1.3.6.1.2.1.2.2.1.6.${at}|4x|0200${index.toString(16).padStart(4, '0')}${at.toString(16).padStart(4, '0')}`,
      `1.3.6.1.2.1.2.2.1.7.${at}|2|1`,
      `1.3.6.1.2.1.2.2.1.8.${at}|2|1`,
      `1.3.6.1.2.1.31.1.1.1.1.${at}|4|${at}`,
      `1.3.6.1.2.1.31.1.1.1.6.${at}|70|${1000 * at}`,
      `1.3.6.1.2.1.31.1.1.1.10.${at}|70|${2000 * at}`,
      `1.3.6.1.2.1.31.1.1.1.15.${at}|66|1000`,
    );
  // ENTITY-MIB: one chassis.
  lines.push(
    `1.3.6.1.2.1.47.1.1.1.1.2.1|4|${kind.maker} ${kind.model}`,
    '1.3.6.1.2.1.47.1.1.1.1.4.1|2|0',
    '1.3.6.1.2.1.47.1.1.1.1.5.1|2|3',
    '1.3.6.1.2.1.47.1.1.1.1.7.1|4|1',
    `1.3.6.1.2.1.47.1.1.1.1.11.1|4|${serial}`,
    `1.3.6.1.2.1.47.1.1.1.1.12.1|4|${kind.maker}`,
    `1.3.6.1.2.1.47.1.1.1.1.13.1|4|${kind.model}`,
  );
  return lines.join('\n');
}

const responders = addresses.map((address, index) => ({
  address,
  responder: new SnmpResponder({
    store: parseSnmprec(Buffer.from(recordingOf(index))).store,
    community,
    faults: { latencyMs: Number(latencyMs), jitterMs: 0, lossRatio: 0 },
  }),
}));
await Promise.all(responders.map(({ address, responder }) => responder.listen(address, Number(port))));
process.once('SIGTERM', () => {
  void Promise.all(responders.map(({ responder }) => responder.close())).then(() => process.exit(0));
});
process.stdout.write(`ready ${responders.length} devices\n`);
