import type { RecordKind, Role } from '@rackhaus/config/contract';
import type { Request } from 'express';
import type { Caller, Route } from './route.ts';

/** Who may do something: everybody, an agent with its key, or a person with at least this role. */
export type Access = 'public' | 'agent' | Role;

export interface Permission {
  readonly least: Access;
  /** What somebody whose account is limited to sites may do of it; left out: nothing. */
  readonly sites?: SiteRule;
  /** What a kiosk link to one room may do of it, as `sites`; left out: nothing. */
  readonly room?: RoomRule;
  /** Only for those who were given the right to switch outlets; left out: it has nothing to do with that. */
  readonly switching?: true;
  /** Whether programs with a token of a person may; left out: for what needs no administrator. */
  readonly tokens?: boolean;
}

/** `shown`: the work itself shows only what is in the room. Otherwise what the address names has to be in it, or be it. */
export type RoomRule = 'shown' | Readonly<Record<string, 'room' | 'rack' | 'device'>>;

/**
 * `none`: there is nothing of a site in it. `shown`: the work itself shows and changes only what lies in the caller's sites.
 * Otherwise what the address names has to lie in them: the name of a parameter and what its number is.
 */
export type SiteRule = 'none' | 'shown' | Readonly<Record<string, SitePlace>>;

/**
 * What a number in an address can be, to find the site that it lies in. `record`: of the kind that the address names as `kind`.
 * `place`: no number but a text such as "rack:3". Several of one name have to lie in the sites all.
 */
export type SitePlace = RecordKind | 'record' | 'place' | 'change' | 'incident' | 'finding';

/** Decides about every call, in one place. */
export interface Gate {
  /** @throws Error when nothing says who may call the route: it must not be served */
  permissionOf(key: string): Permission;
  /** Finds out who calls; `known` hears of it also when they are refused. @throws AppError when this caller may not do it at all */
  admit(permission: Permission, request: Request, known?: (caller: Caller) => void): Promise<Caller>;
  /** Asked of who is known already, on a socket. @throws AppError when this caller may not do it at all */
  allow(permission: Permission, caller: Caller): void;
  /**
   * Asked before a route's work and before a view is shown.
   * @throws AppError when what is addressed lies in a site that the caller is not for
   */
  within(caller: Caller, permission: Permission, address: Readonly<Record<string, unknown>>): Promise<void>;
}

/** The name of a route in the table of permissions, e.g. "GET /api/rooms/:id". */
export function permissionKey(route: Pick<Route, 'method' | 'path'>): string {
  return `${route.method.toUpperCase()} ${route.path}`;
}
