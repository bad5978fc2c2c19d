import { defineConfig } from 'vitest/config';

// Several real processes per test: one file at a time, so that two cores are not shared by twenty servers.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['system/**/*.test.ts', 'e2e/**/*.test.ts'],
    setupFiles: ['harness/tell-of-failure.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
