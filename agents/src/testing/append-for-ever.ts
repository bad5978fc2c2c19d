import { writeSync } from 'node:fs';
import pino from 'pino';
import { Outbox } from '../outbox/outbox.ts';

// Run by killed.slow.test.ts as a process of its own, to be killed: appends as fast as it can and prints every
// acknowledged batch as "<sequence> <body>".
const [, , file = '', run = ''] = process.argv;
const outbox = new Outbox({ file, now: () => Date.now(), log: pino({ level: 'silent' }) });
outbox.open();
for (let n = 0; ; n++) {
  const body = `${run}/${n}`;
  const sequence = outbox.append('readings', Buffer.from(body));
  writeSync(1, `${sequence} ${body}\n`);
}
