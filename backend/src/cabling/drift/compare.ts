import type { driftVerdicts } from '@rackhaus/config/contract';
import type { LinkState, Seen } from './seen.ts';
import type { Way } from './ways.ts';

export type Verdict = (typeof driftVerdicts)[number];

export interface Compared {
  /** Of every port that was asked for. */
  readonly verdicts: ReadonlyMap<number, PortVerdict>;
  /** What somebody has to decide, one for each pair of ports. */
  readonly findings: readonly NewFinding[];
}
export interface PortVerdict {
  readonly verdict: Verdict;
  /** What decided it. */
  readonly seen: Seen | null;
}
export interface NewFinding {
  /** Stays the same while the finding lasts. */
  readonly key: string;
  readonly verdict: 'contradicted' | 'missing' | 'dark';
  readonly portId: number;
  /** Where the documentation leads from there. */
  readonly documentedId: number | null;
  readonly source: Seen['source'] | 'link';
  readonly text: string;
  readonly observedPortId: number | null;
  readonly observedDeviceId: number | null;
  /** Of `dark`: since when there has been no link. */
  readonly since: number | null;
  readonly lastSeen: number;
}

export interface CompareInput {
  /** Network ports of devices. */
  readonly ports: Iterable<number>;
  readonly way: (portId: number) => Way;
  readonly deviceOf: (portId: number) => number | null;
  readonly seen: ReadonlyMap<number, readonly Seen[]>;
  readonly link: (portId: number) => LinkState | undefined;
  /** Whether it can be told that somebody else is not this device. */
  readonly isIdentified: (deviceId: number) => boolean;
  /** Whether the port's own MAC address is known. */
  readonly hasMac: (portId: number) => boolean;
  readonly now: number;
  readonly darkMs: number;
}

/** Compares where the documentation leads with what was seen, from both ends of each connection. Pure. */
export function compare(input: CompareInput): Compared {
  const verdicts = new Map<number, PortVerdict>();
  const findings = new Map<string, NewFinding>();
  for (const portId of input.ports) {
    const way = input.way(portId);
    const verdict = verdictOf(input, portId, way);
    verdicts.set(portId, verdict);
    const finding = findingOf(input, portId, way, verdict);
    if (finding === null) continue;
    const known = findings.get(finding.key);
    if (known === undefined || isBetter(finding, known)) findings.set(finding.key, finding);
  }
  // The other end may know first that a cord has moved, while this one still remembers whom it saw.
  for (const { verdict, portId } of findings.values())
    if (verdict === 'contradicted')
      verdicts.set(portId, { verdict, seen: verdicts.get(portId)?.seen ?? null });
  return { verdicts, findings: [...withoutVaguer(findings.values(), input.deviceOf)] };
}

/** What one port says of its connection. Only what is recognised ever confirms it. */
export function verdictOf(input: Omit<CompareInput, 'ports'>, portId: number, way: Way): PortVerdict {
  const seen = input.seen.get(portId) ?? [];
  if (way.kind === 'unclear') return { verdict: 'unseen', seen: null };
  if (way.kind !== 'device') return undocumented(seen, way);
  const device = input.deviceOf(way.far);
  const right = seen.find((each) => isThere(input, each, way.far, device));
  if (right !== undefined) return { verdict: 'confirmed', seen: right };
  const wrong = contradiction(input, seen, device);
  if (wrong !== null) return { verdict: 'contradicted', seen: wrong };
  const link = input.link(portId);
  const isDark = link !== undefined && !link.up && input.now - link.since >= input.darkMs;
  return { verdict: isDark ? 'dark' : 'unseen', seen: null };
}

function isThere(
  input: Pick<CompareInput, 'hasMac'>,
  seen: Seen,
  farId: number,
  deviceId: number | null,
): boolean {
  if (seen.farPortId === farId) return true;
  if (seen.deviceId === null || seen.deviceId !== deviceId) return false;
  // The address of another port of the right device says nothing unless the right port has an address of its own.
  return seen.farPortId === null || (seen.source === 'fdb' && !input.hasMac(farId));
}

function contradiction(
  input: Pick<CompareInput, 'isIdentified'>,
  seen: readonly Seen[],
  deviceId: number | null,
): Seen | null {
  const introduced = seen.filter((each) => each.source !== 'fdb');
  const known =
    introduced.find((each) => each.farPortId !== null) ?? introduced.find((each) => each.deviceId !== null);
  if (known !== undefined) return known;
  const [stranger] = introduced;
  if (stranger !== undefined) return deviceId !== null && input.isIdentified(deviceId) ? stranger : null;
  return theOnly(seen);
}

