import { LabelKind, type LabelTemplate, recordFields } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';

type BuiltIn = Omit<LabelTemplate, 'id' | 'key'> & { readonly key: string };

/** Templates that are always there. Their names in the interface's languages are in its messages, by key. */
const builtIn: readonly BuiltIn[] = [
  {
    key: 'rack-large',
    name: 'Rack, large',
    kind: 'rack',
    medium: 'avery-l7163',
    lines: ['{name}', '{purpose}', '{room}'],
    withQr: true,
  },
  {
    key: 'rack-tape',
    name: 'Rack, tape',
    kind: 'rack',
    medium: 'brother-tze-24',
    lines: ['{name}', '{room}'],
    withQr: true,
  },
  {
    key: 'device-plate',
    name: 'Device, name plate',
    kind: 'device',
    medium: 'avery-l6011',
    lines: ['{name}', '{place}', '{type}', '{tag}'],
    withQr: true,
  },
  {
    key: 'device-tape',
    name: 'Device, tape',
    kind: 'device',
    medium: 'brother-tze-24',
    lines: ['{name}', '{place}', '{tag}'],
    withQr: true,
  },
  {
    key: 'device-small',
    name: 'Device, name only',
    kind: 'device',
    medium: 'avery-l4731',
    lines: ['{name}', '{tag}'],
    withQr: false,
  },
  {
    key: 'port-tape',
    name: 'Port, tape',
    kind: 'port',
    medium: 'brother-tze-12',
    lines: ['{device}:{name}'],
    withQr: false,
  },
  {
    key: 'port-small',
    name: 'Port and where it leads',
    kind: 'port',
    medium: 'avery-l4731',
    lines: ['{device}:{name}', '{fixed}'],
    withQr: false,
  },
  {
    key: 'link-flag',
    name: 'Cable, flag with QR code',
    kind: 'link',
    medium: 'brother-tze-24-flag',
    lines: ['{label}', '{near}', '{far}'],
    withQr: true,
  },
  {
    key: 'link-tia',
    name: 'Cable, name by TIA-606',
    kind: 'link',
    medium: 'avery-l4736-wrap',
    lines: ['{tia}'],
    withQr: false,
  },
  {
    key: 'link-wrap',
    name: 'Cable, wrapped around',
    kind: 'link',
    medium: 'brother-tze-24-wrap',
    lines: ['{label}'],
    withQr: false,
  },
  {
    key: 'link-number',
    name: 'Cable, running number',
    kind: 'link',
    medium: 'avery-l4732-wrap',
    lines: ['{n:4}'],
    withQr: false,
  },
  {
    key: 'outlet',
    name: 'Outlet',
    kind: 'outlet',
    medium: 'avery-l4732',
    lines: ['{name}', '{room}'],
    withQr: true,
  },
  {
    key: 'outlet-tape',
    name: 'Outlet, tape',
    kind: 'outlet',
    medium: 'brother-tze-12',
    lines: ['{name}'],
    withQr: false,
  },
  {
    key: 'room',
    name: 'Room',
    kind: 'room',
    medium: 'avery-l7163',
    lines: ['{name}', '{floor}, {building}'],
    withQr: true,
  },
];

/** Those that people made, by name, and then those that are always there. */
export async function labelTemplates(db: Database): Promise<LabelTemplate[]> {
  const rows = await db.selectFrom('label_templates').selectAll().orderBy('name').execute();
  const { lines } = recordFields['label-template'].shape;
  return [
    ...rows.map((row) => ({
      id: row.id,
      key: null,
      name: row.name,
      kind: LabelKind.parse(row.object_kind),
      medium: row.medium,
      lines: lines.parse(JSON.parse(row.lines)),
      withQr: row.with_qr === 1,
    })),
    ...builtIn.map((template) => ({ id: null, ...template })),
  ];
}
