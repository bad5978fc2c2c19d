import { DeviceTypeFile } from '@rackhaus/config/device-types';
import type { Draft } from './draft.ts';
import type { NetboxData } from './shapes.ts';

interface Mapped {
  readonly rear_port?: { readonly id: number } | null | undefined;
  readonly rear_port_position?: number | null | undefined;
  readonly rear_ports?:
    | readonly { readonly rear_port: number | { readonly id: number }; readonly rear_port_position: number }[]
    | undefined;
}

/** The one rear port behind a front port and the lane there; undefined when there is none, or several. */
export function rearOf(port: Mapped): { readonly id: number; readonly lane: number } | undefined {
  if (port.rear_port) return { id: port.rear_port.id, lane: port.rear_port_position ?? 1 };
  const [only, ...others] = port.rear_ports ?? [];
  if (only === undefined || others.length > 0) return undefined;
  const { rear_port, rear_port_position } = only;
  return { id: typeof rear_port === 'number' ? rear_port : rear_port.id, lane: rear_port_position };
}

/** Device types with their ports, in the library's format. A type that is not as it should be is left out, with its devices. */
export function writeTypes(draft: Draft, data: NetboxData): void {
  const of = <T extends { readonly device_type: { readonly id: number } | null }>(list: readonly T[]) =>
    Map.groupBy(list, (each) => each.device_type?.id ?? 0);
  const interfaces = of(data.interfaceTemplates);
  const consoles = of(data.consoleTemplates);
  const inlets = of(data.powerPortTemplates);
  const outlets = of(data.powerOutletTemplates);
  const rears = of(data.rearPortTemplates);
  const fronts = of(data.frontPortTemplates);
  const slugs = new Set<string>();
  for (const type of data.types) {
    const name = `${type.manufacturer.name} ${type.model}`;
    const own = rears.get(type.id) ?? [];
    const rearNames = new Map(own.map((port) => [port.id, port.name]));
    const slug = uniqueSlug(type.slug, type.manufacturer.name, slugs);
    const definition = {
      manufacturer: type.manufacturer.name,
      model: type.model,
      slug,
      ...(type.part_number === null ? {} : { part_number: type.part_number }),
      u_height: Math.round((type.u_height ?? 1) * 2) / 2,
      is_full_depth: type.is_full_depth ?? true,
      ...(type.airflow === null ? {} : { airflow: type.airflow }),
      ...(type.weight === null || type.weight_unit === null
        ? {}
        : { weight: type.weight, weight_unit: type.weight_unit }),
      ...(type.comments === null ? {} : { comments: type.comments }),
      interfaces: (interfaces.get(type.id) ?? []).map((port) => ({
        name: port.name,
        type: port.type ?? 'other',
        ...(port.mgmt_only === true ? { mgmt_only: true } : {}),
      })),
      'console-ports': (consoles.get(type.id) ?? []).map(({ name, type }) => ({
        name,
        ...(type === null ? {} : { type }),
      })),
      'power-ports': (inlets.get(type.id) ?? []).map((port) => ({
        name: port.name,
        ...(port.type === null ? {} : { type: port.type }),
        ...(port.maximum_draw === null ? {} : { maximum_draw: port.maximum_draw }),
      })),
      'power-outlets': (outlets.get(type.id) ?? []).map(({ name, type }) => ({
        name,
        ...(type === null ? {} : { type }),
      })),
      'rear-ports': own.map((port) => ({
        name: port.name,
        type: port.type ?? 'other',
        positions: port.positions,
      })),
      'front-ports': (fronts.get(type.id) ?? []).flatMap((port) => {
        const rear = rearOf(port);
        const rearName = rear === undefined ? undefined : rearNames.get(rear.id);
        if (rear === undefined || rearName === undefined) {
          draft.remark(
            'device-type',
            name,
            `front port "${port.name}" leads to several rear ports, or to none; it is left out`,
          );
          return [];
        }
        return [
          { name: port.name, type: port.type ?? 'other', rear_port: rearName, rear_port_position: rear.lane },
        ];
      }),
    };
    const parsed = DeviceTypeFile.safeParse(definition);
    if (parsed.success) draft.add('device-type', `type/${type.id}`, { definition });
    else {
      const [issue] = parsed.error.issues;
      draft.remark(
        'device-type',
        name,
        `cannot be used: ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}; its devices are left out`,
      );
    }
  }
}

/** NetBox' slugs are unique within their manufacturer, ours among all. */
function uniqueSlug(slug: string, manufacturer: string, taken: Set<string>): string {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9_-]+/g, '-')
      .replaceAll(/^-+|-+$/g, '');
  const own = plain(slug) || 'type';
  const candidates = [own, `${plain(manufacturer)}-${own}`];
  let result = candidates.find((each) => !taken.has(each));
  for (let number = 2; result === undefined; number++)
    if (!taken.has(`${own}-${number}`)) result = `${own}-${number}`;
  taken.add(result);
  return result;
}
