import { AppError } from '../problem.ts';

/** Values of the placeholders for one label. */
export type Values = Readonly<Record<string, string>>;

const placeholder = /\{([^{}]*)\}/g;

/**
 * Checks the lines of a template against the names that are known.
 * @throws AppError invalid, naming the placeholder and what there is
 */
export function checkTemplate(lines: readonly string[], known: readonly string[]): void {
  for (const [index, line] of lines.entries()) {
    for (const [, name = ''] of line.matchAll(placeholder)) {
      if (known.includes(plainName(name))) continue;
      const message = `{${name}} is not a placeholder here; there are ${known.map((each) => `{${each}}`).join(', ')}`;
      throw new AppError('invalid', `Line ${index + 1} of the template: ${message}.`, [
        { path: `lines.${index}`, message },
      ]);
    }
    if (/[{}]/.test(line.replaceAll(placeholder, ''))) {
      const message = 'has a brace without its other half';
      throw new AppError('invalid', `Line ${index + 1} of the template ${message}.`, [
        { path: `lines.${index}`, message },
      ]);
    }
  }
}

/** `{n:4}` is `{n}` with at least four digits. */
function plainName(name: string): string {
  return name.replace(/^n:[1-9]$/, 'n');
}

/** The lines of one label. Lines in which nothing but separators is left are dropped. */
export function fillTemplate(lines: readonly string[], values: Values): string[] {
  return lines
    .map((line) =>
      line
        .replaceAll(placeholder, (_, name: string) => {
          const digits = /^n:([1-9])$/.exec(name)?.[1];
          const value = values[plainName(name)] ?? '';
          return digits === undefined ? value : value.padStart(Number(digits), '0');
        })
        .replaceAll(/\s+/g, ' ')
        .replaceAll(/^[\s·,/|–-]+(?=\s)|(?<=\s)[\s·,/|–-]+$/g, '')
        .trim(),
    )
    .filter((line) => /[\p{L}\p{N}]/u.test(line));
}
