import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import packageJson from '../package.json' with { type: 'json' };
import { root } from './supervisor.ts';
import { readLockfile } from './supply/lockfile.ts';
import { sbom } from './supply/sbom.ts';

// What an installation is made of, as CycloneDX 1.6, on stdout or with --output into a file.
const { values } = parseArgs({ options: { output: { type: 'string' } } });
const made = sbom(readLockfile(join(root, 'package-lock.json')), {
  version: packageJson.version,
  serial: randomUUID(),
  at: new Date(),
});
const text = `${JSON.stringify(made, null, 2)}\n`;
if (values.output === undefined) process.stdout.write(text);
else writeFileSync(values.output, text);
