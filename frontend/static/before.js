// Runs before anything is drawn, as a file of its own because the content security policy allows no inline script.
// The stored choice of theme, so that a dark page never flashes white:
try {
  const theme = localStorage.getItem('rackhaus-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be blocked; the system's preference holds then.
}
// The policy lets no text become the address of a script but these workers of ours, and no text become HTML but what Svelte makes of
// its own templates.
if (globalThis.trustedTypes)
  globalThis.trustedTypes.createPolicy('default', {
    createScriptURL(address) {
      const { origin, pathname } = new URL(address, location.href);
      const known = /^\/(?:push-worker\.js|service-worker\.js|_app\/immutable\/[-\w/.]*worker[-\w.]*\.mjs)$/;
      if (origin === location.origin && known.test(pathname)) return address;
      throw new TypeError(`${address} is no script of this server.`);
    },
  });
// zod compiles its checks with `new Function` where it may; here it may not, and need not try.
globalThis.__zod_globalConfig = { jitless: true };
