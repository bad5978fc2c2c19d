import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTestServer, TestDevices, testDevice } from './testing.ts';

// A process for tests to kill: takes in readings as the backend does, in the folder that it is given. Prints its address and
// the token of its agent when it is ready.
const folder = process.argv[2];
if (folder === undefined) throw new Error('the folder is missing');
const server = await startTestServer({ devices: new TestDevices([testDevice(1), testDevice(2)]), folder });
const tokenFile = join(folder, 'agent.token');
if (!existsSync(tokenFile)) writeFileSync(tokenFile, (await server.agent('local')).token);
process.stdout.write(`${server.url} ${readFileSync(tokenFile, 'utf8')}\n`);
