// Plain JavaScript: runs on whatever Node the machine has, before there is ours.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const { version, sha256 } = JSON.parse(readFileSync(new URL('runtime.json', import.meta.url), 'utf8'));

/**
 * What is wrong with the Node binary that was just installed, or null. The package `node` fetches it when it is installed, so
 * that the lockfile cannot vouch for it; this list does, for the platforms that servers have.
 */
export function complaintAboutRuntime(file, platform = `${process.platform}-${process.arch}`) {
  const expected = sha256[platform];
  if (expected === undefined) return null;
  const found = createHash('sha256').update(readFileSync(file)).digest('hex');
  return found === expected
    ? null
    : `${file} is not Node ${version} for ${platform} as it is known here: its SHA-256 is ${found}, not ${expected}.`;
}
