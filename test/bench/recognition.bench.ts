import { resolve } from 'node:path';
import { loadProfiles } from '@rackhaus/config/profiles';
import type { Figure } from './figure.ts';
import { readExpected } from './recognition/expected.ts';
import { pollRecording } from './recognition/poll-recording.ts';
import { recordingsOf, usualRecordings } from './recognition/recordings.ts';
import { type Aspect, aspects, type Score, scoreRecording } from './recognition/score.ts';

const targets: Readonly<Record<Aspect, number>> = {
  identity: 100,
  sensors: 95,
  ports: 100,
  neighbours: 100,
  processors: 95,
  memories: 95,
  storages: 95,
};

/**
 * How much of recorded devices is recognised, against what another system expects of them. `RECORDINGS=folder` takes other
 * recordings, `RECORDING=name` prints everything that is missing or different of one.
 */
export async function run(): Promise<readonly Figure[]> {
  const folder = resolve(process.env.RECORDINGS ?? usualRecordings);
  const wanted = process.env.RECORDING;
  const files = recordingsOf(folder).filter(({ name }) => wanted === undefined || name === wanted);
  if (files.length === 0) {
    process.stdout.write(
      `recognition: LEFT OUT, there is no recording${wanted === undefined ? '' : ` "${wanted}"`} in ${folder}\n`,
    );
    return [];
  }
  const profiles = await loadProfiles(process.env.PROFILES);
  const scores: Score[] = [];
  for (const { name, recording, expected } of files) {
    const polled = await pollRecording(recording, profiles);
    if (expected === null) {
      print(
        `${name}: ${polled.observation?.profile}, ${polled.values.length} values, nothing is expected of it`,
      );
      continue;
    }
    const score = scoreRecording(name, await readExpected(expected), polled);
    scores.push(score);
    print(line(score));
    if (polled.problem !== null) print(`  problem: ${polled.problem}`);
    if (wanted !== undefined) {
      printIdentity(polled.observation?.identity);
      for (const miss of score.misses) {
        const about = [
          miss.found === null ? null : `found: ${miss.found}`,
          miss.unrecorded ? 'not in the recording as such' : null,
          miss.difference ? `on purpose: ${miss.difference.why}` : null,
        ].filter((each) => each !== null);
        print(
          `  - ${miss.text.slice(name.length + 1)}${about.length > 0 ? `\n      ${about.join('; ')}` : ''}`,
        );
      }
    }
  }
  return aspects.flatMap((aspect): Figure[] => {
    const expected = sum(scores, (score) => score.expected[aspect]);
    if (expected === 0) return [];
    const right = sum(scores, (score) => score.right[aspect]);
    const differing = sum(
      scores,
      ({ misses }) => misses.filter((miss) => miss.aspect === aspect && miss.difference).length,
    );
    print(
      `${aspect}: ${right} of ${expected}${differing > 0 ? `, and ${differing} otherwise on purpose` : ''}`,
    );
    return [
      {
        name: `recognition-${aspect}`,
        value: Math.floor((right / expected) * 1000) / 10,
        unit: '%',
        atLeast: targets[aspect],
      },
    ];
  });
}

function line({ name, profile, expected, right, misses }: Score): string {
  const parts = aspects
    .filter((aspect) => expected[aspect] > 0)
    .map(
      (aspect) =>
        `${aspect} ${right[aspect]}/${expected[aspect]}${right[aspect] < expected[aspect] ? ' !' : ''}`,
    );
  const wrong = misses
    .filter((miss) => miss.aspect === 'identity' && !miss.difference)
    .map((miss) => `\n    ${miss.text.slice(name.length + 1)} is ${miss.found}`);
  const unrecorded = misses.filter((miss) => miss.unrecorded && !miss.difference).length;
  const differing = misses.filter((miss) => miss.difference).length;
  const notes = [
    ...(unrecorded > 0 ? [`${unrecorded} missed and not in the recording as such`] : []),
    ...(differing > 0 ? [`${differing} on purpose`] : []),
  ];
  return `${name} [${profile}]: ${parts.join(', ')}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}${wrong.join('')}`;
}

function printIdentity(identity: object | undefined): void {
  print(`  ${JSON.stringify(identity ?? null)}`);
}

function sum(scores: readonly Score[], of: (score: Score) => number): number {
  return scores.reduce((total, score) => total + of(score), 0);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