function undocumented(seen: readonly Seen[], way: Way): PortVerdict {
  const introduced = seen.filter((each) => each.source !== 'fdb');
  const known =
    introduced.find((each) => each.farPortId !== null) ?? introduced.find((each) => each.deviceId !== null);
  const found = known ?? (introduced.length === 0 ? theOnly(seen) : null) ?? null;
  if (found !== null) return { verdict: 'missing', seen: found };
  // Documented as empty, and somebody introduces itself there.
  const [stranger] = introduced;
  if (stranger !== undefined && way.kind === 'none') return { verdict: 'missing', seen: stranger };
  return { verdict: 'unseen', seen: null };
}

/** Behind a port with addresses of several devices there is something that nobody knows of. */
function theOnly(seen: readonly Seen[]): Seen | null {
  const devices = new Set(seen.map((each) => each.deviceId));
  return devices.size === 1 ? (seen.find((each) => each.farPortId !== null) ?? seen[0] ?? null) : null;
}

function findingOf(
  input: CompareInput,
  portId: number,
  way: Way,
  { verdict, seen }: PortVerdict,
): NewFinding | null {
  if (verdict === 'confirmed' || verdict === 'unseen') return null;
  const documentedId = way.kind === 'device' ? way.far : null;
  if (verdict === 'dark') {
    const link = input.link(portId);
    if (documentedId === null || link === undefined) return null;
    // The other end may see a link, or know better.
    if (input.link(documentedId)?.up === true || input.seen.has(documentedId)) return null;
    return {
      key: `dark:${pair(portId, documentedId)}`,
      verdict,
      portId,
      documentedId,
      source: 'link',
      text: '',
      observedPortId: null,
      observedDeviceId: null,
      since: link.since,
      lastSeen: link.since,
    };
  }
  if (seen === null) return null;
  // Seen from the other end, the same connection may be missing here and contradicted there.
  const far = seen.farPortId === null ? null : input.way(seen.farPortId);
  if (far !== null && seen.farPortId !== null && far.kind === 'device' && verdict === 'missing')
    return entry(seen, 'contradicted', seen.farPortId, far.far, portId, input);
  return entry(seen, verdict, portId, documentedId, seen.farPortId, input);
}

function entry(
  seen: Seen,
  verdict: 'contradicted' | 'missing',
  portId: number,
  documentedId: number | null,
  observedPortId: number | null,
  input: CompareInput,
): NewFinding {
  const turned = portId !== seen.portId;
  const key =
    observedPortId === null
      ? `port:${portId}:${seen.deviceId ?? seen.text}`
      : `pair:${pair(portId, observedPortId)}`;
  return {
    key,
    verdict,
    portId,
    documentedId,
    source: seen.source,
    text: turned ? '' : seen.text,
    observedPortId,
    observedDeviceId: turned ? input.deviceOf(seen.portId) : seen.deviceId,
    since: null,
    lastSeen: seen.time,
  };
}

/** Of two that tell the same connection: the one that contradicts, then the one that introduces itself, then the lower port. */
function isBetter(a: NewFinding, b: NewFinding): boolean {
  const rank = (finding: NewFinding) =>
    (finding.verdict === 'contradicted' ? 0 : 4) + (finding.source === 'fdb' ? 2 : 0);
  return rank(a) < rank(b) || (rank(a) === rank(b) && a.portId < b.portId);
}

/** A port that knows only the device at its other end is passed over where that device tells the port. */
function* withoutVaguer(
  findings: Iterable<NewFinding>,
  deviceOf: (portId: number) => number | null,
): Iterable<NewFinding> {
  const all = [...findings];
  const told = new Set<string>();
  for (const { portId, observedPortId } of all) {
    if (observedPortId === null) continue;
    told.add(`${portId}:${deviceOf(observedPortId)}`).add(`${observedPortId}:${deviceOf(portId)}`);
  }
  for (const finding of all)
    if (
      finding.observedPortId !== null ||
      finding.verdict === 'dark' ||
      !told.has(`${finding.portId}:${finding.observedDeviceId}`)
    )
      yield finding;
}

function pair(a: number, b: number): string {
  return a < b ? `${a}-${b}` : `${b}-${a}`;
}
