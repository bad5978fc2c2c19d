import type { NutTemplate } from '@rackhaus/config/checks';
import type { Authorities } from './connection.ts';

/** What every check works with. */
export interface CheckContext {
  /** Of the device, where the check names no host itself; null: there is none. */
  readonly address: string | null;
  /** The address to ask for a name or an address. @throws OutOfReachError, UnknownNameError */
  readonly resolve: (host: string) => Promise<string>;
  readonly authorities: Authorities;
  /** What the variables of NUT mean. */
  readonly nut: NutTemplate;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly monotonicMs: () => number;
  /** Ends at the timeout of the check. */
  readonly signal: AbortSignal;
}
