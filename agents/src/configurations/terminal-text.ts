// What a terminal would show: without colours, jumps of the cursor and what was wiped out again.

const esc = '\\u001b';
const bell = '\\u0007';
/** Control sequences: CSI … letter, OSC … BEL, and single ones (ECMA-48 5.4, 5.6). */
const sequences = new RegExp(
  `${esc}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${esc}]*(?:${bell}|${esc}\\\\)?|[ -/]*[0-~])`,
  'g',
);
/** The cursor goes to the beginning of a line (CUP, NEL): as good as a new one. */
const newLine = new RegExp(`${esc}(?:\\[\\d+;1H|E)`, 'g');
/** Where the line is empty so far, it stays the same one. */
const sameLine = new RegExp(`(^|\\n)(?:[ \\r]*${newLine.source})+`, 'g');

/** The text as lines that end in \n. Backspaces take away what they stand behind; a \r alone begins the line anew. */
export function terminalText(raw: string): string {
  return raw
    .replaceAll(sameLine, '$1')
    .replaceAll(newLine, '\n')
    .replaceAll(sequences, '')
    .replaceAll(/\r+\n/g, '\n')
    .replaceAll('\n\r', '\n')
    .split('\n')
    .map(shownLine)
    .join('\n');
}

/** Where the last line begins that was begun by a jump of the cursor; -1: none. */
export function lineBegins(raw: string): number {
  return [...raw.matchAll(newLine)].at(-1)?.index ?? -1;
}

function shownLine(line: string): string {
  const letters = [...line];
  if (!letters.some((letter) => letter < ' ' && letter !== '\t')) return line;
  const shown: string[] = [];
  let at = 0;
  for (const letter of letters) {
    if (letter === '\b') at = Math.max(0, at - 1);
    else if (letter === '\r') at = 0;
    else if (letter >= ' ' || letter === '\t') shown[at++] = letter;
  }
  return shown.join('').trimEnd();
}

/** Where a device waits for a key before it goes on. */
const pagers: readonly RegExp[] = [
  /-{2,}\s?\(?more\)?[^\n]{0,60}$/i,
  /<-{1,3}\s?more\s?-{1,3}>[^\n]{0,20}$/i,
  /press any key to continue[^\n]{0,60}$/i,
  /^\s*more:[^\n]{0,80}$/im,
  /press <?space>? to continue[^\n]{0,60}$/i,
  /hit any key to continue[^\n]{0,40}$/i,
  /ctrl[+-]c[^\n]{0,40}\b(quit|break)\b[^\n]{0,40}$/i,
];

/** The pager at the end of a text: where it begins; -1: there is none. */
export function pagerAt(text: string): number {
  const line = text.lastIndexOf('\n') + 1;
  const last = text.slice(line);
  for (const pager of pagers) {
    const found = pager.exec(last);
    if (found !== null) return line + found.index;
  }
  return -1;
}
