import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryOf, force, giveUp, takeBack } from './decisions.ts';
import { countsOf, type Entry, keyOf, type NewEntry, nextToSend } from './queue.ts';
import { type Answer, backOff, type Exclusive, oneAtATime, Sender } from './sender.ts';
import { MemoryStore } from './store.ts';

const userId = 1;
let made = 0;
const uuid = () => `00000000-0000-4000-8000-${String(++made).padStart(12, '0')}`;

function report(orderId: number, stepId: number, outcome: 'done' | 'reopen' = 'done'): NewEntry {
  return entryOf(
    {
      kind: 'report',
      orderId,
      stepId,
      report: {
        key: uuid(),
        outcome,
        reason: null,
        at: 1,
        label: null,
        lengthM: null,
        color: null,
        documentIds: [],
        force: false,
      },
    },
    { userId, user: 'Kim' },
    `step ${stepId}`,
  );
}

const conflict: Answer = {
  kind: 'trouble',
  trouble: { code: 'conflict', reason: 'conflict', message: 'moved on', blocking: [] },
};

/** A server that applies each key once, as the contract says; `refuse` names steps whose reports conflict unless forced. */
function server() {
  const applied: { key: string; lane: string; seq: number }[] = [];
  const keys = new Set<string>();
  const refuse = new Set<number>();
  return {
    applied,
    refuse,
    take(entry: Entry): Answer {
      const { task } = entry;
      if (task.kind === 'report' && refuse.has(task.stepId) && !task.report.force) return conflict;
      if (!keys.has(keyOf(entry))) {
        keys.add(keyOf(entry));
        applied.push({ key: keyOf(entry), lane: entry.lane, seq: entry.seq });
      }
      return { kind: 'taken', step: null };
    },
  };
}

function sender(store: MemoryStore, send: (entry: Entry) => Promise<Answer>, exclusive = oneAtATime()) {
  return new Sender({ store, send, exclusive, taken: () => {} });
}

