/** Runs `work` one at a time; a call while it runs leads to one more run, and resolves after that. */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const run = (): Promise<void> => {
    if (!running) {
      running = work().finally(() => {
        running = undefined;
      });
      return running;
    }
    next ??= running
      .catch(() => undefined) // whoever started that run is told of its error
      .then(() => {
        next = undefined;
        return run();
      });
    return next;
  };
  return run;
}
