/** The words of a line: parted by blanks, in quotes where they hold some; a backslash takes the next character as it is (RFC 9271, 2). */
export function parseLine(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === '\\' && at + 1 < line.length) word = (word ?? '') + line.charAt(++at);
    else if (char === '"') {
      quoted = !quoted;
      word ??= '';
    } else if (char === ' ' && !quoted) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + char;
  }
  if (word !== null) words.push(word);
  return words;
}
