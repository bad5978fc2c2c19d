import { pathIn, type RedfishSession, type Resource } from './session.ts';
import { parts } from './shapes.ts';

/** More than one node shares a chassis in some housings; more than these is none of a town hall's servers. */
const mostMembers = 8;

/** The members of a collection; those that cannot be read are left out. */
export async function members(
  session: RedfishSession,
  path: string | null,
  most = mostMembers,
): Promise<Resource[]> {
  if (path === null) return [];
  const found: Resource[] = [];
  const collection = await session.get(path);
  for (const member of parts(collection, 'Members').slice(0, most)) {
    const where = pathIn(member);
    // Some services expand collections by themselves.
    const whole = Object.keys(member).length > 1 ? member : where === null ? null : await session.get(where);
    if (whole !== null) found.push(whole);
  }
  return found;
}
