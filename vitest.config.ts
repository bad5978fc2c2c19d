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

// Unit tests lie beside the code. What starts several processes lives in test/ and has its own configuration.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          include: ['{config,agents,backend,frontend}/**/*.test.ts', 'test/architecture/**/*.test.ts'],
          exclude: [...exclude, runes],
          environment: 'node',
          // Two busy cores: scrypt and starting servers take their time.
          testTimeout: 20_000,
        },
      },
      {
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
          // Two busy cores: scrypt and starting servers take their time.
          testTimeout: 20_000,
          server: { deps: { inline: ['svelte'] } },
        },
      },
    ],
  },
});
