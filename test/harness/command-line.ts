// The command line of a switch, for the shell of a real sshd: enable, pages, a configuration that can be changed from outside.
// Its settings are in a file: { enable, password, prompt, configuration, pager, banner }.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Settings = z.object({
  /** Password for all commands; null: everybody may. */
  enable: z.string().nullable(),
  prompt: z.string(),
  configuration: z.string(),
  /** Lines of a page. */
  page: z.number(),
  pager: z.string(),
  banner: z.string(),
});
const settings = Settings.parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')));

const out = (text: string) => process.stdout.write(text.replaceAll('\n', '\r\n'));
let mode: 'user' | 'password' | 'all' = settings.enable === null ? 'all' : 'user';
let paging = true;
let pages: string[] = [];
let line = '';
const ask = () => out(`${settings.prompt}${mode === 'all' ? '#' : '>'} `);

function show(text: string): void {
  const lines = text.split('\n');
  pages = [];
  for (let at = 0; at < lines.length; at += settings.page)
    pages.push(lines.slice(at, at + settings.page).join('\n'));
  turn();
}
function turn(): void {
  out(`${pages.shift() ?? ''}\n`);
  if (pages.length === 0) ask();
  else if (paging) out(settings.pager);
  else turn();
}
function command(text: string): void {
  if (mode === 'password') {
    out('\n');
    if (text === settings.enable) mode = 'all';
    else {
      mode = 'user';
      out('% Bad secrets\n');
    }
    ask();
    return;
  }
  out('\n');
  if (text === 'exit') process.exit(0);
  else if (text === 'enable') {
    mode = 'password';
    out('Password: ');
  } else if (text === 'terminal length 0' || text === 'no page') {
    paging = false;
    ask();
  } else if (text === 'show running-config' && mode === 'all') show(settings.configuration);
  else if (text === '') ask();
  else {
    out(`% Invalid input detected at '^' marker.\n`);
    ask();
  }
}

process.stdin.setRawMode?.(true);
process.stdin.setEncoding('utf8');
out(settings.banner);
ask();
process.stdin.on('data', (keys: string) => {
  for (const key of keys) {
    if (pages.length > 0 && paging) {
      out(`\r${' '.repeat(settings.pager.length)}\r`);
      turn();
    } else if (key === '\r' || key === '\n') {
      const typed = line;
      line = '';
      command(typed);
    } else {
      line += key;
      if (mode !== 'password') out(key);
    }
  }
});
