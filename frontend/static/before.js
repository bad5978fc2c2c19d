// Runs before anything is drawn, as a file of its own because the content security policy allows no inline script.
// The stored choice of theme, so that a dark page never flashes white:
try {
  const theme = localStorage.getItem('rackhaus-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be blocked; the system's preference holds then.
}
// zod compiles its checks with `new Function` where it may; here it may not, and need not try.
globalThis.__zod_globalConfig = { jitless: true };
