import type { Place } from './connection.ts';
import type { CheckContext } from './context.ts';
import { CheckFailure } from './result.ts';

/** Where a check goes: to the host that it names, else to the device. @throws CheckFailure, OutOfReachError, UnknownNameError */
export async function placeOf(
  settings: { readonly host: string | null; readonly port: number },
  { address, resolve }: Pick<CheckContext, 'address' | 'resolve'>,
): Promise<Place> {
  const name = settings.host ?? address;
  if (name === null) throw new CheckFailure('unknown-host', 'the device has no address', { answered: false });
  return { name, address: await resolve(name), port: settings.port };
}
