import { stringify } from 'yaml';
import type { DeviceTypeFile } from './schema.ts';

/** In the order of the library's files; what is not named here follows. */
const order = [
  'manufacturer',
  'model',
  'slug',
  'part_number',
  'u_height',
  'is_full_depth',
  'airflow',
  'weight',
  'weight_unit',
  'is_powered',
  'front_image',
  'rear_image',
  'subdevice_role',
  'description',
  'comments',
  'console-ports',
  'console-server-ports',
  'power-ports',
  'power-outlets',
  'interfaces',
  'front-ports',
  'rear-ports',
  'port-mappings',
  'module-bays',
  'device-bays',
  'inventory-items',
];

/**
 * A type as a file of the device-type library, in the form since NetBox 4.5: inner wiring as `port-mappings`.
 * Read again, it is the same type.
 * @param own - with the `rackhaus` part (form and faces), which the library does not know and NetBox refuses
 */
export function libraryYaml(type: DeviceTypeFile, own: boolean): string {
  const { rackhaus, ...rest } = type;
  const file: Record<string, unknown> = { ...rest, ...inPortMappings(type) };
  delete file._is_powered;
  const known = Object.keys(file).filter((key) => !order.includes(key));
  const ordered: Record<string, unknown> = {};
  for (const key of [...order, ...known]) {
    const value = file[key];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    ordered[key] = value;
  }
  if (own && rackhaus !== undefined) ordered.rackhaus = rackhaus;
  return `---\n${stringify(ordered, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

function inPortMappings(type: DeviceTypeFile): Partial<Record<keyof DeviceTypeFile, unknown>> {
  const inline = type['front-ports'].flatMap((port) =>
    port.rear_port === undefined
      ? []
      : [
          {
            front_port: port.name,
            front_port_position: 1,
            rear_port: port.rear_port,
            rear_port_position: port.rear_port_position,
          },
        ],
  );
  const said = new Set(inline.map((mapping) => JSON.stringify(mapping)));
  const listed = type['port-mappings'].map((mapping) => ({
    front_port: mapping.front_port,
    front_port_position: mapping.front_port_position,
    rear_port: mapping.rear_port,
    rear_port_position: mapping.rear_port_position,
  }));
  return {
    'front-ports': type['front-ports'].map(
      ({ rear_port: _rear, rear_port_position: _position, ...port }) => port,
    ),
    'port-mappings': [...inline, ...listed.filter((mapping) => !said.has(JSON.stringify(mapping)))],
  };
}
