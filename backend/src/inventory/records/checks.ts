import { type CheckKind, checkKinds, checkSecrets, checkSettings } from '@rackhaus/config/contract';
import { mayBePolled, notPolled, polledNetworks } from '../../access/polled-networks.ts';
import { hostIn, targetOf } from '../../checks/target.ts';
import type { Change } from '../../history/change.ts';
import type { Row, TableSpec } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';
import { siteOfDevice } from './monitoring.ts';
import { recordSpec } from './spec.ts';

/** What is asked of devices otherwise than by SNMP. */
export const checkSpecs: readonly TableSpec[] = [
  recordSpec('check', {
    table: 'checks',
    derived: ['sealed'],
    searched: ['name'],
    prepare: async (change, rows) => {
      const prepared: Row[] = [];
      for (const { before, next } of rows) {
        const kind = kindOf(next);
        const settings = settingsOf(kind, next);
        const target = targetOf(settings);
        if (next.sealed != null && checkSecrets[kind].length === 0)
          throw new AppError('invalid', `A check of the kind ${kind} signs in nowhere.`, [
            { path: 'secret', message: 'is not for this kind' },
          ]);
        // Whoever may change where it goes could have the secret sent to themselves.
        if (
          before?.sealed != null &&
          before.sealed === next.sealed &&
          targetOf(settingsOf(kind, before)) !== target
        )
          throw new AppError(
            'invalid',
            'The check would sign in elsewhere: please give user and password again, or take them away.',
            [{ path: 'secret', message: 'must be given again' }],
            { reason: 'secret-needed' },
          );
        if (before === null || targetOf(settingsOf(kind, before)) !== target)
          await refuseForeign(change, kind, settings, Number(next.device_id));
        prepared.push({ ...next, settings: JSON.stringify(settings) });
      }
      return prepared;
    },
    scopesOf: (row) => [
      { kind: 'device', id: Number(row.device_id) },
      ...(typeof row.service_id === 'number' ? [{ kind: 'service' as const, id: row.service_id }] : []),
    ],
  }),
];

function kindOf(row: Row): CheckKind {
  const kind = checkKinds.find((one) => one === row.kind);
  if (kind === undefined) throw new Error(`There is no kind of check "${String(row.kind)}".`);
  return kind;
}

/** The settings as the kind wants them. @throws AppError invalid */
function settingsOf(kind: CheckKind, row: Row): object {
  const parsed = checkSettings[kind].safeParse(JSON.parse(String(row.settings)));
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path, message, code, ...rest }) => ({
    path: ['settings', ...path].map(String).join('.'),
    message:
      code === 'unrecognized_keys' && 'keys' in rest ? `${rest.keys.join(', ')}: is not known here` : message,
  }));
  throw new AppError(
    'invalid',
    `These settings are not of a check of the kind ${kind}: ${fields.map(({ path, message }) => `${path} ${message}`).join('; ')}`,
    fields,
    { reason: 'check-settings' },
  );
}

async function refuseForeign(
  change: Change,
  kind: CheckKind,
  settings: object,
  deviceId: number,
): Promise<void> {
  const path = kind === 'http' ? 'settings.url' : 'settings.host';
  const host = hostIn(settings);
  if (host === null) {
    const [monitoring] = await change.rows.idsBy('device_monitoring', 'device_id', [deviceId]);
    if (monitoring !== undefined) return;
    const message = 'The device has no address of its own: please say which one is to be asked.';
    throw new AppError('invalid', message, [{ path, message }], { reason: 'check-without-address' });
  }
  const networks = await polledNetworks(change.tx);
  if (mayBePolled(networks, host, null)) return;
  if (!mayBePolled(networks, host, await siteOfDevice(change, deviceId))) throw notPolled(host, path);
}
