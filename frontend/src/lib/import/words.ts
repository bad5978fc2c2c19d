import type {
  ImportJob,
  ImportRowProblem,
  ImportTarget,
  ImportType,
  RecordKind,
} from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';
import { dayText, moneyText } from '../records/display.ts';
import { fieldName, kindPlural, optionName } from '../records/names.ts';
import { netboxFailure } from './netbox-words.ts';

export function targetName(target: ImportTarget): string {
  return kindPlural(target);
}

/** Fields of a list that are no fields of the record, or are called otherwise there. */
const own: Readonly<Record<string, () => string>> = {
  id: m.import_field_id,
  place: m.import_field_place,
  site: m.kind_site,
  building: m.kind_building,
  floor: m.kind_floor,
  room: m.kind_room,
  rack: m.kind_rack,
  manufacturer: m.field_manufacturer,
  model: m.import_field_model,
  partNumber: m.field_part_number,
  ipAddress: m.import_field_ip_address,
  mac: m.import_field_mac,
  contract: m.kind_contract,
  cost: m.field_price,
  vlan: m.kind_vlan,
  vrf: m.kind_vrf,
  mask: m.import_field_mask,
  device: m.kind_device,
  outlet: m.kind_outlet,
  port: m.kind_port,
  addToNotes: m.import_field_add_to_notes,
};
const ofTarget: Readonly<Partial<Record<ImportTarget, Readonly<Record<string, () => string>>>>> = {
  device: { name: m.import_field_device_name, heightU: m.import_field_height },
  port: { name: m.import_field_port },
  outlet: { position: m.field_place_in_room },
  link: { from: m.import_field_from, to: m.import_field_to },
  'spare-part': { position: m.field_storage_place, model: m.field_for_type, room: m.field_stored_in },
};

/** What a column can be for. */
export function columnFieldName(target: ImportTarget, field: string): string {
  return (ofTarget[target]?.[field] ?? own[field])?.() ?? fieldName(target, field);
}

/** What is wrong, in the reader's language; what has no words here says the server's. */
export function problemText({ reason, params, message }: ImportRowProblem): string {
  const p = (name: string) => params[name] ?? '';
  switch (reason) {
    case 'missing':
      return m.import_problem_missing();
    case 'formula-error':
      return m.import_problem_formula_error();
    case 'not-a-number':
      return m.import_problem_not_a_number();
    case 'not-whole':
      return m.import_problem_not_whole();
    case 'not-a-day':
      return m.import_problem_not_a_day();
    case 'not-a-unit':
      return m.import_problem_not_a_unit();
    case 'not-a-mac':
      return m.import_problem_not_a_mac();
    case 'not-an-address':
      return m.import_problem_not_an_address();
    case 'not-a-network':
      return m.import_problem_not_a_network();
    case 'not-a-choice':
      return m.import_problem_not_a_choice({ options: optionsText(p('options')) });
    case 'bad-name':
      return m.import_problem_bad_name();
    case 'too-long':
      return m.import_problem_too_long({ most: p('most') });
    case 'too-small':
      return m.import_problem_too_small({ least: p('least') });
    case 'too-large':
      return m.import_problem_too_large({ most: p('most') });
    case 'no-such-id':
      return m.import_problem_no_such_id();
    case 'two-records':
      return m.import_problem_two_records({ one: p('one'), other: p('other') });
    case 'same-row':
      return m.import_problem_same_row({ row: p('row') });
    case 'name-taken':
      return m.import_problem_name_taken({ other: p('other') });
    case 'address-taken':
      return m.import_problem_address_taken({ other: p('other') });
    case 'network-not-allowed':
      return m.import_problem_network_not_allowed();
    case 'occupied':
      return p('row') === ''
        ? m.import_problem_occupied({ unit: p('unit'), other: p('other') })
        : m.import_problem_occupied_row({ unit: p('unit'), other: p('other'), row: p('row') });
    case 'beyond-rack':
      return m.import_problem_beyond_rack({ rack: p('rack'), height: p('height'), needed: p('needed') });
    case 'height-differs':
      return m.import_problem_height_differs({ type: p('type'), height: p('height') });
    case 'needs-side':
      return m.import_problem_needs_side();
    case 'room-ambiguous':
      return m.import_problem_room_ambiguous({ rooms: p('rooms') });
    case 'rack-ambiguous':
      return m.import_problem_rack_ambiguous({ rooms: p('rooms') });
    case 'site-unknown':
      return m.import_problem_site_unknown();
    case 'room-unknown':
      return m.import_problem_room_unknown();
    case 'type-unknown':
      return m.import_problem_type_unknown();
    case 'no-such-device':
      return m.import_problem_no_such_device();
    case 'no-such-port':
      return m.import_problem_no_such_port({ device: p('device') });
    case 'no-such-end':
      return m.import_problem_no_such_end();
    case 'no-such-end-but':
      return m.import_problem_no_such_end_but({ proposal: p('proposal') });
    case 'port-taken':
      return m.import_problem_port_taken({ other: p('other') });
    case 'port-taken-by-row':
      return m.import_problem_port_taken_by_row({ row: p('row') });
    case 'port-unfit':
      return m.import_problem_port_unfit({ port: p('port') });
    case 'ports-differ':
      return m.import_problem_ports_differ({ one: p('one'), other: p('other') });
    case 'label-taken':
      return m.import_problem_label_taken({ other: p('other') });
    case 'not-a-lane-map':
      return m.import_problem_not_a_lane_map();
    case 'no-such-vlan':
      return m.import_problem_no_such_vlan();
    case 'fixed':
      return m.import_problem_fixed();
    case 'no-unit-no-rack':
      return m.import_hint_no_unit({ rack: p('rack') });
    case 'takes-no-unit':
      return m.import_hint_takes_no_unit({ type: p('type') });
    case 'no-port-for-mac':
      return m.import_hint_no_port_for_mac({ type: p('type') });
    case 'no-such-type':
      return m.import_hint_no_such_type();
    case 'named-by':
      return m.import_hint_named_by();
    default:
      return message;
  }
}

