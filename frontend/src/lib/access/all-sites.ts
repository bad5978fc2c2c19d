/** Pages that show all sites together: who is limited to some is refused what they ask for (see the backend's table of permissions). */
const forAllSites = [
  '/review',
  '/drills',
  '/on-call/path',
  '/on-call/settings',
  '/status-page',
  '/feeds',
  '/discovery',
  '/profiles',
  '/import',
  '/simulator',
  '/administration',
  '/types/add',
  '/inventory/credential',
] as const;

/** Whether a page, or one below it, is only for accounts that are for all sites. */
export function isForAllSites(path: string): boolean {
  return forAllSites.some((page) => path === page || path.startsWith(`${page}/`));
}
