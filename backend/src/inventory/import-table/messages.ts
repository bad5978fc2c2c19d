import type { ImportRowProblem } from '@rackhaus/config/contract';

export type Params = Readonly<Record<string, string>>;

/** Every reason why a row cannot be brought in as it is, or what has to be known of it, in English. Screens have their own words. */
const sentences = {
  missing: () => 'must not be empty',
  'formula-error': () => 'is the error of a formula',
  'not-a-number': () => 'is not a number',
  'not-whole': () => 'is not a whole number',
  'not-a-day': () => 'is not a day such as 31.12.2027',
  'not-a-unit': () => 'is not a rack unit such as 12 or 12-13',
  'not-a-mac': () => 'is not a MAC address such as 00:1a:2b:3c:4d:5e',
  'not-an-address': () => 'is not an IP address such as 10.1.2.3',
  'not-a-network': () => 'is not a network such as 10.1.2.0/24',
  'not-a-choice': ({ options }: Params) => `is none of ${options}`,
  'bad-name': () => 'must not contain ":" or "/"',
  'too-long': ({ most }: Params) => `is longer than ${most} characters`,
  'too-small': ({ least }: Params) => `must be at least ${least}`,
  'too-large': ({ most }: Params) => `must be at most ${most}`,
  invalid: ({ hint }: Params) => hint ?? 'is not of the right form',
  'no-such-id': () => 'is the number of no record',
  'two-records': ({ one, other }: Params) =>
    `the row speaks of "${one}" by one column and of "${other}" by another`,
  'same-row': ({ row }: Params) => `row ${row} speaks of the same record`,
  'name-taken': ({ other }: Params) => `is the name of ${other}`,
  'serial-taken': ({ other }: Params) => `is the serial number of "${other}"`,
  'address-taken': ({ other }: Params) => `is the address of "${other}"`,
  'network-not-allowed': () =>
    'lies in no network that may be polled; an administrator can allow it under Administration > Protection',
  occupied: ({ other, unit }: Params) => `unit ${unit} is taken by "${other}"`,
  'beyond-rack': ({ rack, height, needed }: Params) =>
    `"${rack}" has ${height} U; up to ${needed} are needed`,
  'height-differs': ({ height, type }: Params) =>
    `says another height than the type "${type}" of ${height} U`,
  'needs-unit': ({ rack }: Params) => `in which unit of "${rack}"?`,
  'needs-side': () => 'takes half the width: left or right?',
  'room-ambiguous': ({ rooms }: Params) => `could be ${rooms}`,
  'rack-ambiguous': ({ rooms }: Params) => `there is a rack of this name in ${rooms}`,
  'site-unknown': () => 'belongs to which site?',
  'room-unknown': () => 'is in which room?',
  'type-unknown': () => 'is of which type?',
  'no-such-device': () => 'is no known device or outlet',
  'no-such-port': ({ device }: Params) => `is no port of "${device}"`,
  'no-such-end': () => 'is no known port; write it as "device:port"',
  'no-such-end-but': ({ proposal }: Params) => `is no known port; is "${proposal}" meant?`,
  'port-taken': ({ other }: Params) => `is taken by the cable "${other}"`,
  'port-taken-by-row': ({ row }: Params) => `is taken by row ${row}`,
  'port-unfit': ({ port }: Params) => `a cable of this kind does not go into "${port}"`,
  'ports-differ': ({ one, other }: Params) => `a cable of this kind cannot join "${one}" and "${other}"`,
  'label-taken': ({ other }: Params) => `"${other}" is the label of another cable`,
  'not-a-lane-map': () => 'is no lane map as an export writes it',
  'no-such-vlan': () => 'is no known VLAN',
  fixed: () => 'cannot be changed once it is there',
  'no-unit-no-rack': ({ rack }: Params) =>
    `has no unit: it goes into the room of "${rack}", not into the rack`,
  'takes-no-unit': ({ type }: Params) => `the type "${type}" takes no rack unit; the unit is left out`,
  'no-port-for-mac': ({ type }: Params) =>
    `the type "${type}" has no network port for the MAC address; it is left out`,
  'no-such-type': () => 'is no known device type; it is left out',
  'named-by': () => 'has no name and is named by this',
} as const;

export type Reason = keyof typeof sentences;

/** A problem or a hint of a row, with its English sentence. */
export function rowProblem(
  where: Pick<ImportRowProblem, 'column' | 'heading' | 'field' | 'value'>,
  reason: Reason,
  params: Params = {},
): ImportRowProblem {
  return { ...where, reason, params: { ...params }, message: sentences[reason](params) };
}
