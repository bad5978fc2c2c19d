import { readFileSync } from 'node:fs';

/** CPU time (user + system) that a process has used so far, in milliseconds. Source: proc(5), /proc/PID/stat fields 14 and 15. */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command's name in parentheses may hold spaces: count from the last parenthesis.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  // USER_HZ is 100 on every Linux that Node runs on.
  return ticks * 10;
}

/** CPU time that the ended children of a process have used, in milliseconds. Source: proc(5), /proc/PID/stat fields 16 and 17. */
export function cpuOfEndedChildren(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

/** CPU time of a process's main thread so far, in milliseconds. Source: proc(5), /proc/PID/task/TID/schedstat, first field, ns. */
export function mainThreadMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

/** How long a process's main thread was ready to run and had to wait for a processor so far, in milliseconds. Second field of the same. */
export function mainThreadWaitedMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
}

/** Resident memory of a process in bytes. Source: proc(5), /proc/PID/statm, second field, in pages. */
export function memoryOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
}
