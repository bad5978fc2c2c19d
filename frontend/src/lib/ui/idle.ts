/** Does something when the browser has nothing else to do, within a second. Returns what `cancelIdle` takes. */
export function whenIdle(work: () => void): number {
  // Safari has no idle callbacks.
  if (typeof window.requestIdleCallback === 'function') return requestIdleCallback(work, { timeout: 1_000 });
  return window.setTimeout(work, 50);
}
export function cancelIdle(handle: number): void {
  if (typeof window.cancelIdleCallback === 'function') cancelIdleCallback(handle);
  else clearTimeout(handle);
}

/** Resolves when the browser has nothing else to do, within a second. */
export function idle(): Promise<void> {
  return new Promise((resolve) => whenIdle(resolve));
}
