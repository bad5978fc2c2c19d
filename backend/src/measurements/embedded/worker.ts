import { parentPort, workerData } from 'node:worker_threads';
import { isDamage, openSamples, quarantine } from './database.ts';
import type { FromWorker, Requests, ToWorker, WorkerSettings } from './messages.ts';
import { Samples } from './samples.ts';
import { Tidier } from './tidier.ts';

// The entry of the worker thread: the only place that touches the measurement file. Nothing else ever waits for it.

const port = parentPort;
if (!port) throw new Error('this file is the entry of a worker thread');
// The settings come from store.ts beside this file, by the same version of the code.
const settings: WorkerSettings = workerData;

const reply = (message: FromWorker) => port.postMessage(message);
const log = (message: string) => reply({ log: message });

let samples = open();
let tidier = new Tidier({ samples, onError: damaged });
tidier.start();

port.on('message', (message: ToWorker) => {
  work(message).then(
    (answer) => reply({ id: message.id, answer }),
    (error: unknown) => {
      const unavailable = isDamage(error);
      reply({ id: message.id, error: String(error), unavailable });
      if (unavailable) damaged(error);
    },
  );
});

async function work(message: ToWorker): Promise<Requests[keyof Requests]['answer']> {
  switch (message.name) {
    case 'write':
      samples.write(message.ask, Date.now());
      tidier.wrote(message.ask, Date.now());
      return null;
    case 'latest':
      return samples.latest(Date.now());
    case 'query':
      return await samples.query(message.ask);
    case 'check':
      samples.check();
      return null;
    case 'tidy':
      tidier.everything(message.ask);
      return null;
    case 'close':
      tidier.stop();
      samples.close();
      port?.unref();
      return null;
  }
}

function open(): Samples {
  const database = openSamples(settings.file, Date.now(), log);
  try {
    return new Samples(database, settings.retention);
  } catch (error) {
    database.close();
    if (!isDamage(error)) throw error;
    quarantine(settings.file, Date.now(), log);
    return new Samples(openSamples(settings.file, Date.now(), log), settings.retention);
  }
}

/** Called when the file turned out to be damaged while in use. Anything else is not for us to hide: the thread ends. */
function damaged(error: unknown): void {
  if (!isDamage(error)) throw error;
  log(`measurements: ${String(error)}`);
  tidier.stop();
  samples.close();
  quarantine(settings.file, Date.now(), log);
  samples = open();
  tidier = new Tidier({ samples, onError: damaged });
  tidier.start();
}
