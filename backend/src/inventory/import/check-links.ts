import type { TypePort } from '@rackhaus/config/device-types';
import type { InventoryFile, InventoryLink } from '@rackhaus/config/inventory-file';
import { parseEnd, sideOf } from './ends.ts';
import { type Existing, endKey } from './existing.ts';
import type { Problems } from './problems.ts';
import { outletPorts, type TypePorts } from './wanted.ts';

type KnownPort = Pick<TypePort, 'kind' | 'twoSided'>;

interface Check {
  readonly file: InventoryFile;
  readonly existing: Existing;
  readonly typePorts: TypePorts;
  readonly problems: Problems;
}

/** Checks that links join ports that exist, fit, and are free; and that no port goes that a link needs. */
export function checkLinks(check: Check): void {
  const { file, existing, problems } = check;
  const owners = knownPorts(check);
  const taken = new Map<string, string>();
  const labelled = new Map<string, string>();
  for (const link of file.links) {
    const name = `${link.from} - ${link.to}`;
    const sameLabel = labelled.get(link.label);
    if (link.label !== '' && sameLabel !== undefined)
      problems.add(
        `links.${name}.label`,
        link.label,
        `Another link of the file has this label already: ${sameLabel}.`,
      );
    labelled.set(link.label, name);
    const keys = (['from', 'to'] as const).map((end) => {
      const path = `links.${name}.${end}`;
      const key = checkEnd(link, link[end], path, owners, problems);
      if (key === null) return null;
      const other = taken.get(key);
      if (other !== undefined)
        problems.add(path, link[end], `Another link of the file is there already: ${other}.`);
      taken.set(key, name);
      return { key, path, end: link[end] };
    });
    const [from, to] = keys;
    if (from == null || to == null) continue;
    for (const [here, there] of [
      [from, to],
      [to, from],
    ] as const) {
      const installed = existing.links.get(here.key);
      if (installed === undefined || installed.b === there.key) continue;
      problems.add(
        here.path,
        here.end,
        `The link ${installed.label === '' ? '' : `${installed.label} `}to ${installed.b.split('|')[0]} is there already.`,
      );
    }
  }
  checkLostPorts(check, owners);
}

function checkEnd(
  link: InventoryLink,
  text: string,
  path: string,
  owners: ReadonlyMap<string, ReadonlyMap<string, KnownPort>>,
  problems: Problems,
): string | null {
  const end = parseEnd(text);
  const ports = owners.get(end.owner);
  if (ports === undefined) {
    problems.unknown(path, end.owner, 'device or outlet', owners.keys());
    return null;
  }
  const port = ports.get(end.port);
  if (port === undefined) {
    problems.unknown(path, end.port, `port of ${end.owner}`, ports.keys());
    return null;
  }
  const isPower = port.kind === 'inlet' || port.kind === 'power-outlet';
  if (isPower !== (link.kind === 'power')) {
    problems.add(
      path,
      text,
      isPower ? 'This port is for power: the link must be of kind "power".' : 'This port is not for power.',
    );
    return null;
  }
  return endKey(end.owner, end.port, sideOf(link.kind, port));
}

/** Ports as they will be after the import, by owner and name. */
function knownPorts({ file, existing, typePorts }: Check): Map<string, ReadonlyMap<string, KnownPort>> {
  const owners = new Map<string, ReadonlyMap<string, KnownPort>>(existing.ports);
  const types = new Map([...existing.devices.values()].map((device) => [device.name, device.slug]));
  for (const device of file.devices) types.set(device.name, device.type);
  for (const [name, slug] of types) {
    const ports = typePorts.of(slug);
    // A type that is not known is a problem of its own.
    if (ports.length > 0) owners.set(name, new Map(ports.map((port) => [port.name, port])));
    else if (!owners.has(name)) owners.set(name, new Map());
  }
  for (const outlet of file.outlets)
    owners.set(outlet.name, new Map(outletPorts(outlet.ports).map((port) => [port.name, port])));
  return owners;
}

function checkLostPorts(
  { existing, problems }: Check,
  owners: ReadonlyMap<string, ReadonlyMap<string, KnownPort>>,
): void {
  for (const [key, link] of existing.links) {
    const { owner, port } = parseEnd(key.split('|')[0] ?? '');
    if (owners.get(owner)?.has(port) === true) continue;
    problems.add(
      `devices.${owner}.type`,
      port,
      `The new type has no port "${port}", but a link to ${link.b.split('|')[0]} is there. Unplug it first.`,
    );
  }
}
