import { chance } from '../noise.ts';
import type { TownDevice } from '../topology.ts';

export interface SnmpIdentity {
  readonly sysObjectId: string;
  readonly sysDescr: string;
  readonly firmware: string;
}

interface Family {
  readonly manufacturer: RegExp;
  readonly model?: RegExp;
  readonly roles?: readonly TownDevice['role'][];
  readonly identity: (device: TownDevice) => SnmpIdentity;
}

/**
 * sysObjectID, the form of sysDescr and of the version, as recordings of such devices have them: by this, profiles
 * recognise a family. The first that fits holds; anything else runs net-snmp on Linux.
 */
const families: readonly Family[] = [
  {
    // The older line runs ArubaOS-Switch.
    manufacturer: /aruba/i,
    model: /^2\d{3}/,
    identity: (device) => {
      const firmware = `WC.16.11.00${number(device, 1, 10, 25)}`;
      return {
        sysObjectId: '1.3.6.1.4.1.11.2.3.7.11.181',
        sysDescr: `Aruba ${device.type.part_number} ${device.type.model.replaceAll(' ', '-')} Switch, revision ${firmware}, ROM WC.16.01.0010`,
        firmware,
      };
    },
  },
  {
    manufacturer: /aruba/i,
    roles: ['switch'],
    identity: (device) => {
      const firmware = `${device.type.model.startsWith('63') ? 'FL' : 'ML'}.10.13.${number(device, 1, 1000, 1060)}`;
      return {
        sysObjectId: '1.3.6.1.4.1.47196.4.1.1.1.303',
        sysDescr: `Aruba ${device.type.part_number} ${device.type.model} Swch ${firmware}`,
        firmware,
      };
    },
  },
  {
    manufacturer: /aruba/i,
    roles: ['access-point'],
    identity: (device) => {
      const firmware = `8.10.0.${number(device, 1, 2, 14)}`;
      return {
        sysObjectId: '1.3.6.1.4.1.14823.1.2.111',
        sysDescr: `ArubaOS (MODEL: ${device.type.model}), Version ${firmware}`,
        firmware,
      };
    },
  },
  {
    manufacturer: /cisco/i,
    model: /1200/,
    identity: (device) => ({
      sysObjectId: '1.3.6.1.4.1.9.1.3211',
      sysDescr: `Catalyst 1200 Series Smart Switch, 8-port GE, Ext PS, 2x1G Combo (${device.type.part_number})`,
      firmware: `4.1.${number(device, 1, 0, 6)}.${number(device, 2, 10, 60)}`,
    }),
  },
  {
    manufacturer: /cisco/i,
    identity: (device) => {
      const firmware = `17.${number(device, 1, 6, 12)}.${number(device, 2, 1, 6)}`;
      return {
        sysObjectId: '1.3.6.1.4.1.9.1.2694',
        sysDescr: `Cisco IOS Software [Cupertino], Catalyst L3 Switch Software (CAT9K_LITE_IOSXE), Version ${firmware}, RELEASE SOFTWARE (fc2)`,
        firmware,
      };
    },
  },
  {
    manufacturer: /lancom/i,
    roles: ['router', 'access-point', 'firewall'],
    identity: (device) => {
      const firmware = `10.80.0${number(device, 1, 300, 420)} / ${number(device, 2, 10, 28)}.05.2024`;
      return {
        sysObjectId: '1.3.6.1.4.1.2356.11.8.301',
        sysDescr: `LANCOM ${device.type.model} ${firmware} ${lancomSerial(device)}`,
        firmware,
      };
    },
  },
  {
    manufacturer: /lancom/i,
    identity: (device) => {
      const firmware = `5.20.0${number(device, 1, 300, 420)}RU${number(device, 2, 2, 9)}`;
      return {
        sysObjectId: '1.3.6.1.4.1.2356.16.8.5116',
        sysDescr: `${vendorAndModel(device)}, ${firmware}, Linux 4.14.174`,
        firmware,
      };
    },
  },
  {
    manufacturer: /mikrotik/i,
    identity: (device) => ({
      sysObjectId: '1.3.6.1.4.1.14988.1',
      sysDescr: `RouterOS ${device.type.model}`,
      firmware: `7.${number(device, 1, 12, 18)}.${number(device, 2, 0, 4)}`,
    }),
  },
  {
    manufacturer: /fortinet/i,
    identity: (device) => ({
      sysObjectId: '1.3.6.1.4.1.12356.101.1.648',
      sysDescr: device.name,
      firmware: `v7.4.${number(device, 1, 1, 7)},build${number(device, 2, 2300, 2700)},240301 (GA.M)`,
    }),
  },
  {
    manufacturer: /netgate|pfsense|opnsense|deciso/i,
    identity: (device) => {
      const firmware = `2.7.${number(device, 1, 0, 2)}-RELEASE`;
      return {
        sysObjectId: '1.3.6.1.4.1.12325.1.1.2.1.1',
        sysDescr: `pfSense ${device.name} ${firmware} FreeBSD 14.0-CURRENT amd64`,
        firmware,
      };
    },
  },
  {
    manufacturer: /sophos/i,
    identity: (device) => ({
      sysObjectId: '1.3.6.1.4.1.2604.5',
      sysDescr: 'Linux localhost 4.14.302 #2 SMP Wed Nov 6 07:34:28 UTC 2024 x86_64',
      firmware: `20.0.${number(device, 1, 1, 3)} MR-${number(device, 2, 1, 3)}-Build427`,
    }),
  },
  {
    manufacturer: /synology/i,
    identity: (device) => linux(device, '4.4.302+'),
  },
  {
    manufacturer: /apc|schneider/i,
    identity: (device) => {
      const firmware = `v6.8.${number(device, 1, 0, 8)}`;
      return {
        sysObjectId: device.role === 'pdu' ? '1.3.6.1.4.1.318.1.3.4.6' : '1.3.6.1.4.1.318.1.3.27',
        sysDescr: `APC Web/SNMP Management Card (MB:v4.1.0 PF:${firmware} PN:apc_hw05_aos_688.bin AF1:${firmware} AN1:apc_hw05_${device.role === 'pdu' ? 'rpdu2g' : 'sumx'}_688.bin MN:${device.type.part_number ?? device.type.model} HR:02 SN: ${device.serial} MD:04/16/2023)`,
        firmware,
      };
    },
  },
  {
    manufacturer: /generex/i,
    identity: (device) => ({
      sysObjectId: '1.3.6.1.2.1.33',
      sysDescr: 'The Cs141 SNMP Agent',
      firmware: `2.${number(device, 1, 6, 18)}`,
    }),
  },
  {
    manufacturer: /eaton|mge/i,
    roles: ['ups'],
    identity: (device) => ({
      sysObjectId: '1.3.6.1.4.1.705.1',
      sysDescr: vendorAndModel(device),
      firmware: `3.1.${number(device, 1, 2, 15)}`,
    }),
  },
  {
    manufacturer: /cyberpower/i,
    identity: (device) => ({
      sysObjectId: '1.3.6.1.4.1.3808.1.1.1',
      sysDescr: 'UPS SNMP Card',
      firmware: `1.${number(device, 1, 1, 4)}.${number(device, 2, 0, 9)}`,
    }),
  },
  {
    manufacturer: /riello/i,
    identity: (device) => ({
      sysObjectId: '1.3.6.1.4.1.5491.304',
      sysDescr: 'Netman 204',
      firmware: `04.0${number(device, 1, 1, 9)}.${number(device, 2, 100, 130)}`,
    }),
  },
  {
    manufacturer: /hw ?group/i,
    identity: (device) => {
      const firmware = `v2.0.${number(device, 1, 10, 20)}`;
      return {
        sysObjectId: '1.3.6.1.4.1.21796.3.3',
        sysDescr: `${device.type.model} SNMP Supervisor ${firmware}`,
        firmware,
      };
    },
  },
  {
    manufacturer: /akcp/i,
    identity: () => ({ sysObjectId: '1.3.6.1.4.1.3854.1', sysDescr: 'SensorProbe', firmware: '3.5.4' }),
  },
  {
    manufacturer: /gude/i,
    identity: (device) => ({
      sysObjectId: '1.3.6.1.4.1.28507.66',
      sysDescr: device.type.model,
      firmware: `v1.${number(device, 1, 0, 5)}.${number(device, 2, 0, 9)}`,
    }),
  },
];

