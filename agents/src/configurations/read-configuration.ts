import {
  type ConfigurationAnswer,
  type ConfigurationJob,
  type ConfigurationOutcome,
  longestConfiguration,
} from '@rackhaus/config/contract';
import type { ProfileSet } from '@rackhaus/config/profiles';
import { DialogueError, speak } from './dialogue.ts';
import { offeredKeys } from './offered-keys.ts';
import { SshError, SshShell } from './ssh-shell.ts';

/** Large switches take a minute to write down theirs. */
const mostMs = 180_000;

/** Reads the configuration of one device at its command line. What goes wrong is an answer too. Whether it may be asked was asked before. */
export async function readConfiguration(
  job: ConfigurationJob,
  profiles: ProfileSet,
  stopped: AbortSignal,
): Promise<ConfigurationAnswer> {
  const said = (outcome: ConfigurationOutcome, detail: string | null = null): ConfigurationAnswer => ({
    id: job.id,
    outcome,
    text: null,
    hostKeys: [],
    detail: detail === null ? null : detail.slice(0, 1000),
  });
  const how = profiles.compose(job.profile)?.parts.find(({ configuration }) => configuration)?.configuration;
  if (how === undefined) return said('no-dialogue', `the profile "${job.profile}" has no "configuration"`);
  const late = AbortSignal.timeout(mostMs);
  let shell: SshShell;
  try {
    shell = await SshShell.open(job, AbortSignal.any([stopped, late]));
  } catch (error) {
    if (error instanceof SshError) return said(error.outcome, error.message);
    throw error;
  }
  try {
    const text = await speak(shell, how, job.login.enable);
    if (text.length > longestConfiguration) return said('not-understood', 'its answer is too long');
    return { ...said('read'), text, hostKeys: await shell.hostKeys() };
  } catch (error) {
    if (!(error instanceof DialogueError)) throw error;
    if (late.aborted) return said('timeout', error.message);
    const failure = shell.failure();
    if (failure === null) return said(error.outcome, error.message);
    if (failure.outcome !== 'other-host-key') return said(failure.outcome, failure.message);
    // Whoever decides whether it is still the same device has to see who answers now.
    return { ...said(failure.outcome, failure.message), hostKeys: await offeredKeys(job, stopped) };
  } finally {
    await shell.close();
  }
}