describe('the queue', () => {
  it('sends in order, and nothing twice', async () => {
    const store = new MemoryStore();
    const { applied, take } = server();
    for (const step of [1, 2, 3]) await store.add(report(7, step));
    const sending = sender(store, async (entry) => take(entry));
    expect(await Promise.all([sending.drain(userId), sending.drain(userId)])).toEqual(['idle', 'idle']);
    expect(applied.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(await store.list()).toEqual([]);
  });

  it('stops the order whose report conflicts, and no other', async () => {
    const store = new MemoryStore();
    const backend = server();
    backend.refuse.add(1);
    for (const [order, step] of [
      [7, 1],
      [7, 2],
      [8, 3],
    ] as const)
      await store.add(report(order, step));
    const sending = sender(store, async (entry) => backend.take(entry));
    await sending.drain(userId);
    expect(backend.applied.map(({ seq }) => seq)).toEqual([3]);
    expect(countsOf(await store.list(), userId)).toMatchObject({ waiting: 0, held: 1, stuck: [{ seq: 1 }] });
    await force(store, 1);
    await sending.drain(userId);
    expect(backend.applied.map(({ seq }) => seq)).toEqual([3, 1, 2]);
  });

  it('gives up a stuck report with what follows for its step, and goes on with the rest', async () => {
    const store = new MemoryStore();
    const backend = server();
    backend.refuse.add(1);
    await store.add(report(7, 1));
    await store.add(report(7, 1, 'reopen'));
    await store.add(report(7, 2));
    const sending = sender(store, async (entry) => backend.take(entry));
    await sending.drain(userId);
    const [stuck] = await store.list();
    if (stuck === undefined) throw new Error('nothing is stuck');
    await giveUp(store, stuck);
    await sending.drain(userId);
    expect(backend.applied.map(({ seq }) => seq)).toEqual([3]);
  });

  it('takes back what was never sent without a trace, and reports the taking back of all else', async () => {
    const store = new MemoryStore();
    await store.add(report(7, 1));
    expect(await takeBack(store, 1, report(7, 1, 'reopen'))).toBe(true);
    expect(await store.list()).toEqual([]);

    await store.add(report(7, 1));
    await sender(store, async () => ({ kind: 'later' })).drain(userId);
    expect(await takeBack(store, 1, report(7, 1, 'reopen'))).toBe(false);
    expect((await store.list()).map(({ task }) => task.kind === 'report' && task.report.outcome)).toEqual([
      'done',
      'reopen',
    ]);
  });

  it('leaves what somebody else did to them', async () => {
    const store = new MemoryStore();
    await store.add({ ...report(7, 1), userId: 2 });
    await store.add(report(7, 2));
    expect(nextToSend(await store.list(), userId)?.seq).toBe(2);
    expect(countsOf(await store.list(), userId)).toMatchObject({ waiting: 1 });
  });

  it('waits longer after each failure, and never longer than half a minute', () => {
    expect([0, 1, 2, 5, 50].map((failures) => backOff(failures, 0))).toEqual([
      1000, 2000, 4000, 30_000, 30_000,
    ]);
    expect(backOff(3, 1)).toBe(6000);
  });

  it('reaches the server once and in order, whatever the network does and whoever crashes', async () => {
    const Event = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          do: fc.constant('report' as const),
          order: fc.integer({ min: 1, max: 3 }),
          step: fc.integer({ min: 1, max: 6 }),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          do: fc.constant('drain' as const),
          tab: fc.integer({ min: 0, max: 1 }),
          fate: fc.array(
            fc.constantFrom('ok', 'ok', 'lost', 'reply-lost', 'crash', 'crash-after', 'signed-out'),
            { maxLength: 6 },
          ),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          do: fc.constant('take-back' as const),
          order: fc.integer({ min: 1, max: 3 }),
          step: fc.integer({ min: 1, max: 6 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ do: fc.constant('refuse' as const), step: fc.integer({ min: 1, max: 6 }) }),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(Event, { maxLength: 40 }), async (events) => {
        const store = new MemoryStore();
        const backend = server();
        const lock = browserLock();
        const added = new Map<string, Entry>();
        const takenOut = new Set<string>();
        const add = async (entry: NewEntry) => {
          const queued = await store.add(entry);
          added.set(keyOf(queued), queued);
        };
        const drains: Promise<unknown>[] = [];
        for (const event of events) {
          if (event.do === 'report') await add(report(event.order, event.order * 10 + event.step));
          else if (event.do === 'refuse') backend.refuse.add(event.step);
          else if (event.do === 'take-back') {
            const stepId = event.order * 10 + event.step;
            const before = await store.list();
            const reopen = report(event.order, stepId, 'reopen');
            if (await takeBack(store, stepId, reopen)) {
              const after = new Set((await store.list()).map(keyOf));
              for (const each of before)
                if (!after.has(keyOf(each)) && !backend.applied.some(({ key }) => key === keyOf(each)))
                  takenOut.add(keyOf(each));
            } else {
              const queued = (await store.list()).find(
                (each) => keyOf(each) === keyOf({ task: reopen.task }),
              );
              if (queued) added.set(keyOf(queued), queued);
            }
          } else {
            const fate = [...event.fate];
            const tab = sender(
              store,
              async (entry) => {
                await Promise.resolve();
                switch (fate.shift() ?? 'lost') {
                  case 'ok':
                    return backend.take(entry);
                  case 'reply-lost':
                    backend.take(entry);
                    return { kind: 'later' };
                  case 'crash':
                    throw new Error('the tab is gone');
                  case 'crash-after':
                    backend.take(entry);
                    throw new Error('the tab is gone');
                  case 'signed-out':
                    return { kind: 'signed-out' };
                  default:
                    return { kind: 'later' };
                }
              },
              lock,
            );
            // Not waited for: the next thing happens meanwhile, in another tab.
            drains.push(tab.drain(userId).catch(() => {}));
          }
        }
        await Promise.all(drains);
        // The network is back, and the person decides what is stuck.
        const last = sender(store, async (entry) => backend.take(entry), lock);
        await last.drain(userId);
        for (let stuck = countsOf(await store.list(), userId).stuck; stuck.length > 0; ) {
          for (const each of stuck) await force(store, each.seq);
          await last.drain(userId);
          stuck = countsOf(await store.list(), userId).stuck;
        }
        expect(await store.list()).toEqual([]);
        const keys = backend.applied.map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
        const wanted = [...added.keys()].filter((key) => !takenOut.has(key));
        expect([...keys].sort()).toEqual([...wanted].sort());
        for (const lane of new Set(backend.applied.map((each) => each.lane))) {
          const seqs = backend.applied.filter((each) => each.lane === lane).map(({ seq }) => seq);
          expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** As `navigator.locks`: given up when its holder is gone. */
function browserLock(): Exclusive {
  return oneAtATime();
}
