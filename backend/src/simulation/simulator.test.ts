import { createServer, type Server } from 'node:http';
import { SimulatorState } from '@rackhaus/config/contract';
import { Secret } from '@rackhaus/config/settings';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeServer, listen } from '../http/listen.ts';
import { Simulator } from './simulator.ts';

let server: Server;
let simulator: Simulator;
const asked: string[] = [];
/** What the control answers next. */
let answer: { status: number; body: string };

beforeEach(async () => {
  asked.length = 0;
  answer = { status: 200, body: '{"faults":[],"offers":[]}' };
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.statusCode = answer.status;
    response.end(answer.body);
  });
  simulator = new Simulator({ url: await listen(server, 0, '127.0.0.1'), token: new Secret('t0ken') });
});
afterEach(() => closeServer(server));

const state = () => simulator.ask('GET', '/state', SimulatorState);

describe('simulator', () => {
  it('is asked with its token', async () => {
    expect(await state()).toEqual({ faults: [], offers: [] });
    expect(asked).toEqual(['GET /state Bearer t0ken']);
  });

  it.each([
    [404, '{"message":"There is no fault 7."}', 'not-found', 'There is no fault 7.'],
    [409, '{"message":"cut already"}', 'conflict', 'cut already'],
    [400, 'no json', 'invalid', 'The simulator answered with 400.'],
    [401, '', 'unavailable', 'The simulator answered with 401.'],
    [500, '', 'unavailable', 'The simulator answered with 500.'],
  ])('hands on an answer of %d as a problem', async (status, body, code, message) => {
    answer = { status, body };
    await expect(state()).rejects.toMatchObject({ code, message });
  });

  it('is not believed when it answers something else', async () => {
    answer = { status: 200, body: '{"faults":"none"}' };
    await expect(state()).rejects.toThrow();
  });

  it('may be away', async () => {
    await closeServer(server);
    await expect(state()).rejects.toMatchObject({ code: 'unavailable' });
  });
});
