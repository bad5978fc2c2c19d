import { join } from 'node:path';
import { compileModule } from 'svelte/compiler';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const inSvelte = (path: string) => join(import.meta.dirname, 'node_modules', 'svelte', 'src', path);
const exclude = ['**/node_modules/**', '**/build/**'];
const runes = 'frontend/**/*.svelte.test.ts';

/** State classes with runes as a browser gets them: Svelte's own plugin compiles for a server when it runs in Node. */
const runesForBrowser: Plugin = {
  name: 'runes-for-browser',
  // After the types have been taken away.
  enforce: 'post',
  transform: (code, id) =>
    /\.svelte(\.test)?\.ts$/.test(id)
      ? compileModule(code, { generate: 'client', dev: true, filename: id }).js
      : undefined,
};

// Two busy cores: scrypt and starting servers take their time.
const testTimeout = 20_000;
const tests = ['{config,agents,backend,frontend,scripts}/**/*.test.ts', 'test/architecture/**/*.test.ts'];
const slow = '**/*.slow.test.ts';

// Unit tests lie beside the code. What starts several processes lives in test/ and has its own configuration.
export default defineConfig({
  test: {
    // They wait for sockets and timers as much as they compute.
    maxWorkers: 3,
    // Each test file cleans up after itself; loading the same modules for each would be half of the time.
    isolate: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: tests,
          exclude: [...exclude, runes, slow],
          environment: 'node',
          testTimeout,
        },
      },
      {
        // Slow by nature: other programs, processes that are killed, real waits, recordings of whole devices.
        // `npm run check` leaves these to `npm test`.
        extends: true,
        test: {
          name: 'slow',
          include: ['{config,agents,backend,frontend}/**/*.slow.test.ts'],
          exclude,
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        plugins: [runesForBrowser],
        resolve: {
          alias: [
            { find: /^svelte$/, replacement: inSvelte('index-client.js') },
            { find: /^svelte\/reactivity$/, replacement: inSvelte('reactivity/index-client.js') },
          ],
        },
        test: {
          name: 'runes',
          include: [runes],
          exclude,
          environment: 'node',
          testTimeout,
          server: { deps: { inline: ['svelte'] } },
        },
      },
    ],
  },
});
