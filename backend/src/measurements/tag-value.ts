/** U+0010, "data link escape". */
const sign = '\u0010';

/**
 * An entity's name as line protocol can carry it in a tag: line breaks and a backslash at the end would end the line or the
 * tag. They are written as U+0010 and a letter, so that every name stays one of its own; other names stay as they are.
 */
export function tagValueOf(name: string): string {
  return name
    .replaceAll(sign, `${sign}d`)
    .replaceAll('\n', `${sign}n`)
    .replaceAll('\r', `${sign}r`)
    .replace(/\\$/, `\\${sign}e`);
}

/** The name that a tag stands for. */
export function nameOfTag(tag: string): string {
  return tag
    .replace(new RegExp(`${sign}e$`), '')
    .replaceAll(`${sign}r`, '\r')
    .replaceAll(`${sign}n`, '\n')
    .replaceAll(`${sign}d`, sign);
}
