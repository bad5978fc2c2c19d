import type { LiveItem } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import type { Changes, Committed } from '../../history/changes.ts';
import type { Route } from '../../http/route.ts';
import { type DoneStep, Prover } from '../proof/prover.ts';
import type { Network, PollNow } from './network.ts';
import { driftRoutes, type MakeDraft } from './routes.ts';
import { DriftWatch } from './watch.ts';

export interface Drift {
  readonly routes: readonly Route[];
  readonly watch: DriftWatch;
  /** Has the network prove what somebody has plugged in or out; after that is committed. */
  afterStep(step: DoneStep): void;
  /** What the overview shows of it; of these ports only. */
  overviewItems(ports: ReadonlySet<number> | null): LiveItem[];
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Builds what compares cables as documented with cables as seen. */
export function createDrift(options: {
  db: Database;
  changes: Changes;
  network: Network;
  onCommit: (listener: (committed: Committed) => void) => () => void;
  pollNow: PollNow;
  makeDraft: MakeDraft;
  now: () => number;
  /** Findings or proofs have changed: whoever shows them. */
  onChange: () => void;
  /** Told of what goes wrong in the background; it is tried again. */
  onError: (error: unknown) => void;
}): Drift {
  const { db, changes, network, pollNow, onCommit, makeDraft, now, onChange, onError } = options;
  const watch = new DriftWatch({ db, network, onCommit, now, onError });
  const prover = new Prover({ db, changes, watch, network, pollNow, now, onError });
  // Screens that come back after a restart have to see another number than before.
  let revision = Math.trunc(now() / 1000) % 2 ** 31;
  const unsubscribe: (() => void)[] = [];
  return {
    routes: driftRoutes({ db, changes, watch, now, makeDraft }),
    watch,
    afterStep: (step) => prover.afterStep(step),
    overviewItems: (ports) => [
      {
        type: 'drift',
        open: watch.findings
          .lasting()
          .filter((finding) => finding.state === 'open' && ports?.has(finding.port_id) !== false).length,
        revision,
      },
    ],
    async start() {
      unsubscribe.push(
        watch.onChange(() => {
          revision++;
          onChange();
        }),
      );
      await watch.start();
      await prover.start();
    },
    async stop() {
      for (const stop of unsubscribe.splice(0)) stop();
      await prover.stop();
      await watch.stop();
    },
  };
}
