import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './supervisor.ts';
import { complaintAbout, licenceOf, notice } from './supply/licences.ts';
import { readLockfile } from './supply/lockfile.ts';
import { shippedPackages } from './supply/shipped.ts';

// Lists every package of an installation with its licence; --write renews docs/notice.md. Fails on one that is not allowed.
const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const packages = shippedPackages(readLockfile(join(root, 'package-lock.json')));
for (const one of packages)
  process.stdout.write(`${`${one.name}@${one.version}`.padEnd(50)} ${licenceOf(one) ?? '(unknown)'}\n`);
if (values.write) writeFileSync(join(root, 'docs', 'notice.md'), notice(packages));
const complaints = packages.flatMap((one) => complaintAbout(one) ?? []);
for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
process.exit(complaints.length === 0 ? 0 : 1);
