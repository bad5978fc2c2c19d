import { afterEach } from 'vitest';
import { describePages } from './page.ts';

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  const pages = await describePages();
  if (pages !== '') console.error(`When "${task.name}" failed, this was on screen:\n${pages}`);
});
