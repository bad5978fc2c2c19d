import type { DeviceRole, DeviceTypeView } from '@rackhaus/config/contract';

/** What makers call what they make: good enough for a first guess that one can change. */
const words: readonly (readonly [DeviceRole, RegExp])[] = [
  ['panel', /patchfeld|patch ?panel|spleiss|keystone|mpo|rangierverteiler/i],
  ['cable-manager', /rangierfeld|bürstenleiste|kabelführung|cable manag|brush/i],
  ['shelf', /fachboden|schublade|monitorboden|shelf|drawer/i],
  ['ups', /smart-ups|\bups\b|\busv\b|xanto|5p1|5px|9px/i],
  ['pdu', /steckdosenleiste|\bpdu\b|power control|ap44|ap79|ap88|ap89|ap95|\bats\b/i],
  ['firewall', /fortigate|\bxgs\b|firewall/i],
  ['server', /poweredge|proliant|primergy|thinksystem|thinkcentre|\bnuc\b/i],
  ['storage', /rackstation|diskstation|\bmsa\b|storeever|\bts-|tape/i],
  ['printer', /laserjet|officejet|\bprinter|drucker|taskalfa|ecosys|bizhub|imagerunner/i],
  ['access-point', /\bap-?\d|lx-6|oap-|u6|9120ax|access point/i],
  ['sensor', /netbotz|sensor|poseidon|cmc iii|thermo/i],
  ['router', /1800ef|1926vag|ccr2004|router/i],
];

/** What a type is most likely used as, and how its devices are usually called. */
export function roleOfType(type: DeviceTypeView): DeviceRole {
  const text = `${type.manufacturer} ${type.model}`;
  const named = words.find(([, word]) => word.test(text))?.[0];
  if (named !== undefined) return named;
  const jacks = [...type.front.elements, ...type.rear.elements].filter(
    (element) => element.kind === 'port' && ['rj45', 'sfp', 'qsfp'].includes(element.shape),
  );
  return jacks.length >= 8 ? 'switch' : 'other';
}

const patterns: Readonly<Partial<Record<DeviceRole, string>>> = {
  switch: 'sw-{n}',
  firewall: 'fw-{n}',
  router: 'rt-{n}',
  server: 'srv-{n}',
  storage: 'nas-{n}',
  ups: 'usv-{n}',
  pdu: 'pdu-{n}',
  sensor: 'sensor-{n}',
  'access-point': 'ap-{n}',
  printer: 'drucker-{n}',
  panel: 'pp-{n}',
};

export function patternOfRole(role: DeviceRole, fallback: string): string {
  return patterns[role] ?? `${fallback}-{n}`;
}
