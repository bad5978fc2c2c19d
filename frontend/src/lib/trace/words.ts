import type { CableCard, CablePath, PortCard } from '@rackhaus/config/contract';
import { cableName, colorName, lengthText, mediumName, spotText } from '../cabling/cable-words.ts';
import { m } from '../paraglide/messages.js';
import { deviceRoles } from '../records/option-names.ts';
import { endsOf, type Span, type Stop, type Strip } from './strip.ts';

/** "Switch", "Dose": what kind of thing a stop is. */
export function stopKind({ ports: [port] }: Stop): string {
  if (port === undefined) return '';
  const { kind, role } = port.owner;
  return kind === 'outlet' ? m.trace_outlet() : role === null ? '' : deviceRoles[role]();
}
/** "acc-ug-1", "1.04-1"; what is written there when no port is. */
export function stopName(stop: Stop, cable: CableCard | null = null): string {
  const [port] = stop.ports;
  if (port !== undefined) return port.owner.name;
  if (cable?.provider) return cable.circuit ? `${cable.provider}, ${cable.circuit}` : cable.provider;
  return stop.end === 'endpoint' ? m.trace_provider_end() : m.trace_loose_end();
}
/** "Port 21", "Port 7 › hinten 7". */
export function stopPorts({ ports }: Stop): string {
  return ports.length === 0 ? '' : m.port_name({ name: ports.map(({ name }) => name).join(' › ') });
}
export function stopVlan({ ports }: Stop): string {
  const vlan = ports.find((port) => port.vlan !== null)?.vlan ?? null;
  if (vlan === null) return '';
  const number = `VLAN ${vlan.vid}`;
  return vlan.name === '' ? number : `${number} ${vlan.name}`;
}
export function stopSpot({ ports: [port] }: Stop): string {
  return port === undefined ? '' : spotText(port.spot);
}
/** Why it does not go on here; "" where it does, or ends well. */
export function endWords({ end }: Stop): string {
  return end === 'open'
    ? m.trace_end_open()
    : end === 'loop'
      ? m.trace_end_loop()
      : end === 'split'
        ? m.trace_end_split()
        : '';
}

/** Colour, length and what is to be known besides, each in words. */
export function cableFacts(cable: CableCard): string[] {
  const labels = [cable.labelA, cable.labelB].filter((label) => label !== null && label !== '');
  return [
    mediumName(cable.medium),
    colorName(cable.color),
    cable.lengthM === null ? m.trace_no_length() : lengthText(cable.lengthM),
    labels.length === 0 ? '' : m.trace_tags({ labels: labels.join(' – ') }),
    cable.toCheck ? m.trace_to_check() : '',
  ].filter((fact) => fact !== '');
}

/** "43 m", "mindestens 43 m: von 2 Kabeln ist die Länge nicht bekannt". */
export function lengthWords(path: CablePath, cables: readonly CableCard[]): string {
  const on = new Set(path.edges.map((edge) => edge.cableId));
  const unknown = cables.filter((cable) => on.has(cable.id) && (cable.lengthM === null || cable.toCheck));
  const metres = lengthText(path.length.metres);
  if (path.length.definitive || unknown.length === 0) return m.trace_length({ metres });
  return path.length.metres === 0
    ? m.trace_length_unknown()
    : m.trace_length_least({ metres, count: unknown.length });
}

/** "acc-ug-1 · Port 1/1/7 – Dose 1.04-1 · Port 1" */
export function pathTitle(strip: Strip): string {
  const { first, last } = endsOf(strip);
  const name = (stop: Stop | null) =>
    stop === null
      ? ''
      : [
          stop.ports[0]?.owner.kind === 'outlet' ? m.outlet({ name: stopName(stop) }) : stopName(stop),
          stopPorts(stop),
        ]
          .filter((part) => part !== '')
          .join(' · ');
  return strip.columns.length < 2 ? name(first) : `${name(first)} – ${name(last)}`;
}

/** The way as sentences, circuit by circuit. */
export function sentencesOf(strip: Strip): string[][] {
  return Array.from({ length: strip.rows }, (_, row) => {
    const sentences: string[] = [];
    let by: CableCard | null = null;
    for (const { stops, spans } of strip.columns) {
      const at = <T>(of: readonly { from: number; to: number; items: readonly T[] }[]) =>
        of.find((cell) => cell.from <= row && row < cell.to)?.items ?? [];
      const here: readonly Stop[] = at(stops);
      const on: readonly Span[] = at(spans);
      if (here.length === 0) break;
      const words = here.map((stop) => stopSentence(stop, by)).join(m.trace_text_and());
      if (sentences.length === 0) sentences.push(m.trace_text_begin({ stop: words }));
      const [span] = on;
      if (sentences.length > 1 || by !== null)
        sentences.push(by === null ? m.trace_text_inside({ stop: words }) : cableStep(by, words));
      by = span?.cable ?? null;
      // Where it begins is said already; that nothing leads on is told where it ends, or where it goes nowhere at all.
      const beginsHere = sentences.length === 1 && span !== undefined;
      const end = here.map(endWords).find((each) => each !== '');
      if (end !== undefined && !beginsHere) sentences.push(`${end}.`);
    }
    return sentences;
  });
}

function cableStep(cable: CableCard, stop: string): string {
  const what = [cableName(cable), ...cableFacts(cable)].join(', ');
  return cable.planned
    ? m.trace_text_planned({ cable: what, stop })
    : m.trace_text_cable({ cable: what, stop });
}
function stopSentence(stop: Stop, by: CableCard | null): string {
  const spot = stopSpot(stop);
  const what = [
    [stopKind(stop), stopName(stop, by)].filter(Boolean).join(' '),
    stopPorts(stop),
    stopVlan(stop),
  ]
    .filter((part) => part !== '')
    .join(', ');
  return spot === '' ? what : `${what} (${spot})`;
}

/** The page of what a stop is. */
export function stopHref({ ports: [port] }: Stop): string | null {
  if (port === undefined) return null;
  return port.owner.kind === 'device'
    ? `/devices/${port.owner.id}?port=${port.id}`
    : `/inventory/outlet?open=${port.owner.id}`;
}
/** The page of a cable; what is only planned has none. */
export function cableHref(cable: CableCard): string | null {
  return cable.id > 0 ? `/inventory/link?open=${cable.id}` : null;
}
/** Which ports are in racks, by rack. */
export function racksOf(ports: readonly PortCard[]): Map<number, PortCard[]> {
  const racks = new Map<number, PortCard[]>();
  for (const port of ports) {
    const id = port.spot.rack?.id;
    if (id !== undefined) racks.set(id, [...(racks.get(id) ?? []), port]);
  }
  return racks;
}
