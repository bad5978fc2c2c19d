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

/** CPU time of a process's main thread so far, in milliseconds. Source: proc(5), /proc/PID/task/TID/schedstat, first field, ns. */
export function mainThreadMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}
