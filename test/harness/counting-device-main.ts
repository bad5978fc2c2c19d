// A counting device as a process of its own, so that it can stand in a network namespace: <port> <what it counts from>.
import { startCountingDevice } from './counting-device.ts';

const [port, first] = process.argv.slice(2).map(Number);
const device = await startCountingDevice(first, port);
process.once('SIGTERM', () => void device.close());
process.stdout.write(`ready on port ${device.port}\n`);
