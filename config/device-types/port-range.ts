/**
 * The names that a group places: names separated by commas, each a single one or a range such as `1/1/1-1/1/48` whose last
 * number counts.
 */
export function expandRange(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .flatMap((part) => {
      const match = /^(.*?)(\d+)-\1(\d+)$/.exec(part);
      if (match === null) return [part];
      const [, prefix = '', first = '', last = ''] = match;
      const from = Number(first);
      const count = Number(last) - from + 1;
      return count < 1 || count > 1000
        ? [part]
        : Array.from({ length: count }, (_, index) => `${prefix}${from + index}`);
    });
}

/**
 * The shortest text that {@link expandRange} makes these names of.
 * @returns null when it cannot be said: a name has a comma, or reads like a range.
 */
export function joinRange(names: readonly string[]): string | null {
  const parts: string[] = [];
  let at = 0;
  while (at < names.length) {
    const first = names[at] ?? '';
    const match = /^(.*?)(\d+)$/.exec(first);
    let length = 1;
    if (match !== null && String(Number(match[2])) === match[2])
      while (length < 1000 && names[at + length] === `${match[1]}${Number(match[2]) + length}`) length++;
    if (length < 3) {
      parts.push(first);
      at++;
    } else {
      parts.push(`${first}-${names[at + length - 1]}`);
      at += length;
    }
  }
  const text = parts.join(', ');
  const again = expandRange(text);
  return again.length === names.length && again.every((name, index) => name === names[index]) ? text : null;
}
