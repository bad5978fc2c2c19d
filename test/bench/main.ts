import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Figure, formatFigure, isMet } from './figure.ts';

// `npm run bench [name]`: every figure, or those of one file. Exits 1 when a target is missed.
const Bench = z.object({
  run: z.custom<() => Promise<readonly Figure[]>>((value) => typeof value === 'function'),
});

const wanted = process.argv[2];
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.replace('.bench.ts', ''))
  .sort();
if (wanted !== undefined && !names.includes(wanted)) {
  process.stderr.write(`There is no figure "${wanted}". There are: ${names.join(', ')}\n`);
  process.exit(2);
}

let missed = 0;
for (const name of names.filter((each) => wanted === undefined || each === wanted)) {
  const bench = Bench.parse(await import(join(import.meta.dirname, `${name}.bench.ts`)));
  for (const figure of await bench.run()) {
    process.stdout.write(`${formatFigure(figure)}\n`);
    if (!isMet(figure)) missed++;
  }
}
if (missed > 0) process.stderr.write(`${missed} ${missed === 1 ? 'target' : 'targets'} missed\n`);
process.exit(missed === 0 ? 0 : 1);
