import { z } from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { docsPage, docsStyle } from './docs-page.ts';
import { describeApi, type OpenApi } from './openapi.ts';
import type { Gate } from './permission.ts';
import { defineRoute, type Route } from './route.ts';

/** Describes all routes of this server. */
export function apiDescription(routes: readonly Route[], gate: Pick<Gate, 'permissionOf'>): OpenApi {
  return describeApi(routes, gate, packageJson.version);
}

/** The API's description of itself, for programs and for people. */
export function apiRoutes(description: () => OpenApi): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/openapi.json',
      summary: 'This API as OpenAPI 3.1.',
      reply: z.record(z.string(), z.unknown()),
      handle: () => ({ ...description() }),
    }),
    defineRoute({
      method: 'get',
      path: '/api/docs',
      summary: 'This API as a page.',
      handle: ({ response }) => {
        response.type('html').send(docsPage(description()));
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/docs.css',
      summary: 'The style of that page.',
      handle: ({ response }) => {
        response.type('css').send(docsStyle);
      },
    }),
  ];
}
