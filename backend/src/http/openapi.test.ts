import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { docsPage } from './docs-page.ts';
import { describeApi } from './openapi.ts';
import type { Permission } from './permission.ts';
import { defineRoute } from './route.ts';

const routes = [
  defineRoute({
    method: 'get',
    path: '/api/rooms/:id',
    summary: 'A room <with> all its racks.',
    params: z.strictObject({ id: z.string().regex(/^\d+$/).transform(Number) }),
    query: z.strictObject({ from: z.string(), to: z.string().optional() }),
    reply: z.strictObject({ name: z.string() }),
    handle: () => ({ name: '' }),
  }),
  defineRoute({
    method: 'post',
    path: '/api/agent/readings',
    summary: 'Takes readings.',
    bodyType: 'text',
    body: z.string(),
    handle: () => undefined,
  }),
];

const gate = {
  permissionOf: (key: string): Permission => ({ least: key.startsWith('POST') ? 'agent' : 'kiosk' }),
};

describe('the API description', () => {
  const api = describeApi(routes, gate, '1.2.3');

  it('has every route with its parameters, bodies, replies and access', () => {
    expect(Object.keys(api.paths)).toEqual(['/api/rooms/{id}', '/api/agent/readings']);
    expect(api.paths['/api/rooms/{id}']?.get).toMatchObject({
      operationId: 'getRoomsById',
      security: [{ session: [] }],
      'x-access': 'kiosk',
      parameters: [
        { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
        { name: 'from', in: 'query', required: true },
        { name: 'to', in: 'query', required: false },
      ],
      responses: {
        200: { content: { 'application/json': { schema: { type: 'object', required: ['name'] } } } },
        default: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } } },
      },
    });
    expect(api.paths['/api/agent/readings']?.post).toMatchObject({
      security: [{ agentToken: [] }],
      requestBody: { content: { 'text/plain': { schema: { type: 'string' } } } },
      responses: { 204: {} },
    });
  });

  it('tells headers, files, and what a transformed value looks like', () => {
    const name = z.string().transform((value) => value.trim());
    const described = describeApi(
      [
        defineRoute({
          method: 'get',
          path: '/api/things',
          summary: 'Things.',
          headers: { 'If-Match': 'The version.' },
          reply: z.strictObject({ name: name.nullable() }),
          handle: () => ({ name: null }),
        }),
        defineRoute({
          method: 'get',
          path: '/api/things/export',
          summary: 'A file.',
          fileTypes: ['text/csv'],
          handle: () => undefined,
        }),
      ],
      gate,
      '1',
    );
    expect(described.paths['/api/things']?.get).toMatchObject({
      parameters: [{ name: 'If-Match', in: 'header', description: 'The version.', required: false }],
      responses: {
        200: {
          content: {
            'application/json': {
              schema: { properties: { name: { type: ['string', 'null'] } } },
            },
          },
        },
      },
    });
    expect(described.paths['/api/things/export']?.get?.responses[200]?.content).toHaveProperty('text/csv');
  });

  it('is a page for people too, that needs no script and trusts no text', () => {
    const page = docsPage(api);
    expect(page).toContain('/api/rooms/{id}');
    expect(page).toContain('A room &lt;with&gt; all its racks.');
    expect(page).not.toMatch(/<script|style=|https?:\/\/|<with>/);
  });
});