/** What the device says it is. */
export function snmpIdentity(device: TownDevice): SnmpIdentity {
  const family = families.find(
    ({ manufacturer, model, roles }) =>
      manufacturer.test(device.type.manufacturer) &&
      (model === undefined || model.test(device.type.model)) &&
      (roles === undefined || roles.includes(device.role)),
  );
  return family?.identity(device) ?? linux(device, `6.1.0-${number(device, 1, 18, 32)}-amd64`);
}

/** Sixteen digits, as LANCOM's have. */
function lancomSerial(device: TownDevice): string {
  if (/^\d{16}$/.test(device.serial)) return device.serial;
  return `4002${String(device.seed).padStart(12, '0')}`;
}

function linux(device: TownDevice, kernel: string): SnmpIdentity {
  return {
    sysObjectId: '1.3.6.1.4.1.8072.3.2.10',
    sysDescr: `Linux ${device.name} ${kernel} #1 SMP PREEMPT_DYNAMIC x86_64`,
    firmware: kernel,
  };
}

function vendorAndModel(device: TownDevice): string {
  const { manufacturer, model } = device.type;
  return model.startsWith(manufacturer) ? model : `${manufacturer} ${model}`;
}

function number(device: TownDevice, which: number, from: number, to: number): number {
  return from + Math.floor(chance(device.seed, 60 + which) * (to - from + 1));
}
