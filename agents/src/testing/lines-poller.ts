import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Identity, isMetricId, metric, type Reading } from '@rackhaus/config/contract';
import type { ProfileSet } from '@rackhaus/config/profiles';
import { loadRecording } from '../../simulator/index.ts';
import { pollDevice } from './polled-device.ts';

/** What a poll has found; the values by `metric entity`, states by their name. */
export interface PolledLines {
  readonly profile: string | null | undefined;
  readonly identity: Identity | undefined;
  readonly values: Readonly<Record<string, number | string>>;
}

/** For tests: polls devices that consist of a few lines of a recording. */
export class LinesPoller {
  readonly #profiles: ProfileSet;
  readonly #open: (() => Promise<void> | void)[] = [];

  constructor(profiles: ProfileSet) {
    this.#profiles = profiles;
  }

  /** Polls a device that answers with these lines, the system group's text first. */
  async poll(description: string, lines: readonly string[]): Promise<PolledLines> {
    const folder = await mkdtemp(join(tmpdir(), 'lines-poller-'));
    this.#open.push(() => rm(folder, { recursive: true }));
    const file = join(folder, 'device.snmprec');
    await writeFile(file, `${[`1.3.6.1.2.1.1.1.0|4|${description}`, ...lines].join('\n')}\n`);
    const { store, contexts } = await loadRecording(file);
    const device = await pollDevice({ serving: { store, contexts }, profiles: this.#profiles });
    this.#open.push(() => device.close());
    const { observation, readings } = await device.poll();
    return { profile: observation?.profile, identity: observation?.identity, values: named(readings) };
  }

  /** Ends what was begun by polls. */
  async close(): Promise<void> {
    for (const close of this.#open.splice(0).reverse()) await close();
  }
}

function named(readings: readonly Reading[]): Record<string, number | string> {
  return Object.fromEntries(
    readings.flatMap(({ kind, entity, values }) =>
      Object.entries(values).flatMap(([name, value]) => {
        const id = `${kind}.${name}`;
        if (!isMetricId(id)) return [];
        return [[`${id} ${entity}`.trim(), metric(id).states?.[value] ?? value]];
      }),
    ),
  );
}
