import { defineConfig } from 'vitest/config';

// Unit tests lie beside the code. What starts several processes lives in test/ and has its own configuration.
export default defineConfig({
  test: {
    include: ['{config,agents,backend,frontend}/**/*.test.ts', 'test/architecture/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/build/**'],
    environment: 'node',
  },
});
