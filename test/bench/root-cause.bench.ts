import { Fault, IncidentList, type IncidentSummary } from '@rackhaus/config/contract';
import { type Watching, watch } from '../harness/live.ts';
import { type Office, openOffice } from '../harness/orders.ts';
import { until } from '../harness/process.ts';
import { type RunningTown, startTown } from '../harness/town.ts';
import type { Figure } from './figure.ts';
import { double, type Expected, single, type TownFault } from './root-cause-faults.ts';

/** Longer than the longest interval of a device and the reading that follows it: what comes at all has come by then. */
const quietMs = 8_000;
const patienceMs = 60_000;
const slowPatienceMs = 240_000;

/**
 * Faults in the simulated town hall, one after the other, with the real agent and the real backend: for each, whether there is
 * exactly one incident for each fault, and whether it names it.
 */
export async function run(): Promise<readonly Figure[]> {
  const town = await startTown();
  try {
    const office = await openOffice(town.backend);
    const screen = await watch(town.backend.url, office.cookie, 'overview');
    try {
      await untilCalm(screen);
      // Here ports fail again and again within minutes, which in life would be a fault of its own.
      await office.send('POST', '/api/inventory/rule-limit', {
        ruleId: 'link-flapping',
        scope: 'all',
        enabled: false,
        reason: 'measuring',
      });
      let right = 0;
      for (const fault of [...single, ...double]) {
        const began = performance.now();
        const wrong = await play(town, office, screen, fault);
        const seconds = ((performance.now() - began) / 1000).toFixed(0);
        process.stderr.write(`${wrong === null ? 'right' : 'WRONG'} ${seconds} s ${fault.title}\n`);
        if (wrong === null) right++;
        else process.stderr.write(`      ${wrong}\n`);
      }
      return [
        { name: 'root-cause', value: right, unit: `of ${single.length + double.length} faults`, atLeast: 38 },
      ];
    } finally {
      screen.close();
    }
  } finally {
    await town.stop();
  }
}

/** Breaks, looks, mends. Returns what was wrong. */
async function play(
  town: RunningTown,
  office: Office,
  screen: Watching,
  fault: TownFault,
): Promise<string | null> {
  const playing: number[] = [];
  if (fault.haltAgent === true) town.agent.child.kill('SIGSTOP');
  for (const each of fault.faults)
    playing.push(Fault.parse(await office.send('POST', '/api/simulator/faults', each)).id);
  const found = await settled(office, fault);
  if (fault.haltAgent === true) town.agent.child.kill('SIGCONT');
  for (const id of playing.toReversed())
    await office.send('DELETE', `/api/simulator/faults/${id}`, undefined);
  await untilCalm(screen);
  await until(
    'no incident is open',
    async () => {
      const open = await incidents(office);
      // What nobody sees any more is over; only the time in which it might return is not waited for.
      for (const { id, state } of open)
        if (state !== 'pending') await office.send('POST', `/api/incidents/${id}/resolve`, { text: null });
      return open.length === 0 ? true : undefined;
    },
    90_000,
  );
  return verdict(fault.expected, found);
}

/** Open incidents once nothing has changed for a while. */
async function settled(office: Office, fault: TownFault): Promise<readonly IncidentSummary[]> {
  const deadline = performance.now() + (fault.slow === true ? slowPatienceMs : patienceMs);
  let before = '';
  let since = performance.now();
  for (;;) {
    const open = await incidents(office);
    const now = JSON.stringify(open.map(({ id, state, cause }) => [id, state, cause.kind, cause.name]));
    if (now !== before) since = performance.now();
    before = now;
    const enough = open.length >= fault.expected.length && open.every(({ state }) => state !== 'pending');
    if ((enough && performance.now() - since > quietMs) || performance.now() > deadline) return open;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** What is about the town; what Rackhaus says of itself (nobody is on call here) is no fault of it. */
async function incidents(office: Office): Promise<readonly IncidentSummary[]> {
  const { incidents: list } = IncidentList.parse(
    await office.send('GET', '/api/incidents?state=open&limit=200', undefined),
  );
  return list.filter(({ cause }) => cause.kind !== 'rackhaus');
}

function verdict(expected: readonly Expected[], found: readonly IncidentSummary[]): string | null {
  const isRight =
    found.length === expected.length &&
    expected.every((each) => found.some((incident) => names(incident, each)));
  if (isRight) return null;
  const said = found.map(
    ({ cause, title }) => `${cause.kind} ${cause.name} ${cause.linkLabel ?? ''} (${title.de})`,
  );
  return `named: ${said.join(' | ') || 'nothing'}`;
}

function names({ cause }: IncidentSummary, { kinds, names: allowed, cable }: Expected): boolean {
  if (!kinds.includes(cause.kind) || !allowed.includes(cause.name)) return false;
  const said = `${cause.linkLabel ?? ''} ${cause.also.map(({ de }) => de).join(' ')}`;
  return cable === undefined || said.includes(cable);
}

/** Until every device has been heard of and none says anything. */
async function untilCalm(screen: Watching): Promise<void> {
  const overview = () => {
    const item = screen.items.get('overview');
    return item?.type === 'overview' && item.total > 0 ? item : null;
  };
  try {
    await until(
      'every device is well',
      () => {
        const now = overview();
        return now !== null && now.unknown + now.warning + now.critical === 0 ? true : undefined;
      },
      240_000,
    );
  } catch (error) {
    const left = overview()?.conditions.map(({ title }) => title.de) ?? [];
    throw new Error(`not calm after the fault was mended: ${left.join('; ')}`, { cause: error });
  }
}
