import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Adapter } from '@sveltejs/kit';
import type { Plugin } from 'vite';

/** Holds what SvelteKit writes into the page itself; lies in static/ too, so that the phone's cache has it. */
const startFile = 'start.js';

/**
 * Moves the start of the application out of index.html into a file of its own, before both are compressed: the content security
 * policy allows no inline script, not even by its hash.
 */
export function withoutInlineScript(inner: Adapter, folder: string): Adapter {
  return {
    ...inner,
    async adapt(builder) {
      await inner.adapt(builder);
      const page = join(folder, 'index.html');
      const scripts: string[] = [];
      const html = readFileSync(page, 'utf8').replace(
        /<script>([\s\S]*?)<\/script>/g,
        (_, script: string) => {
          scripts.push(script);
          return `<script src="/${startFile}"></script>`;
        },
      );
      const [start] = scripts;
      // A SvelteKit that begins in another way must not go unnoticed: the page would stay white.
      if (start === undefined || scripts.length > 1 || !start.includes('document.currentScript'))
        throw new Error(
          `${page} holds ${scripts.length} inline scripts, and one that starts it was expected.`,
        );
      writeFileSync(page, html);
      writeFileSync(join(folder, startFile), start);
      await builder.compress(folder);
    },
  };
}

/**
 * Has Svelte set fixed `style="…"` attributes of libraries by script (which the policy allows) in place of markup (which it does not).
 * Our own components have none.
 */
export function withoutStyleAttributes(): Plugin {
  return {
    name: 'without-style-attributes',
    enforce: 'pre',
    transform(code, id) {
      if (!/node_modules\/.*\.svelte$/.test(id)) return null;
      const changed = code.replace(/\sstyle="([^"{}<>]+)"/g, (_, text: string) =>
        text
          .split(';')
          .map((part) => part.trim())
          .filter((part) => part !== '')
          .map((part) => part.replace(/^([-\w]+)\s*:\s*(.+)$/, ' style:$1="$2"'))
          .join(''),
      );
      return changed === code ? null : { code: changed, map: null };
    },
  };
}
