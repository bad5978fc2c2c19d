import { CreatedKioskLink, KioskLinkList, NewKioskLink } from '@rackhaus/config/contract';
import { defineRoute, type Route } from '../http/route.ts';
import { WithId } from '../http/with-id.ts';
import type { KioskLinks } from './kiosk-links.ts';

/** Kiosk links: for administrators only. */
export function administrationRoutes(deps: { kioskLinks: KioskLinks; publicUrl: string | null }): Route[] {
  const { kioskLinks } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/api/kiosk-links',
      summary: 'All kiosk links, without their secrets.',
      reply: KioskLinkList,
      handle: () => kioskLinks.list(),
    }),
    defineRoute({
      method: 'post',
      path: '/api/kiosk-links',
      summary: 'Makes a kiosk link. Its address is shown this once.',
      body: NewKioskLink,
      reply: CreatedKioskLink,
      handle: async ({ body, request }) => {
        const { id, token } = await kioskLinks.create(body);
        const origin = deps.publicUrl ?? `${request.protocol}://${request.get('Host')}`;
        // What follows "#" stays in the browser: the secret appears in no log of a proxy or server.
        return { id, url: `${origin}/kiosk#${token}` };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/kiosk-links/:id',
      summary: 'Revokes a kiosk link and ends it on every screen at once.',
      params: WithId,
      handle: async ({ params }) => {
        await kioskLinks.revoke(params.id);
        return undefined;
      },
    }),
  ];
}
