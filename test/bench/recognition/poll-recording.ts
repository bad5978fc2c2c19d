import { readFile } from 'node:fs/promises';
import { DevicePoller } from '@rackhaus/agents/poll';
import { loadRecording, SnmpResponder } from '@rackhaus/agents/simulator';
import { isMetricId, type MetricId, metric, type Observation } from '@rackhaus/config/contract';
import type { ProfileSet } from '@rackhaus/config/profiles';

/** One value that the agent has read of a recorded device. */
export interface Found {
  readonly id: MetricId;
  readonly entity: string;
  readonly value: number;
  readonly decimals: number;
  /** Instances that it was made of. */
  readonly oids: readonly string[];
}

export interface PolledRecording {
  readonly observation: Observation | null;
  readonly values: readonly Found[];
  /** Values of one entity, by `kind entity`. */
  readonly entities: ReadonlyMap<string, Readonly<Record<string, number>>>;
  readonly problem: string | null;
  /** The second poll told anew what the device is, though nothing had changed. */
  readonly changedAgain: boolean;
  /** Whether the recording has this instance. */
  has(oid: string): boolean;
  /** Whether some value of the recording holds this text. */
  holds(text: string): boolean;
}

/** Serves a recording on loopback and polls it twice as the agent does. @throws Error when it does not answer */
export async function pollRecording(file: string, profiles: ProfileSet): Promise<PolledRecording> {
  const recording = await loadRecording(file);
  const responder = new SnmpResponder({
    community: 'public',
    store: recording.store,
    contexts: recording.contexts,
  });
  const { port } = await responder.listen('127.0.0.1', 0);
  const poller = new DevicePoller({
    device: {
      id: 7,
      name: 'recording',
      address: '127.0.0.1',
      snmp: { port, credentials: { version: '2c', community: 'public' } },
      profile: null,
      intervalSeconds: 60,
      ping: false,
      tcp: [],
    },
    profiles,
    now: () => 1_780_000_000_000,
    traced: true,
  });
  try {
    const first = await poller.poll(new AbortController().signal);
    const second = await poller.poll(new AbortController().signal);
    if (!first.reachable || !second.reachable)
      throw new Error(`${file} does not answer: ${first.problem ?? second.problem}`);
    const values = second.readings.flatMap((reading) =>
      Object.entries(reading.values).flatMap(([name, value]): Found[] => {
        const id = `${reading.kind}.${name}`;
        if (!isMetricId(id)) return [];
        const oids = second.origins?.get(`${id} ${reading.entity}`) ?? [];
        return [{ id, entity: reading.entity, value, decimals: metric(id).decimals, oids }];
      }),
    );
    const recorded = await recordedTexts(file);
    return {
      observation: first.observation,
      values,
      entities: new Map(second.readings.map((each) => [`${each.kind} ${each.entity}`, each.values])),
      problem: first.problem ?? second.problem,
      changedAgain: second.observation !== null,
      has: (oid) => recorded.oids.has(oid.replace(/^\./, '')),
      holds: (text) => recorded.text.includes(text),
    };
  } finally {
    poller.close();
    await responder.close();
  }
}

/** OIDs of a recording, and all its texts in one. */
async function recordedTexts(file: string): Promise<{ oids: ReadonlySet<string>; text: string }> {
  const oids = new Set<string>();
  const texts: string[] = [];
  for (const line of (await readFile(file, 'latin1')).split('\n')) {
    const [oid, tag, ...rest] = line.trimEnd().split('|');
    if (oid === undefined || tag === undefined) continue;
    oids.add(oid);
    const value = rest.join('|');
    texts.push(tag.endsWith('x') ? Buffer.from(value, 'hex').toString('latin1') : value);
  }
  return { oids, text: texts.join('\n') };
}
