import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './supervisor.ts';

// The sample town hall with hot reload: Node restarts backend, agent and simulator when a file they use changes, Vite
// replaces parts of the page in place. Open the address that Vite prints.
const port = process.env.PORT ?? '8080';
const children = [
  spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'scripts/demo.ts'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PORT: port, RACKHAUS_WATCH: '1' },
  }),
  spawn(process.execPath, [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'dev'], {
    cwd: join(root, 'frontend'),
    stdio: 'inherit',
    env: { ...process.env, BACKEND_URL: `http://127.0.0.1:${port}` },
  }),
];
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
  });
}
for (const child of children) {
  child.on('exit', (code) => {
    for (const other of children) if (other !== child) other.kill('SIGTERM');
    process.exitCode ||= code ?? 0;
  });
}
