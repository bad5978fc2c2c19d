import type { CheckTask } from '@rackhaus/config/contract';

/** Where a check of these settings goes and whom it trusts there: a secret is only for that. */
export function targetOf(settings: object): string {
  const url: unknown = Reflect.get(settings, 'url');
  return JSON.stringify([
    typeof url === 'string' ? new URL(url).origin : null,
    ...['host', 'port', 'encryption', 'trust', 'authority', 'fingerprint'].map(
      (key): unknown => Reflect.get(settings, key) ?? null,
    ),
  ]);
}

/** The host that settings name; null: that of the device. */
export function hostIn(settings: object): string | null {
  const url: unknown = Reflect.get(settings, 'url');
  const host: unknown = Reflect.get(settings, 'host');
  if (typeof url === 'string') return new URL(url).hostname.replaceAll(/[[\]]/g, '');
  return typeof host === 'string' ? host : null;
}

/** The same of a task. */
export function hostOf(task: CheckTask): string | null {
  return hostIn(task.settings);
}
