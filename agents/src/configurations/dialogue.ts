import type { ProfileConfiguration } from '@rackhaus/config/profiles';
import { lineBegins, pagerAt, terminalText } from './terminal-text.ts';

/** A command line at the other end: what it says, and what it is told. */
export interface Shell {
  /** What has come since it was asked last; waits for something, at most so long. '': nothing came. null: it has ended. */
  read(mostMs?: number): Promise<string | null>;
  write(text: string): void;
}

export class DialogueError extends Error {
  readonly outcome: 'not-understood' | 'wrong-enable';
  constructor(outcome: 'not-understood' | 'wrong-enable', message: string) {
    super(message);
    this.name = 'DialogueError';
    this.outcome = outcome;
  }
}

const usualPrompt = /^[^\s#>$%][^\n#>$%]{0,80}[#>$%] ?$|^[^\n]{0,80}[^\s#>$%:][#>] ?$/;
/** A prompt is one when nothing follows it: lines of banners and of configurations look like prompts, too. */
const quietMs = 300;
/** More than the longest configuration that is taken, and its repeats of screens. */
const mostLetters = 8_000_000;
const passwordAsked = /password[^\n]{0,40}:\s?$/i;
/** What devices say of a command that they do not know, or that this account may not give. */
const refused = new RegExp(
  `^\\s*(?:${[
    '%{1,2} ?(?:invalid|unknown|unrecogni[sz]ed|incomplete|ambiguous|bad|permission|authorization|access)',
    '(?:unknown|unrecogni[sz]ed|bad) (?:command|action)',
    'invalid (?:input|command|syntax)',
    'command (?:parse error|fail|not found|authorization)',
    'parsing error',
    'syntax error',
    'expected end of command',
    'not enough permissions',
    'permission denied',
    'error: ',
    '\\S+: (?:.{1,80}: )?(?:command not found|permission denied|no such file)',
  ].join('|')})`,
  'im',
);

/**
 * Speaks with a command line as a person would: waits for its prompt, turns pages, sends the commands of the profile, and gives
 * what was shown. Ends when its text has come; whoever called ends the connection.
 * @throws DialogueError
 */
export async function speak(shell: Shell, how: ProfileConfiguration, enable: string | null): Promise<string> {
  const talk = new Talk(shell, how.prompt === undefined ? usualPrompt : new RegExp(how.prompt));
  await talk.greet(how.greeting);
  const mayAll =
    how.enable === undefined || !/> ?$/.test(talk.lastPrompt) || (await talk.enable(how.enable, enable));
  for (const command of how.setup) await talk.command(command);
  const answers: string[] = [];
  for (const commands of how.show) {
    const { command, answer, known } = await talk.first(typeof commands === 'string' ? [commands] : commands);
    if (!known)
      throw new DialogueError(
        mayAll ? 'not-understood' : 'wrong-enable',
        `to "${command}" it said: ${answer.trim().slice(0, 300)}`,
      );
    answers.push(answer);
  }
  shell.write(`${how.end}\n`);
  const text = `${answers.map((answer) => answer.replace(/^\n+|\s+$/g, '')).join('\n\n')}\n`;
  if (text.trim() === '') throw new DialogueError('not-understood', 'its answer was empty');
  return text;
}

/** The prompt without what is another each time: some count commands, or say with a star that something is not saved. */
function steady(prompt: string): string {
  return prompt
    .trim()
    .replace(/^\* ?/, '')
    .replace(/[.:]\d+(?= ?[#>]$)/, '');
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1);
}

function notEnabled(): DialogueError {
  return new DialogueError('wrong-enable', 'the device did not take the password for all commands');
}

class Talk {
  readonly #shell: Shell;
  readonly #prompt: RegExp;
  lastPrompt = '';

  constructor(shell: Shell, prompt: RegExp) {
    this.#shell = shell;
    this.#prompt = prompt;
  }

  /** Waits for the first prompt, and answers what is asked before it, each once. */
  async greet(questions: ProfileConfiguration['greeting']): Promise<void> {
    const open = questions.map(({ asks, answer }) => ({ asks: new RegExp(asks), answer }));
    for (;;) {
      const asked = (last: string) => open.findIndex(({ asks }) => asks.test(last));
      const text = await this.#until((last) => asked(last) >= 0 || this.#prompt.test(last));
      const [question] = open.splice(asked(lastLine(text)), asked(lastLine(text)) < 0 ? 0 : 1);
      if (question === undefined) return;
      this.#shell.write(`${question.answer}\n`);
    }
  }

  /**
   * Asks for all commands; false: they want a password, and there is none.
   * @throws DialogueError when the password is not taken
   */
  async enable(command: string, password: string | null): Promise<boolean> {
    this.#shell.write(`${command}\n`);
    const wanted = (last: string) => passwordAsked.test(last);
    const next = () => this.#until((last) => wanted(last) || this.#prompt.test(last));
    const asked = wanted(lastLine(await next()));
    if (asked) {
      this.#shell.write(`${password ?? ''}\n`);
      // Some ask three times before they give their prompt again.
      for (let tries = 1; wanted(lastLine(await next())); tries++) {
        if (tries >= 3 || password !== null) throw notEnabled();
        this.#shell.write('\n');
      }
    }
    if (/# ?$/.test(this.lastPrompt)) return true;
    if (password !== null) throw notEnabled();
    return false;
  }

  /** The answer to the first of these commands that the device knows, or to the last. */
  async first(commands: readonly string[]): Promise<{ command: string; answer: string; known: boolean }> {
    let result = { command: '', answer: '', known: false };
    for (const command of commands) {
      const answer = await this.command(command);
      result = { command, answer, known: !refused.test(answer.slice(0, 500)) };
      if (result.known) break;
    }
    return result;
  }

  /** Sends a command and gives what was shown until the prompt came back, without both. */
  async command(command: string): Promise<string> {
    const before = this.lastPrompt;
    this.#shell.write(`${command}\n`);
    // The same prompt, since a line of a configuration may well look like one.
    const text = await this.#until((last) => steady(last) === steady(before));
    const lines = text.split('\n').slice(0, -1);
    const echo = lines.findIndex((line) => line.includes(command.slice(0, 20)));
    return lines.slice(echo >= 0 && echo < 3 ? echo + 1 : 0).join('\n');
  }

  /** What came until its last line is what was waited for and nothing follows; pages are turned. */
  async #until(done: (lastLine: string) => boolean): Promise<string> {
    const lines: string[] = [];
    let letters = 0;
    // The last line is kept as it came: what follows may wipe it out.
    let tail = '';
    let complete = false;
    for (;;) {
      const more = await this.#shell.read(complete ? quietMs : undefined);
      const last = terminalText(tail);
      if (more === null)
        throw new DialogueError(
          'not-understood',
          `the session ended after: ${[...lines.slice(-3), last].join(' / ').trim().slice(-200)}`,
        );
      if (more === '' && complete) {
        const line = lastLine(last);
        if (this.#prompt.test(line)) this.lastPrompt = line;
        return [...lines, last].join('\n');
      }
      letters += more.length;
      if (letters > mostLetters) throw new DialogueError('not-understood', 'its answer did not end');
      tail += more;
      const end = Math.max(tail.lastIndexOf('\n'), lineBegins(tail));
      if (end > 0 || tail.startsWith('\n')) {
        const ended = terminalText(tail.slice(0, end));
        // A jump of the cursor from an empty line ends none.
        if (tail[end] === '\n' || ended.trim() !== '') lines.push(...ended.split('\n'));
        tail = tail.slice(end).replace(/^\n/, '');
      }
      const shown = terminalText(tail);
      const pager = pagerAt(shown);
      complete = pager < 0 && done(lastLine(shown));
      if (pager >= 0) {
        this.#shell.write(' ');
        // What the device wipes the pager out with comes next, and finds nothing.
        tail = shown.slice(0, pager);
      }
    }
  }
}
