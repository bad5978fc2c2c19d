import { parseArgs } from 'node:util';
import { loadDeviceTypes } from '@rackhaus/config/device-types';
import { loadInventory } from '@rackhaus/config/inventory-file';
import { sampleTownHallFolder } from '@rackhaus/config/sample-town-hall';
import { ControlServer } from './town/control.ts';
import { TownServices } from './town/services.ts';
import { Simulation } from './town/simulation.ts';
import { buildTown } from './town/topology.ts';
import { parseTarget } from './town/traps.ts';
import { Undocumented } from './town/undocumented.ts';

/** As the documented ones. */
const undocumentedPort = 1161;

const usage = `usage: town-hall [--inventory DIR] [--control PORT] [--agent-at DEVICE]   (environment: SIMULATOR_TOKEN, SIMULATOR_TRAP_TARGET, SIMULATOR_SYSLOG_TARGET)
  --agent-at: devices that no path of links leads to from there are silent; without it all that have power answer
  SIMULATOR_TRAP_TARGET: address:port that switches send linkUp and linkDown to; without it they send none
  SIMULATOR_SYSLOG_TARGET: address:port that devices send their messages to; without it they send none`;

/** The demo's town: every monitored device of an inventory as a simulated one, and the control server for faults. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      inventory: { type: 'string', default: sampleTownHallFolder },
      control: { type: 'string', default: '0' },
      'agent-at': { type: 'string' },
    },
  });
  const port = Number(values.control);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--control ${values.control}: must be a port\n${usage}`);
  const token = process.env.SIMULATOR_TOKEN;
  if (token === undefined || token.length < 16)
    throw new Error('SIMULATOR_TOKEN must be set to at least 16 characters');

  const town = buildTown(await loadInventory(values.inventory), await loadDeviceTypes());
  const agentAt = values['agent-at'] ?? null;
  if (agentAt !== null && !town.devices.has(agentAt))
    throw new Error(`--agent-at ${agentAt}: there is no such device`);
  const trapTarget = process.env.SIMULATOR_TRAP_TARGET;
  const messageTarget = process.env.SIMULATOR_SYSLOG_TARGET;
  const send = process.send?.bind(process);
  const simulation = new Simulation({
    town,
    now: Date.now,
    agentAt,
    trapTarget: trapTarget === undefined ? null : parseTarget(trapTarget, 'traps'),
    messageTarget: messageTarget === undefined ? null : parseTarget(messageTarget, 'messages'),
    runAgent: send === undefined ? null : (run) => void send({ type: 'agent', run }),
  });
  const control = new ControlServer({ controlled: simulation, token });
  await simulation.start();
  // Only in the sample town hall: another inventory has addresses of its own.
  const undocumented =
    values.inventory === sampleTownHallFolder ? new Undocumented({ community: 'rathaus-lesen' }) : null;
  await undocumented?.start(undocumentedPort);
  const services =
    values.inventory === sampleTownHallFolder
      ? new TownServices({ world: simulation.world, now: Date.now })
      : null;
  await services?.start();
  const bound = await control.listen(port);
  console.error(`${simulation.size} devices answer`);
  const stop = () => {
    Promise.all([control.close(), simulation.stop(), undocumented?.stop(), services?.stop()]).then(() =>
      process.exit(0),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // Whoever started the demo is gone: its devices go as well.
  process.once('disconnect', stop);
  // Last: who reads it may end this process at once.
  console.log(`ready http://127.0.0.1:${bound.port}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
