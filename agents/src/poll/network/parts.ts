import { mostParts, type ObservedPart, type PartClass, partClasses } from '@rackhaus/config/contract';
import type { PartSource } from '@rackhaus/config/profiles';
import { type SnmpValue, toNumber, toText } from '../../snmp/decode.ts';
import { lastNumber, type Reading, readColumns } from './reading.ts';

/** Rows of a parts' table that are looked at: sensors and empty slots are among them. */
const mostRows = 5000;

/** What the sources say of a device's parts, in their order. @throws SnmpError when the device does not answer. */
export async function readParts(reading: Reading, sources: readonly PartSource[]): Promise<ObservedPart[]> {
  const parts: ObservedPart[] = [];
  const serials = new Set<string>();
  for (const source of sources) {
    const own: string[] = [];
    for (const [index, row] of await readColumns(reading, source.columns, mostRows)) {
      const partClass = classOf(source, row.class);
      const model = shown(row.model);
      const serial = shown(row.serial);
      if (partClass === null || (model === null && serial === null)) continue;
      // A port that is built in has a model in some tables, and never a number of its own.
      if (partClass === 'transceiver' && serial === null) continue;
      if (serial !== null && serials.has(serial)) continue;
      if (serial !== null) own.push(serial);
      const port = source.ofPorts ? reading.portName(lastNumber(index)) : undefined;
      parts.push({
        class: partClass,
        name: port ?? shown(row.name) ?? shown(row.description) ?? model ?? index,
        model,
        serial,
        firmware: shown(row.firmware) ?? shown(row.software),
      });
      if (parts.length >= mostParts) return inOrder(parts);
    }
    // Within one table the chassis and its only board may share a number.
    for (const serial of own) serials.add(serial);
  }
  return inOrder(parts);
}

/** What others are in comes first. */
function inOrder(parts: readonly ObservedPart[]): ObservedPart[] {
  return parts.toSorted((a, b) => partClasses.indexOf(a.class) - partClasses.indexOf(b.class));
}

function classOf({ is }: PartSource, value: SnmpValue): PartClass | null {
  if (typeof is === 'string') return is;
  const number = toNumber(value);
  return number === undefined ? null : (is[String(number)] ?? null);
}

/** Agents write these where they have nothing to say. */
const nothing = /^("|'|-|n\/?a|none|unknown|null|unspecified|not available|unavailable|0+)*$/i;

function shown(value: SnmpValue): string | null {
  const text = toText(value);
  return text === null || nothing.test(text) ? null : text.slice(0, 200);
}
