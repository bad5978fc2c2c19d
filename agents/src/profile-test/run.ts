import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProbeResult } from '@rackhaus/config/contract';
import {
  checkOwnProfile,
  loadProfiles,
  type Profile,
  type ProfileSet,
  withOwnProfiles,
} from '@rackhaus/config/profiles';
import { loadRecording, SnmpResponder } from '../../simulator/index.ts';
import { probe } from '../probe/index.ts';

/** A profile to be tried, among those that come with Rackhaus. */
export interface TriedProfile {
  readonly profile: Profile;
  readonly profiles: ProfileSet;
}

/** Reads a profile; instead of it the lines that say what is wrong: `file:line: key: what`. */
export async function readTried(
  file: string,
): Promise<TriedProfile | { readonly problems: readonly string[] }> {
  const shipped = await loadProfiles();
  const { profile, problems } = checkOwnProfile(await readFile(file, 'utf8'), shipped.profiles);
  if (profile === null)
    return {
      problems: problems.map(
        ({ line, path, message }) => `${file}:${line ?? 1}: ${path === '' ? '' : `${path}: `}${message}`,
      ),
    };
  return { profile, profiles: withOwnProfiles(shipped, [profile]) };
}

/** The recordings that files and folders stand for. @throws Error when one does not exist */
export async function recordingFiles(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    if (!(await stat(path)).isDirectory()) {
      files.push(path);
      continue;
    }
    // Those with an @ are parts of others.
    for (const name of (await readdir(path)).sort())
      if (name.endsWith('.snmprec') && !name.includes('@')) files.push(join(path, name));
  }
  return files;
}

/** What came of a recording. */
export interface Tried {
  /** What is read by the profile that would be chosen. */
  readonly chosen: ProbeResult;
  /** What is read by the tried profile; null where none is tried. */
  readonly own: ProbeResult | null;
  /** Metrics that the tried profile names and that came to nothing here. */
  readonly silent: readonly string[];
}

/** Serves a recording on loopback and asks it as the agent would. @throws Error, ProbeError */
export async function tryRecording(
  file: string,
  profiles: ProfileSet,
  profile: Profile | null,
): Promise<Tried> {
  const recording = await loadRecording(file);
  const responder = new SnmpResponder({
    community: 'public',
    store: recording.store,
    contexts: recording.contexts,
  });
  const { port } = await responder.listen('127.0.0.1', 0);
  const options = {
    host: '127.0.0.1',
    port,
    credentials: { version: '2c' as const, community: 'public' },
    once: true,
  };
  try {
    const { problem: _, ...chosen } = await probe({ ...options, profile: null }, undefined, profiles);
    if (profile === null) return { chosen, own: null, silent: [] };
    const own =
      chosen.profile === profile.id
        ? chosen
        : withoutProblem(await probe({ ...options, profile: profile.id }, undefined, profiles));
    return { chosen, own, silent: silentMetrics(profile, own) };
  } finally {
    await responder.close();
  }
}

function withoutProblem({ problem: _, ...result }: Awaited<ReturnType<typeof probe>>): ProbeResult {
  return result;
}

/** Rates need two polls, and ports are not among the sensors. */
function silentMetrics(profile: Profile, { sensors }: ProbeResult): string[] {
  const heard = new Set<string>(sensors.map(({ metric }) => metric));
  const named = [...profile.tables, ...profile.scalars]
    .flatMap(({ values }) => values)
    .filter(({ metric, rate }) => rate === undefined && !metric.startsWith('port.'));
  return [...new Set(named.map(({ metric }) => metric))].filter((metric) => !heard.has(metric));
}
