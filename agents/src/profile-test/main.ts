import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { loadProfiles } from '@rackhaus/config/profiles';
import { FileError } from '@rackhaus/config/yaml';
import { ProbeError } from '../probe/index.ts';
import { formatProbe } from '../probe/table.ts';
import { readTried, recordingFiles, type TriedProfile, tryRecording } from './run.ts';

const usage = `Checks a profile and tries it on recordings.

  npm run profile:test -- PROFILE.yaml [RECORDING.snmprec | FOLDER]...   what the profile gives
  npm run profile:test -- [RECORDING.snmprec | FOLDER]...                which profile each one gets

  Without recordings those beside the repository (../shared/recordings) are taken, where they are. A device is recorded with
  npm run record -- --host HOST`;

/** Recordings of real devices, kept beside the repository. */
const usual = resolve(import.meta.dirname, '..', '..', '..', '..', 'shared', 'recordings');

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof FileError || error instanceof ProbeError) process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}

async function main(args: readonly string[]): Promise<number> {
  if (args.some((arg) => arg.startsWith('-'))) {
    print(usage);
    return args.includes('--help') ? 0 : 2;
  }
  const missing = args.filter((path) => !existsSync(path));
  if (missing.length > 0) {
    print(`${missing.join(', ')}: there is no such file\n\n${usage}`);
    return 2;
  }
  const yaml = args.filter((path) => /\.ya?ml$/.test(path));
  const [file] = yaml;
  if (yaml.length > 1) {
    print(`one profile at a time\n\n${usage}`);
    return 2;
  }
  let tried: TriedProfile | null = null;
  if (file !== undefined) {
    const read = await readTried(file);
    if ('problems' in read) {
      for (const problem of read.problems) print(problem);
      return 1;
    }
    tried = read;
    print(`${file}: is a profile (${read.profile.id})`);
  }
  const given = args.filter((path) => path !== file);
  const paths = given.length > 0 ? given : existsSync(usual) ? [usual] : [];
  const recordings = await recordingFiles(paths);
  if (recordings.length === 0) {
    print('There is no recording to try it on.');
    return 0;
  }
  const profiles = tried?.profiles ?? (await loadProfiles());
  let fitting = 0;
  for (const recording of recordings) {
    const name = basename(recording);
    const { chosen, own, silent } = await tryRecording(recording, profiles, tried?.profile ?? null);
    if (tried === null || own === null) {
      print(
        `${name}: ${chosen.profile} because ${chosen.match?.by ?? 'nothing else fits'}; ` +
          `${[chosen.vendor, chosen.model, chosen.serial, chosen.firmware].map((fact) => fact ?? '-').join(', ')}; ` +
          `${chosen.ports.length} ports, ${chosen.sensors.length} values, ${chosen.neighbours.length} neighbours`,
      );
      continue;
    }
    const itself = chosen.profile === tried.profile.id;
    // A whole folder: only what the profile is for.
    if (!itself && given.length === 0) continue;
    fitting++;
    print(`\n${name}:`);
    if (!itself) {
      const why =
        chosen.match?.others.find(({ profile }) => profile === own.profile)?.why ?? 'its match does not fit';
      print(`${own.profile} would not be chosen by itself: ${why}. ${chosen.profile} would, because`);
      print(`${chosen.match?.by ?? 'nothing else fits'}. What ${own.profile} gives all the same:\n`);
    }
    print(formatProbe(own));
    if (silent.length > 0) print(`Nothing came for: ${silent.join(', ')}`);
  }
  if (tried !== null && fitting === 0) {
    print(`None of ${recordings.length} recordings gets ${tried.profile.id} by itself.`);
    return 1;
  }
  return 0;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
