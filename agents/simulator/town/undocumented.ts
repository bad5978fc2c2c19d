import { parseSnmprec } from '../recording/snmprec.ts';
import { SnmpResponder } from '../snmp/responder.ts';

/** What the sample town hall's technicians have never written down, on free addresses of its network. */
const devices: readonly { readonly address: string; readonly lines: readonly string[] }[] = [
  {
    address: '127.77.10.151',
    lines: [
      ...system(
        'HP ETHERNET MULTI-ENVIRONMENT,ROM none,JETDIRECT,JD153,EEPROM JSI24090012,CIDATE 03/08/2021',
        '1.3.6.1.4.1.11.2.3.9.1',
        'NPI9C2F41',
      ),
      ...port(1, 'HP Ethernet Controller', 'c4651626a101'),
      // HOST-RESOURCES-MIB hrDeviceDescr, Printer-MIB prtGeneralSerialNumber and one supply.
      '1.3.6.1.2.1.25.3.2.1.2.1|6|1.3.6.1.2.1.25.3.1.5',
      '1.3.6.1.2.1.25.3.2.1.3.1|4|HP LaserJet Enterprise M608',
      '1.3.6.1.2.1.43.5.1.1.16.1|4|Drucker Standesamt',
      '1.3.6.1.2.1.43.5.1.1.17.1|4|CNBVN2K4X7',
      '1.3.6.1.2.1.43.11.1.1.6.1.1|4|Black Cartridge HP CF237X',
      '1.3.6.1.2.1.43.11.1.1.7.1.1|2|19',
      '1.3.6.1.2.1.43.11.1.1.8.1.1|2|100',
      '1.3.6.1.2.1.43.11.1.1.9.1.1|2|34',
    ],
  },
  {
    address: '127.77.10.152',
    lines: [
      ...system('UAP-AC-Pro-Gen2 6.6.65.15248', '1.3.6.1.4.1.41112', 'ap-sitzungssaal'),
      ...port(1, 'eth0', '788a2094c201'),
      ...port(2, 'eth1', '788a2094c202'),
      '1.3.6.1.4.1.41112.1.6.3.3.0|4|UAP-AC-Pro-Gen2',
      '1.3.6.1.4.1.41112.1.6.3.6.0|4|6.6.65.15248',
    ],
  },
  {
    address: '127.77.10.153',
    lines: [
      ...system('UPS SNMP adapter', '1.3.6.1.2.1.33', 'usv-telefonraum'),
      ...port(1, 'eth0', '00e0d8101a53'),
      // UPS-MIB (RFC 1628): identity, battery, input, output.
      '1.3.6.1.2.1.33.1.1.1.0|4|Eaton',
      '1.3.6.1.2.1.33.1.1.2.0|4|Ellipse PRO 1600',
      '1.3.6.1.2.1.33.1.1.3.0|4|02.14.0026',
      '1.3.6.1.2.1.33.1.1.4.0|4|1.7.3',
      '1.3.6.1.2.1.33.1.1.5.0|4|usv-telefonraum',
      '1.3.6.1.2.1.33.1.2.1.0|2|2',
      '1.3.6.1.2.1.33.1.2.2.0|2|0',
      '1.3.6.1.2.1.33.1.2.3.0|2|41',
      '1.3.6.1.2.1.33.1.2.4.0|2|100',
      '1.3.6.1.2.1.33.1.2.5.0|2|273',
      '1.3.6.1.2.1.33.1.3.2.0|2|1',
      '1.3.6.1.2.1.33.1.3.3.1.3.1|2|231',
      '1.3.6.1.2.1.33.1.4.1.0|2|3',
      '1.3.6.1.2.1.33.1.4.3.0|2|1',
      '1.3.6.1.2.1.33.1.4.4.1.2.1|2|231',
      '1.3.6.1.2.1.33.1.4.4.1.5.1|2|22',
    ],
  },
  {
    address: '127.77.10.154',
    lines: [
      ...system(
        'Aruba JL679A 6100 12G CL4 2SFP+ Swch PL.10.11.1005',
        '1.3.6.1.4.1.47196.4.1.1.1.380',
        'sw-buergerbuero',
      ),
      ...Array.from({ length: 14 }, (_, at) =>
        port(at + 1, `1/1/${at + 1}`, `3810f0a7${(0x4000 + at).toString(16)}`),
      ).flat(),
      '1.3.6.1.2.1.47.1.1.1.1.2.1|4|Aruba JL679A 6100 12G CL4 2SFP+ Swch',
      '1.3.6.1.2.1.47.1.1.1.1.4.1|2|0',
      '1.3.6.1.2.1.47.1.1.1.1.5.1|2|3',
      '1.3.6.1.2.1.47.1.1.1.1.7.1|4|JL679A',
      '1.3.6.1.2.1.47.1.1.1.1.10.1|4|PL.10.11.1005',
      '1.3.6.1.2.1.47.1.1.1.1.11.1|4|CN2BKMV0Q7',
      '1.3.6.1.2.1.47.1.1.1.1.12.1|4|HPE ANW',
      '1.3.6.1.2.1.47.1.1.1.1.13.1|4|JL679A',
    ],
  },
];

/** SNMPv2-MIB system group. */
function system(description: string, objectId: string, name: string): string[] {
  return [
    `1.3.6.1.2.1.1.1.0|4|${description}`,
    `1.3.6.1.2.1.1.2.0|6|${objectId}`,
    '1.3.6.1.2.1.1.3.0|67|86412300',
    `1.3.6.1.2.1.1.5.0|4|${name}`,
    '1.3.6.1.2.1.1.6.0|4|',
  ];
}

/** IF-MIB: an Ethernet port that is up. */
function port(ifIndex: number, name: string, mac: string): string[] {
  return [
    `1.3.6.1.2.1.2.2.1.1.${ifIndex}|2|${ifIndex}`,
    `1.3.6.1.2.1.2.2.1.2.${ifIndex}|4|${name}`,
    `1.3.6.1.2.1.2.2.1.3.${ifIndex}|2|6`,
    `1.3.6.1.2.1.2.2.1.5.${ifIndex}|66|1000000000`,
    `1.3.6.1.2.1.2.2.1.6.${ifIndex}|4x|${mac}`,
    `1.3.6.1.2.1.2.2.1.7.${ifIndex}|2|1`,
    `1.3.6.1.2.1.2.2.1.8.${ifIndex}|2|1`,
    `1.3.6.1.2.1.31.1.1.1.1.${ifIndex}|4|${name}`,
    `1.3.6.1.2.1.31.1.1.1.15.${ifIndex}|66|1000`,
  ];
}

/** Devices in the town that nobody has documented, for who looks through its network. */
export class Undocumented {
  readonly #responders: readonly { readonly address: string; readonly responder: SnmpResponder }[];

  constructor(options: { community: string }) {
    this.#responders = devices.map(({ address, lines }) => {
      const { store, skipped } = parseSnmprec(Buffer.from(lines.join('\n')));
      if (skipped.length > 0) throw new Error(`${address}: a line cannot be read: ${skipped[0]?.reason}`);
      return { address, responder: new SnmpResponder({ store, community: options.community }) };
    });
  }

  get size(): number {
    return this.#responders.length;
  }

  async start(udpPort: number): Promise<void> {
    await Promise.all(this.#responders.map(({ address, responder }) => responder.listen(address, udpPort)));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#responders.map(({ responder }) => responder.close()));
  }
}
