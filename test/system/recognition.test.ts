import { isMetricId } from '@rackhaus/config/contract';
import { loadProfiles, type ProfileSet } from '@rackhaus/config/profiles';
import { beforeAll, describe, expect, it } from 'vitest';
import { readExpected } from '../bench/recognition/expected.ts';
import { pollRecording } from '../bench/recognition/poll-recording.ts';
import { recordingsOf, usualRecordings } from '../bench/recognition/recordings.ts';
import { type Aspect, aspects, scoreRecording } from '../bench/recognition/score.ts';

// Every recorded device is recognised: what must be right of each. Exceptions stand in bench/recognition/differences.ts only.
const least: Readonly<Record<Aspect, number>> = {
  identity: 1,
  sensors: 0.95,
  ports: 1,
  neighbours: 1,
  processors: 0.95,
  memories: 0.95,
  storages: 0.95,
};

const recordings = recordingsOf(usualRecordings);
if (recordings.length === 0)
  console.warn(
    `recognition.test.ts: there are no recordings in ${usualRecordings}; these tests are LEFT OUT`,
  );

describe.skipIf(recordings.length === 0)('recordings of real devices', () => {
  let profiles: ProfileSet;
  beforeAll(async () => {
    profiles = await loadProfiles();
  });

  it.each(recordings)('$name', async ({ name, recording, expected }) => {
    const polled = await pollRecording(recording, profiles);
    expect(polled.problem).toBeNull();
    expect(polled.changedAgain, 'an unchanged device says nothing anew').toBe(false);
    expect(polled.observation?.profile).toBeTruthy();
    for (const { id, value } of polled.values) {
      expect(isMetricId(id)).toBe(true);
      expect(Number.isFinite(value), id).toBe(true);
    }
    const ports = (polled.observation?.ports ?? []).map((port) => port.name);
    expect(new Set(ports).size, 'no port name twice').toBe(ports.length);
    if (expected === null) return;

    const score = scoreRecording(name, await readExpected(expected), polled);
    for (const aspect of aspects) {
      const wrong = score.misses
        .filter((miss) => miss.aspect === aspect && miss.difference === null)
        .map(({ text, found }) => `${text} | found: ${found}`);
      const share = score.expected[aspect] === 0 ? 1 : score.right[aspect] / score.expected[aspect];
      expect(share, `${aspect}:\n${wrong.join('\n')}`).toBeGreaterThanOrEqual(least[aspect]);
    }
  });
});
