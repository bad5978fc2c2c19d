import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';

let backend: TestBackend;
beforeAll(async () => {
  backend = await startTestBackend();
});
afterAll(() => backend.remove());

const paths = [
  '/api/sheets/patch',
  '/api/sheets/distributor/file?format=pdf',
  '/api/sheets/unused/file?format=csv&language=en',
  '/api/cables/export?format=csv',
];

it('may be read by whoever may look, and by nobody else', async () => {
  const viewer = await backend.signedIn('viewer');
  for (const path of paths) {
    expect((await viewer.get(path)).status, path).toBe(200);
    expect((await backend.client().get(path)).status, path).toBe(401);
  }
});

it('refuses what is no sheet, no place and no column', async () => {
  const viewer = await backend.signedIn('viewer');
  for (const [path, status] of [
    ['/api/sheets/nonsense', 400],
    ['/api/sheets/patch?within=planet:3', 400],
    ['/api/sheets/patch?within=rack:3', 404],
    ['/api/sheets/patch?sort=nonsense', 400],
    ['/api/sheets/patch?size=501', 400],
  ] as const)
    expect((await viewer.get(path)).status, path).toBe(status);
});
