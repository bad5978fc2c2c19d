import { getLive } from '../live/connection.svelte.ts';
import { Clock } from '../ui/clock.svelte.ts';

/**
 * Something to read in a resource that shows what holds at the moment: it changes every minute, and with everything that anybody
 * documents. To be called while a component is being set up.
 */
export function useFresh(): { read: () => void; readonly now: number } {
  const overview = getLive().store('overview');
  const clock = new Clock({ everyMs: 60_000 });
  return {
    read: () => {
      void overview.revision;
      void overview.incidents;
      void clock.now;
    },
    get now() {
      return clock.now;
    },
  };
}
