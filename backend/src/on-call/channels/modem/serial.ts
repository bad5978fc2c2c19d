import { execFile } from 'node:child_process';
import { close, constants, open } from 'node:fs';
import { ReadStream, WriteStream } from 'node:tty';
import { promisify } from 'node:util';

const setUpMs = 5_000;

/** A serial device that lines are read from and bytes are written to. */
export interface SerialPort {
  write(text: string): void;
  close(): void;
}

/**
 * Opens a serial device, raw, without echo. Where it goes away (a stick that is pulled out), `onEnd` is told once.
 * @throws Error when it is not there or not a serial device.
 */
export async function openSerial(
  device: string,
  on: { data: (text: string) => void; end: (error: Error) => void },
): Promise<SerialPort> {
  // By its arguments, never through a shell. A device that hangs must not hold us.
  await promisify(execFile)('stty', ['-F', device, '115200', 'raw', '-echo', '-hupcl', 'clocal'], {
    timeout: setUpMs,
  });
  // Neither waits for a carrier, nor takes the device as its terminal.
  const flags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK;
  const readFd = await promisify(open)(device, flags);
  const writeFd = await promisify(open)(device, flags).catch((error: unknown) => {
    close(readFd, () => undefined);
    throw error;
  });
  const input = new ReadStream(readFd);
  const output = new WriteStream(writeFd);
  let isClosed = false;
  const end = (error: Error): void => {
    if (isClosed) return;
    isClosed = true;
    input.destroy();
    output.destroy();
    on.end(error);
  };
  input.setEncoding('latin1');
  input.on('data', (text) => on.data(String(text)));
  input.on('error', end);
  output.on('error', end);
  input.on('end', () => end(new Error(`${device} has gone away.`)));
  input.on('close', () => end(new Error(`${device} has been closed.`)));
  return {
    write: (text) => void output.write(text, 'latin1'),
    close: () => {
      isClosed = true;
      input.destroy();
      output.destroy();
    },
  };
}
