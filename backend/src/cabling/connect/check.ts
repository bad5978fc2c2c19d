import type { CableRemark, NewCable } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';
import { type Channel, channelsOf } from './channels.ts';
import { connectorRemark, type FitEnd, whyNot } from './compatible.ts';
import { type PortFacts, portFacts } from './facts.ts';
import { type Occupied, occupiedPlaces, placeKey, takenLabels } from './occupancy.ts';
import { leastLength, ruleRemarks } from './rules.ts';
import { labelTemplates, NextLabels } from './schemes.ts';
import { commonSupplies } from './supplies.ts';

/** A cable as it will be made, with what is to be said of it. */
export interface CheckedCable {
  readonly cable: NewCable;
  readonly label: string;
  readonly remarks: readonly CableRemark[];
}

/**
 * Gives cables their labels and says what forbids them and what is to be minded. `warn`: also the warnings, for which the channel around
 * each is followed; else only what forbids one.
 * @throws AppError not-found for a port that is not there
 */
export async function checkCables(
  db: Database,
  cables: readonly NewCable[],
  options: { readonly warn: boolean },
): Promise<CheckedCable[]> {
  const ids = new Set(cables.flatMap(({ a, b }) => [a.portId, b.portId]));
  const facts = await portFacts(db, ids, { shapes: options.warn });
  for (const id of ids)
    if (!facts.has(id))
      throw new AppError('not-found', `There is no port ${id}.`, undefined, { reason: 'gone' });
  const labels = await labelsFor(db, cables, facts);
  const refused = refusals(cables, labels.given, labels.taken, facts, await occupiedPlaces(db, ids));
  const warnings = options.warn ? await warningsOf(db, cables, refused, facts) : [];
  return cables.map((cable, index) => ({
    cable,
    label: labels.given[index] ?? '',
    remarks: [...(refused[index] ?? []), ...(warnings[index] ?? [])],
  }));
}

type Facts = ReadonlyMap<number, PortFacts>;

async function labelsFor(db: Database, cables: readonly NewCable[], facts: Facts) {
  const wanted = cables.flatMap(({ label }) => label ?? []);
  const taken = await takenLabels(db, wanted);
  const next = new NextLabels({
    db,
    templates: await labelTemplates(db),
    given: new Set([...wanted, ...taken]),
  });
  const given: string[] = [];
  for (const { label, kind, a, b } of cables)
    given.push(
      label ?? (await next.next(kind, { a: labelEnd(facts, a.portId), b: labelEnd(facts, b.portId) })),
    );
  return { taken, given };
}

const nowhere = { site: '', room: '', rack: '', unit: '', port: '' };
const labelEnd = (facts: Facts, portId: number) => facts.get(portId)?.label ?? nowhere;

function refusals(
  cables: readonly NewCable[],
  labels: readonly string[],
  taken: ReadonlySet<string>,
  facts: Facts,
  occupied: Occupied,
): CableRemark[][] {
  const used = new Map<string, string>();
  const labelled = new Set<string>();
  return cables.map((cable, index) => {
    const remarks: CableRemark[] = [];
    const { a, b } = cable;
    const label = labels[index] ?? '';
    const [keyA, keyB] = [placeKey(a.portId, a.side), placeKey(b.portId, b.side)];
    if (keyA === keyB) remarks.push(refuse('same-place', {}));
    const ends = [fitEnd(facts, a), fitEnd(facts, b)] as const;
    if (ends[0] && ends[1]) {
      const why = whyNot(cable.kind, ends[0], ends[1]);
      if (why !== null) remarks.push(why);
    }
    for (const [key, end] of [
      [keyA, ends[0]],
      [keyB, ends[1]],
    ] as const) {
      const by = occupied.get(key)?.label ?? used.get(key);
      if (by !== undefined && keyA !== keyB)
        remarks.push(
          refuse('occupied', { port: end?.port.name ?? '', by, portId: Number.parseInt(key, 10) }),
        );
      used.set(key, label);
    }
    if (label !== '' && (taken.has(label) || labelled.has(label)))
      remarks.push(refuse('label-taken', { label }));
    labelled.add(label);
    return remarks;
  });
}

function fitEnd(facts: Facts, end: NewCable['a']): FitEnd | null {
  const port = facts.get(end.portId)?.fit;
  return port === undefined ? null : { port, side: end.side };
}

async function warningsOf(
  db: Database,
  cables: readonly NewCable[],
  refused: readonly (readonly CableRemark[])[],
  facts: Facts,
): Promise<CableRemark[][]> {
  // What is refused for its ends is not followed any further: it would lead anywhere.
  const ends = new Set<CableRemark['code']>(['same-place', 'kinds-differ', 'no-rear-side', 'occupied']);
  const possible = cables.flatMap((cable, index) =>
    refused[index]?.some(({ code }) => ends.has(code)) ? [] : [{ cable, index }],
  );
  const channels = await channelsOf(
    db,
    possible.map(({ cable }) => cable),
  );
  const supplies = await commonSupplies(
    db,
    possible.map(({ cable }) => cable),
    facts,
  );
  const warnings: CableRemark[][] = cables.map(() => []);
  for (const [at, { cable, index }] of possible.entries())
    warnings[index] = [
      ...warningsFor(cable, facts, channels[at] ?? { runs: [cable], loop: false }),
      ...(supplies[at] ?? []),
    ];
  return warnings;
}

function warningsFor(cable: NewCable, facts: Facts, channel: Channel): CableRemark[] {
  const [a, b] = [facts.get(cable.a.portId), facts.get(cable.b.portId)];
  if (a === undefined || b === undefined) return [];
  const speeds = [a.speedGbps, b.speedGbps].filter((speed) => speed !== null);
  const connectors = connectorRemark(
    cable.kind,
    { port: a.fit, side: cable.a.side },
    { port: b.fit, side: cable.b.side },
  );
  return [
    ...(connectors === null ? [] : [connectors]),
    ...ruleRemarks({
      kind: cable.kind,
      medium: cable.medium,
      lengthM: cable.lengthM,
      channel: channel.runs,
      shapes: [a.fit.shape, b.fit.shape],
      // A link is as fast as the slower of both ports.
      speedGbps: speeds.length === 0 ? null : Math.min(...speeds),
      leastM: leastLength(a.spot, b.spot),
    }),
    ...(channel.loop ? [{ level: 'warn', code: 'loop', values: {} } as const] : []),
  ];
}

function refuse(code: CableRemark['code'], values: CableRemark['values']): CableRemark {
  return { level: 'refuse', code, values };
}
