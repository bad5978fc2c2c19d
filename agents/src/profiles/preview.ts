import type { PreviewAnswer, PreviewedPoll, PreviewJob } from '@rackhaus/config/contract';
import { checkOwnProfile, type ProfileSet, withOwnProfiles } from '@rackhaus/config/profiles';
import { ProbeError, probe } from '../probe/index.ts';

/** A slow card takes half a minute for all its tables. */
const mostMs = 40_000;

/**
 * Polls a device with a profile that is being written and as it is polled now, one after the other: slow devices answer one
 * question at a time. What goes wrong is an answer too.
 */
export async function runPreviewJob(
  job: PreviewJob,
  profiles: ProfileSet,
  stopped: AbortSignal,
): Promise<PreviewAnswer> {
  const nothing = { id: job.id, detail: null, preview: null, present: null };
  const { profile, problems } = checkOwnProfile(job.text, profiles.profiles);
  if (profile === null)
    return {
      ...nothing,
      outcome: 'broken',
      detail: problems
        .map(({ message }) => message)
        .join('; ')
        .slice(0, 2000),
    };
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(mostMs)]);
  const poll = (set: ProfileSet, id: string | null) => pollOnce(job, set, id, signal);
  const present = await poll(profiles, job.present);
  if (present.result === null && present.silent)
    return { ...nothing, outcome: 'silent', detail: present.problem };
  const preview = await poll(withOwnProfiles(profiles, [profile]), profile.id);
  return { ...nothing, outcome: 'answers', present: shown(present), preview: shown(preview) };
}

type Polled = PreviewedPoll & { readonly silent: boolean };

function shown({ result, problem }: Polled): PreviewedPoll {
  return { result, problem };
}

async function pollOnce(
  { address, port, credentials }: PreviewJob,
  profiles: ProfileSet,
  profile: string | null,
  signal: AbortSignal,
): Promise<Polled> {
  try {
    const options = { host: address, port, credentials, profile, once: false };
    const { problem, ...result } = await probe(options, signal, profiles);
    return { result, problem, silent: false };
  } catch (error) {
    if (error instanceof ProbeError) return { result: null, problem: error.message, silent: true };
    if (signal.aborted)
      return { result: null, problem: `the device was not done within ${mostMs / 1000} s`, silent: false };
    throw error;
  }
}
