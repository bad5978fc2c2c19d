import { readdir, stat } from 'node:fs/promises';

/**
 * Processes other than this that have a file open, as far as the system lets us see (Linux: /proc; another user's only as
 * root). Empty when the file is not there.
 */
export async function usersOf(file: string): Promise<number[]> {
  const wanted = await stat(file).catch(() => undefined);
  if (!wanted) return [];
  const users: number[] = [];
  for (const name of await readdir('/proc').catch(() => [])) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    // A process may end, or belong to somebody else, while we look.
    for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const open = await stat(`/proc/${pid}/fd/${descriptor}`).catch(() => undefined);
      if (open?.ino !== wanted.ino || open.dev !== wanted.dev) continue;
      users.push(pid);
      break;
    }
  }
  return users;
}
