import type { CheckSecret, CheckSettings, SeenCertificate } from '@rackhaus/config/contract';
import type { CheckContext } from '../context.ts';
import { placeOf } from '../host.ts';
import { HttpClient } from '../http-client.ts';
import type { Findings } from '../result.ts';
import { readChassis } from './chassis.ts';
import { members } from './members.ts';
import { pathIn, RedfishSession } from './session.ts';
import { text } from './shapes.ts';
import { readSystem } from './system.ts';

/** Reads a server by Redfish (DSP0266): what it is, its sensors with their limits, and how its parts are. @throws CheckFailure */
export async function checkRedfish(
  settings: CheckSettings<'redfish'>,
  secret: CheckSecret | null,
  context: CheckContext,
  findings: Findings,
): Promise<SeenCertificate | null> {
  const place = await placeOf(settings, context);
  const host = place.name.includes(':') ? `[${place.name}]` : place.name;
  const origin = new URL(`https://${host}:${place.port}`);
  const client = new HttpClient({ origin, place, tls: settings, ...context });
  const session = new RedfishSession(client, secret);
  try {
    const root = await session.open();
    for (const system of await members(session, pathIn(root.Systems)))
      await readSystem(session, system, findings);
    for (const chassis of await members(session, pathIn(root.Chassis)))
      await readChassis(session, chassis, findings);
    for (const manager of await members(session, pathIn(root.Managers))) {
      const version = text(manager, 'FirmwareVersion');
      if (version !== null) findings.note(text(manager, 'Model', 'Name') ?? 'Manager', version);
      findings.identity.os ??=
        [text(manager, 'Model', 'Name'), version].filter((one) => one !== null).join(' ') || null;
    }
    return client.certificate;
  } finally {
    await session.close();
    client.close();
  }
}
