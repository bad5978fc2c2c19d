import { paraglideVitePlugin } from '@inlang/paraglide-js';
import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { paraglideOptions } from './paraglide.ts';
import { withoutInlineScript, withoutStyleAttributes } from './without-inline.ts';

// The backend that the development server hands API calls and the live connection to.
const backend = process.env.BACKEND_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [
    withoutStyleAttributes(),
    paraglideVitePlugin(paraglideOptions),
    sveltekit({
      // A single page: every address that is no file gets index.html, and the router in the browser takes over.
      // Compressed after the last file has been written.
      adapter: withoutInlineScript(adapter({ fallback: 'index.html', precompress: false }), 'build'),
      compilerOptions: { runes: true },
      // The pages of the phone register it, for themselves: see lib/work/offline.svelte.ts.
      serviceWorker: { register: false },
    }),
  ],
  server: {
    proxy: {
      '/api': { target: backend },
      '/socket.io': { target: backend, ws: true },
    },
  },
});
