import { once } from 'node:events';
import { createServer } from 'node:http';
import { agentHeaders } from '@rackhaus/config/contract';
import express from 'express';
import { expect, it } from 'vitest';
import { tellServerTime } from './server-time.ts';

it('tells the time at which the answer begins, however it is answered', async () => {
  let time = 1000;
  const app = express();
  app.use(tellServerTime(() => time));
  app.get('/late', async (_request, response) => {
    time = 5000;
    response.status(204).end();
  });
  app.get('/json', (_request, response) => void response.json({ a: 1 }));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  try {
    const late = await fetch(`http://127.0.0.1:${port}/late`);
    expect([late.status, late.headers.get(agentHeaders.time)]).toEqual([204, '5000']);
    const json = await fetch(`http://127.0.0.1:${port}/json`);
    expect(await json.json()).toEqual({ a: 1 });
    expect(json.headers.get(agentHeaders.time)).toBe('5000');
    expect((await fetch(`http://127.0.0.1:${port}/none`)).headers.get(agentHeaders.time)).toBe('5000');
  } finally {
    server.close();
  }
});