function optionsText(options: string): string {
  return options
    .split(', ')
    .map((option) => {
      for (const field of ['status', 'role', 'face', 'side']) {
        const word = optionName('device', field, option);
        if (word !== option) return word;
      }
      for (const field of ['kind', 'status', 'medium']) {
        const word = optionName('link', field, option);
        if (word !== option) return word;
      }
      return optionName('address', 'role', option);
    })
    .join(', ');
}

/** Why a file could not be read, or why it was not brought in. */
export function jobProblemText({ reason, params, message }: NonNullable<ImportJob['problem']>): string {
  const most = params.most ?? '';
  switch (reason) {
    case 'not-a-table':
      return m.import_failed_not_a_table();
    case 'empty':
      return m.import_failed_empty();
    case 'protected':
      return m.import_failed_protected();
    case 'open-quote':
      return m.import_failed_open_quote({ row: params.row ?? '' });
    case 'too-many-rows':
      return m.import_failed_too_many_rows({ most });
    case 'too-many-columns':
      return m.import_failed_too_many_columns({ most });
    case 'too-many-cells':
    case 'too-large-unpacked':
    case 'too-slow':
      return m.import_failed_too_large();
    case 'no-yaml':
      return m.import_failed_no_yaml();
    case 'stopped':
      return m.import_stopped();
    case 'outdated':
      return m.import_outdated();
    case 'internal':
      return m.problem_internal();
    default:
      return netboxFailure(reason, message) ?? m.import_refused({ message });
  }
}

export function typeHowText(how: ImportType['how']): string {
  switch (how) {
    case 'exact':
      return m.import_type_exact();
    case 'similar':
      return m.import_type_similar();
    case 'chosen':
      return m.import_type_chosen();
    case 'create':
      return m.import_type_create();
  }
}

/** A value of the preview as people write it. */
export function previewValue(kind: RecordKind, field: string, value: string | null): string {
  if (value === null || value === '') return '–';
  if (field === 'costCents' && /^-?\d+$/.test(value)) return moneyText(Number(value));
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return dayText(value);
  if (field === 'position' && kind === 'device') return m.import_unit({ unit: value.replace('.', ',') });
  return optionName(kind, field, value);
}

/** A field of the preview; where a cable is plugged in is no field of it. */
export function previewField(kind: RecordKind, field: string): string {
  if (kind === 'link' && field === 'from') return m.import_field_from();
  if (kind === 'link' && field === 'to') return m.import_field_to();
  return fieldName(kind, field);
}
