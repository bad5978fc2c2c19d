import { parentPort, workerData } from 'node:worker_threads';
import type { EntityKey } from '../reading-batch.ts';
import { StoreClock } from './clock.ts';
import { isDamage, isFromSqlite, openSamples, quarantine } from './database.ts';
import type { FromWorker, Requests, ToWorker, WorkerSettings } from './messages.ts';
import { Samples } from './samples.ts';
import { Tidier } from './tidier.ts';
import type { WrittenBatch } from './writer.ts';

// The entry of the worker thread: the only place that touches the measurement file. Nothing else ever waits for it.

const port = parentPort;
if (!port) throw new Error('this file is the entry of a worker thread');
// The settings come from store.ts beside this file, by the same version of the code.
const settings: WorkerSettings = workerData;

/** Values that are written in one transaction, so that none takes long. */
const valuesAtOnce = 1_000_000;
/** With more than this in memory, writes wait until some of it is packed. */
const tooManyBytes = 768 * 2 ** 20;
const waitMs = 20;
const noteClockMs = 60_000;

const reply = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
const log = (message: string) => reply({ log: message });

/** What the numbers of entities stand for, as this thread was told. */
const keys: EntityKey[] = [];
let clock = new StoreClock(Date.now(), performance.now());
const now = () => clock.at(Date.now(), performance.now());
let samples = open();
let tidier = startTidier();
const noting = setInterval(() => guarded(() => samples.noteClock(clock.trusted)), noteClockMs);

const waiting: { id: number; batch: WrittenBatch }[] = [];
let scheduled = false;

port.on('message', (message: ToWorker) => {
  if (message.definitions) {
    samples.define(message.definitions.first, message.definitions.keys);
    for (const key of message.definitions.keys) keys.push(key);
  }
  if (message.name === 'write') {
    waiting.push({ id: message.id, batch: message.ask });
    if (!scheduled) setImmediate(flush);
    scheduled = true;
    return;
  }
  work(message).then(
    (answer) => reply({ id: message.id, answer }, buffersOf(answer)),
    (error: unknown) => refuse([message.id], error),
  );
});

/** Writes all that waits as one transaction. */
function flush(): void {
  scheduled = false;
  if (samples.openBytes > tooManyBytes) {
    scheduled = true;
    setTimeout(flush, waitMs);
    return;
  }
  if (waiting.length > 0) writeSome();
  if (waiting.length > 0) {
    scheduled = true;
    setImmediate(flush);
  }
}

function writeSome(): void {
  let count = 0;
  let values = 0;
  while (count < waiting.length && values < valuesAtOnce) values += waiting[count++]?.batch.value.length ?? 0;
  const group = waiting.splice(0, count);
  const ids = group.map(({ id }) => id);
  try {
    samples.write(
      group.map(({ batch }) => batch),
      now(),
    );
    reply({ written: ids });
  } catch (error) {
    refuse(ids, error);
  }
}

function refuse(ids: readonly number[], error: unknown): void {
  const unavailable = isFromSqlite(error) || isDamage(error);
  for (const id of ids) reply({ id, error: String(error), unavailable });
  if (isDamage(error)) damaged(error);
}

async function work(
  message: Exclude<ToWorker, { name: 'write' }>,
): Promise<Requests[keyof Requests]['answer']> {
  switch (message.name) {
    case 'latest':
      return samples.latest(now());
    case 'query':
      return samples.query(message.ask);
    case 'entities':
      return samples.listEntities(now());
    case 'kept':
      return samples.kept(message.ask.entity, message.ask.from, message.ask.to);
    case 'keptColumns':
      return samples.keptColumns(message.ask.entity, message.ask.from, message.ask.to);
    case 'putRollups':
      samples.putRollups(message.ask, now());
      return null;
    case 'check':
      samples.check();
      return null;
    case 'tidy':
      samples.tidy(message.ask);
      return null;
    case 'copy':
      await samples.copyTo(message.ask);
      return null;
    case 'close':
      tidier.stop();
      clearInterval(noting);
      while (waiting.length > 0) writeSome();
      samples.noteClock(clock.trusted);
      samples.close();
      port?.unref();
      return null;
  }
}

/** What may be handed over instead of copied. */
function buffersOf(answer: Requests[keyof Requests]['answer']): ArrayBuffer[] {
  if (answer === null || Array.isArray(answer)) return [];
  const columns = 'columns' in answer ? answer.columns.flatMap(({ mean, min, max }) => [mean, min, max]) : [];
  const readings =
    'others' in answer ? [answer.entity, answer.time, answer.first, answer.metric, answer.value] : [];
  const kept =
    'hours' in answer
      ? [answer.raw, answer.fiveMinutes, answer.hours].flatMap((rows) =>
          Object.values(rows).flatMap((of: Float64Array | readonly Float64Array[]) =>
            of instanceof Float64Array ? [of] : of,
          ),
        )
      : [];
  // Columns may share a buffer.
  const buffers = new Set<ArrayBuffer>();
  for (const { buffer } of [...columns, ...readings, ...kept])
    if (buffer instanceof ArrayBuffer && buffer.byteLength > 0) buffers.add(buffer);
  return [...buffers];
}

function open(): Samples {
  const opened = openOrReplace();
  const wall = Date.now();
  clock = new StoreClock(opened.clock ?? wall, performance.now());
  return opened;
}

function openOrReplace(): Samples {
  const { retention, metrics } = settings;
  const database = openSamples(settings.file, Date.now(), log);
  try {
    return new Samples({ database, retention, metrics, log });
  } catch (error) {
    database.close();
    if (!isDamage(error)) throw error;
    quarantine(settings.file, Date.now(), log);
    return new Samples({ database: openSamples(settings.file, Date.now(), log), retention, metrics, log });
  }
}

function startTidier(): Tidier {
  const started = new Tidier({ samples, now, onError: damaged });
  started.start();
  return started;
}

function guarded(act: () => void): void {
  try {
    act();
  } catch (error) {
    damaged(error);
  }
}

/**
 * Called when something went wrong besides answering. A damaged file is replaced; a disk that is full is waited for. Anything else is
 * not for us to hide: the thread ends, and is started anew.
 */
function damaged(error: unknown): void {
  if (!isDamage(error) && !isFromSqlite(error)) throw error;
  log(`measurements: ${error instanceof Error ? error.message : String(error)}`);
  if (!isDamage(error)) return;
  tidier.stop();
  samples.close();
  quarantine(settings.file, Date.now(), log);
  samples = open();
  samples.define(0, keys);
  tidier = startTidier();
}
