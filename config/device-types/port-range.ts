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
