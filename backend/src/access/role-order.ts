import { type Role, roles } from '@rackhaus/config/contract';

/** Each role may do what those before it may. */
export function mayActAs(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}

/** The one of both that may do less. */
export function lesserRole(one: Role, other: Role): Role {
  return mayActAs(one, other) ? other : one;
}
