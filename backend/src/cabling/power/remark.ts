import type { PowerSource } from '@rackhaus/config/contract';

type Load = Pick<PowerSource, 'watts' | 'load' | 'limitWatts' | 'phases' | 'failoverWatts'>;

/** Whether what a source carries, and what it would carry alone, is allowed. What is not known is not well. */
export function remarkOf({ watts, load, limitWatts, phases, failoverWatts }: Load): PowerSource['remark'] {
  const beyond = phases.some(
    ({ amperes, limitAmperes }) => amperes !== null && limitAmperes !== null && amperes > limitAmperes,
  );
  const more = (value: number | null) => value !== null && limitWatts !== null && value > limitWatts;
  if (beyond || more(watts) || (load !== null && load > 1)) return 'over-limit';
  if (more(failoverWatts)) return 'over-limit-on-failover';
  return watts === null || limitWatts === null || failoverWatts === null ? 'unknown' : 'well';
}
