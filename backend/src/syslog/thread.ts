import { parentPort, workerData } from 'node:worker_threads';
import { defaultSettings } from './default-settings.ts';
import { openForReading, openMessages } from './file.ts';
import type { FromThread, Requests, ThreadSettings, ToThread, WrittenBatch } from './messages.ts';
import { MessageReader } from './reader.ts';
import { MessageWriter } from './writer.ts';

// The entry of both threads: the only places that touch the file of messages. Nothing else ever waits for it.

const port = parentPort;
if (!port) throw new Error('this file is the entry of a worker thread');
// The settings come from store.ts beside this file, by the same version of the code.
const settings: ThreadSettings = workerData;
/** Lines that are written in one transaction. */
const linesAtOnce = 20_000;
const tidyEveryMs = 60_000;
const tidyBreathMs = 20;

const reply = (message: FromThread) => port.postMessage(message);
const log = (message: string) => reply({ log: message });

const database =
  settings.role === 'write' ? openMessages(settings.file, Date.now(), log) : openForReading(settings.file);
const writer = settings.role === 'write' ? new MessageWriter({ database, settings: defaultSettings }) : null;
const reader = new MessageReader({ database });
const waiting: { id: number; batch: WrittenBatch }[] = [];
let scheduled = false;
let tidying = setTimeout(tidy, tidyEveryMs);

port.on('message', (message: ToThread) => {
  if (message.name === 'write') {
    waiting.push({ id: message.id, batch: message.ask });
    if (!scheduled) setImmediate(flush);
    scheduled = true;
    return;
  }
  try {
    reply({ id: message.id, answer: work(message) });
  } catch (error) {
    reply({ id: message.id, error: String(error) });
  }
});

function work(message: Exclude<ToThread, { name: 'write' }>): Requests[keyof Requests]['answer'] {
  switch (message.name) {
    case 'settings':
      if (writer !== null) writer.settings = message.ask;
      return null;
    case 'tidy':
      while (writer?.tidy(message.ask));
      return null;
    case 'search':
      return reader.search(message.ask);
    case 'counts':
      return reader.counts(message.ask);
    case 'kept':
      return reader.kept();
    case 'close':
      clearTimeout(tidying);
      while (waiting.length > 0) writeSome();
      database.close();
      port?.unref();
      return null;
  }
}

function flush(): void {
  scheduled = false;
  writeSome();
  if (waiting.length === 0) return;
  scheduled = true;
  setImmediate(flush);
}

/** Many batches in one transaction: the disk is waited for once. */
function writeSome(): void {
  let count = 0;
  let lines = 0;
  while (count < waiting.length && lines < linesAtOnce) lines += waiting[count++]?.batch.lines.length ?? 0;
  const group = waiting.splice(0, count);
  try {
    const fresh = writer?.write(
      group.map(({ batch }) => batch),
      Date.now(),
    );
    group.forEach(({ id }, index) => {
      reply({ id, answer: fresh?.[index] ?? false });
    });
  } catch (error) {
    for (const { id } of group) reply({ id, error: String(error) });
  }
}

function tidy(): void {
  let more = false;
  try {
    more = writer?.tidy(Date.now()) ?? false;
  } catch (error) {
    log(`old messages could not be deleted: ${String(error)}`);
  }
  tidying = setTimeout(tidy, more ? tidyBreathMs : tidyEveryMs);
}
