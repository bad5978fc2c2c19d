import type { CableRemark } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';
import { getLocale } from '../paraglide/runtime.js';
import { linkKinds, linkMedia, portKinds } from '../records/option-names.ts';

/** What a remark says of a value by its name; "" where it says nothing. */
type Said = (name: string) => string;

/** Why a cable cannot be, or should not be as it is, in the language of the interface. */
export function remarkSentence(remark: CableRemark): string {
  const numbers = new Intl.NumberFormat(getLocale() === 'de' ? 'de-DE' : 'en-GB', {
    maximumFractionDigits: 1,
  });
  return sentences[remark.code]((name) => {
    const value = remark.values[name] ?? '';
    return typeof value === 'number' ? numbers.format(value) : wordOf(value);
  });
}

const sentences: Readonly<Record<CableRemark['code'], (said: Said) => string>> = {
  occupied: (said) =>
    said('by') === ''
      ? m.cable_remark_occupied({ port: said('port') })
      : m.cable_remark_occupied_by({ port: said('port'), by: said('by') }),
  'same-place': () => m.cable_remark_same_place(),
  'kinds-differ': (said) => (kindsDiffer[said('why')] ?? m.cable_remark_kinds_differ)(ends(said)),
  'no-rear-side': (said) => m.cable_remark_no_rear_side({ port: said('port') }),
  'label-taken': (said) => m.cable_remark_label_taken({ label: said('label') }),
  'link-too-long': (said) => m.cable_remark_link_too_long(limits(said)),
  'channel-too-long': (said) => m.cable_remark_channel_too_long(limits(said)),
  'cords-too-long': (said) => m.cable_remark_cords_too_long(limits(said)),
  'connectors-differ': (said) => m.cable_remark_connectors_differ(ends(said)),
  'fibre-and-copper': (said) => m.cable_remark_fibre_and_copper(ends(said)),
  'medium-too-slow': (said) =>
    m.cable_remark_medium_too_slow({ medium: said('medium'), speed: said('speed') }),
  loop: () => m.cable_remark_loop(),
  'length-too-short': (said) =>
    m.cable_remark_length_too_short({ metres: said('metres'), least: said('least') }),
  'same-supply': (said) => m.cable_remark_same_supply({ supply: said('supply') }),
};

/** Why two ports do not go together, by the word that the server has for it. */
const kindsDiffer: Readonly<Record<string, (ends: { a: string; b: string }) => string>> = {
  'power-and-data': m.cable_remark_power_and_data,
  'outlet-and-outlet': m.cable_remark_outlet_and_outlet,
  'inlet-and-inlet': m.cable_remark_inlet_and_inlet,
  'console-and-network': m.cable_remark_console_and_network,
  'cord-behind': m.cable_remark_cord_behind,
  'link-in-front': m.cable_remark_link_in_front,
  'kind-and-ports': m.cable_remark_kind_and_ports,
};
const ends = (said: Said) => ({ a: said('a'), b: said('b') });
const limits = (said: Said) => ({ metres: said('metres'), most: said('most') });

const words: Readonly<Record<string, () => string>> = { ...linkMedia, ...portKinds, ...linkKinds };
const shapes: Readonly<Record<string, string>> = {
  rj45: 'RJ45',
  sfp: 'SFP',
  qsfp: 'QSFP',
  lc: 'LC',
  sc: 'SC',
  usb: 'USB',
  'iec-c13': 'C13',
  'iec-c14': 'C14',
  'iec-c19': 'C19',
  'iec-c20': 'C20',
  schuko: 'Schuko',
};
/** Words of the contract as people say them; names stay as they are. */
function wordOf(value: string): string {
  return words[value]?.() ?? shapes[value] ?? value;
}
