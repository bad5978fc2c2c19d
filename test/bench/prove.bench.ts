import { randomUUID } from 'node:crypto';
import { type OrderView, PlannedChange, SimulatorPorts, StepReply } from '@rackhaus/config/contract';
import { startDemo } from '../harness/demo.ts';
import { type Watching, watch } from '../harness/live.ts';
import { type Office, openOffice } from '../harness/orders.ts';
import { type Figure, percentile } from './figure.ts';

const orders = 4;
const cablesPerOrder = 8;
/** Longer than the backend looks for a proof: what is not proven by then is not proven. */
const patienceMs = 15_000;

/** Access switches with free copper ports, and what is joined to them. */
const pairs = [
  { from: 'acc-ug-1', to: 'acc-ug-3', ports: 18 },
  { from: 'acc-2og-1', to: 'acc-1og-1', ports: 12 },
  { from: 'acc-2og-1', to: 'acc-1og-2', ports: 12 },
];

/**
 * From "done" on the phone to "proven" on a screen: the sample town hall with its simulated switches, the real agent and the
 * real backend. Orders join switches; at each cable's second end the cable is plugged in and reported as done in one go, which leaves
 * the network no time at all; a screen that watches fetches the order whenever it hears of a change.
 */
export async function run(): Promise<readonly Figure[]> {
  const demo = await startDemo({ DEMO_HISTORY: '0', DEMO_WORK: '0' });
  try {
    const office = await openOffice(demo);
    const screen = await watch(demo.url, office.cookie, 'overview');
    const revision = () => {
      const item = screen.items.get('inventory/overview');
      return item?.type === 'inventory' ? item.revision : 0;
    };
    const free = await freePairs(office);
    await untilCalm(screen);
    const latencies: number[] = [];
    const missed: string[] = [];
    try {
      for (let n = 0; n < orders; n++) {
        const planned = free.slice(n * cablesPerOrder, (n + 1) * cablesPerOrder);
        const changes: PlannedChange[] = [];
        for (const [index, [a, b]] of planned.entries())
          changes.push(
            PlannedChange.parse({
              action: 'add-link',
              kind: 'patch',
              label: `P-${n}-${index}`,
              lengthM: 2,
              a: { portId: await portOf(office, a) },
              b: { portId: await portOf(office, b) },
            }),
          );
        const orderId = await office.order(`Messung ${n + 1}`, changes);
        const { steps } = await office.view(orderId);
        const begun = new Set<number>();
        for (const step of steps) {
          const second = begun.has(step.itemId);
          begun.add(step.itemId);
          const [a, b] = planned[Number(step.cable?.label.split('-').at(-1))] ?? [];
          if (second)
            await office.send('POST', '/api/simulator/faults', { kind: 'plug-cable', target: `${a}|${b}` });
          const startedAt = performance.now();
          StepReply.parse(
            await office.send('POST', `/api/orders/${orderId}/steps/${step.id}/report`, {
              key: randomUUID(),
              outcome: 'done',
              at: Date.now(),
            }),
          );
          if (!second) continue;
          const { proof, proofDetail } = await settled(office, orderId, step.id, revision);
          if (proof === 'proven') latencies.push(performance.now() - startedAt);
          else missed.push(`${a} – ${b}: ${proof} ${proofDetail ?? ''}`);
        }
      }
    } finally {
      screen.close();
    }
    if (missed.length > 0) throw new Error(`not proven:\n${missed.join('\n')}`);
    process.stderr.write(
      `${latencies.length} steps, median ${Math.round(percentile(latencies, 0.5))} ms, most ${Math.round(Math.max(...latencies))} ms\n`,
    );
    return [{ name: 'prove', value: percentile(latencies, 0.99), unit: 'ms', atMost: 3000 }];
  } finally {
    await demo.stop();
  }
}

/** The step once nothing more will come, fetched again each time the screen hears of a change. */
async function settled(
  office: Office,
  orderId: number,
  stepId: number,
  revision: () => number,
): Promise<OrderView['steps'][number]> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const seen = revision();
    const step = (await office.view(orderId)).steps.find(({ id }) => id === stepId);
    if (step === undefined) throw new Error('the step is gone');
    if ((step.proof !== 'waiting' && step.proof !== 'none') || performance.now() > until) return step;
    while (revision() === seen && performance.now() < until) await moment();
  }
}

/** Pairs of free copper ports, as the simulator names them. */
async function freePairs(office: Office): Promise<[string, string][]> {
  const { ports } = SimulatorPorts.parse(await office.send('GET', '/api/simulator/ports', undefined));
  const freeOf = (device: string) =>
    ports
      .filter(
        ({ target, cableTo }) =>
          cableTo === null && /^[^/]+\/(\D*\d+\/\d+\/)?\d+$/.test(target) && target.startsWith(`${device}/`),
      )
      .map(({ target }) => target)
      // Of a switch with 24 copper ports and one with 48: beyond are slots for optics.
      .filter((target) => Number(target.split('/').at(-1)) <= (ports48.has(device) ? 48 : 22));
  const used = new Set<string>();
  return pairs.flatMap(({ from, to, ports: count }) => {
    const left = freeOf(from).filter((port) => !used.has(port));
    return freeOf(to)
      .slice(0, count)
      .flatMap((port, index): [string, string][] => {
        const other = left[index];
        if (other === undefined) return [];
        used.add(other);
        return [[other, port]];
      });
  });
}
const ports48 = new Set(['acc-ug-1', 'acc-2og-1']);

function portOf(office: Office, target: string): Promise<number> {
  const cut = target.indexOf('/');
  return office.port(target.slice(0, cut), target.slice(cut + 1));
}

/** Until every device has been heard of: a town hall that has just been switched on has other things to tell. */
async function untilCalm(screen: Watching): Promise<void> {
  const until = performance.now() + 60_000;
  const isCalm = () => {
    const overview = screen.items.get('overview');
    return overview?.type === 'overview' && overview.unknown === 0 && overview.total > 0;
  };
  while (!isCalm()) {
    if (performance.now() > until) throw new Error('not every device has been heard of');
    await moment();
  }
}

/** Short beside what is measured, long enough to leave the processors to those who are measured. */
function moment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
