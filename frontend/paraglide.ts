import { compile } from '@inlang/paraglide-js';

/** How the messages become code: for Vite, which does it while building, and for checks that run before any build. */
export const paraglideOptions = {
  project: './project.inlang',
  outdir: './src/lib/paraglide',
  localStorageKey: 'rackhaus-language',
  strategy: ['localStorage', 'preferredLanguage', 'baseLocale'],
  emitTsDeclarations: true,
  // Each message a module of its own, so that a screen loads its own words and not all there are.
  outputStructure: 'message-modules',
} satisfies Parameters<typeof compile>[0];

// Run by itself, from this folder: `node paraglide.ts`.
if (import.meta.main) {
  await compile(paraglideOptions);
  // A timer of the compiler's would keep the process for another half minute.
  process.exit(0);
}
