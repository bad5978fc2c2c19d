import { Problem } from '@rackhaus/config/contract';
import { type ZodType, z } from 'zod';
import { type Access, type Gate, type Permission, permissionKey } from './permission.ts';
import type { Route } from './route.ts';

/** A JSON Schema of draft 2020-12, which is what OpenAPI 3.1 takes. */
export type JsonSchema = { readonly [key: string]: unknown };

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Who may call it, for programs. */
  readonly 'x-access': Access;
  /** Only those who were given this right, whatever their role. */
  readonly 'x-right'?: 'switching';
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: 'path' | 'query' | 'header';
    readonly description?: string;
    readonly required: boolean;
    readonly schema: JsonSchema;
  }[];
  readonly requestBody?: {
    readonly required: true;
    readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>>;
  };
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
      }
    >
  >;
}

export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly securitySchemes: Readonly<Record<string, JsonSchema>>;
    readonly schemas: Readonly<Record<string, JsonSchema>>;
  };
}

/** Describes the routes as OpenAPI 3.1. Made from what the server runs on, so it cannot be out of date. */
export function describeApi(
  routes: readonly Route[],
  gate: Pick<Gate, 'permissionOf'>,
  version: string,
): OpenApi {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = {
      ...paths[path],
      [route.method]: operation(route, gate.permissionOf(permissionKey(route))),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rackhaus',
      version,
      description:
        'What stands in the server rooms, how it is cabled, and whether it is well. People sign in with POST /api/session and send the cookie; agents send their token.',
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'rackhaus_session',
          description: 'Named __Host-rackhaus over https.',
        },
        agentToken: { type: 'http', scheme: 'bearer' },
      },
      schemas: { Problem: toJsonSchema(Problem, 'output') },
    },
  };
}

function operation(route: Route, { least: access, switching }: Permission): Operation {
  const mediaType = { json: 'application/json', text: 'text/plain', bytes: 'application/octet-stream' }[
    route.bodyType ?? 'json'
  ];
  const problem = { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return {
    operationId: operationId(route),
    summary: route.summary,
    description: `${accessText(access)}${switching === true ? ' Only with the right to switch outlets.' : ''}`,
    tags: [groupOf(route.path)],
    'x-access': access,
    ...(switching === true ? { 'x-right': 'switching' as const } : {}),
    security: access === 'public' ? [] : [{ [access === 'agent' ? 'agentToken' : 'session']: [] }],
    parameters: [
      ...[...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
        name,
        in: 'path' as const,
        required: true,
        schema: propertiesOf(route.params)[name] ?? { type: 'string' },
      })),
      ...Object.entries(propertiesOf(route.query)).map(([name, schema]) => ({
        name,
        in: 'query' as const,
        required: requiredOf(route.query).includes(name),
        schema,
      })),
      ...Object.entries(route.headers ?? {}).map(([name, description]) => ({
        name,
        in: 'header' as const,
        description,
        required: false,
        schema: { type: 'string' },
      })),
    ],
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: true as const,
            content: { [mediaType]: { schema: toJsonSchema(route.body, 'input') } },
          },
        }),
    responses: {
      ...successOf(route),
      default: { description: 'What went wrong.', content: problem },
    },
  };
}

function successOf(route: Route): Operation['responses'] {
  if (route.fileTypes !== undefined) {
    const file = { schema: { type: 'string', contentEncoding: 'binary' } };
    return {
      200: {
        description: 'The file.',
        content: Object.fromEntries(route.fileTypes.map((type) => [type, file])),
      },
    };
  }
  if (route.reply === undefined) return { 204: { description: 'Done.' } };
  const content = { 'application/json': { schema: toJsonSchema(route.reply, 'output') } };
  return { 200: { description: 'Done.', content } };
}

/** What has to be so for a call to be let through, in words. */
export function accessText(access: Access): string {
  if (access === 'public') return 'For everybody.';
  if (access === 'agent') return 'For agents.';
  return `For people with the role ${access} or a higher one.`;
}

/** What an address is about; those of the server itself are one group. */
function groupOf(path: string): string {
  const [word = ''] = path
    .toLowerCase()
    .replace(/^\/(api\/)?/, '')
    .split('/');
  return /^(docs|health|openapi)/.test(word) ? 'server' : word;
}

/** E.g. `getRoomsById` for GET /api/rooms/:id. */
function operationId(route: Route): string {
  const words = route.path
    .replace(/^\/api\//, '')
    .split(/[/.-]/)
    .map((word) => (word.startsWith(':') ? `by-${word.slice(1)}` : word))
    .flatMap((word) => word.split('-'));
  return [route.method, ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('');
}

function toJsonSchema(schema: ZodType, io: 'input' | 'output'): JsonSchema {
  // `$schema` belongs to whole documents; inside OpenAPI 3.1 the dialect is given.
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // What a transformation gives cannot be told; those here bring a value into its one form, which has the shape of the given one.
      if (
        zodSchema instanceof z.ZodPipe &&
        Object.keys(jsonSchema).length === 0 &&
        zodSchema.in instanceof z.ZodType
      )
        Object.assign(jsonSchema, toJsonSchema(zodSchema.in, io));
    },
  });
  return rest;
}

const ObjectSchema = z.object({
  properties: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  required: z.array(z.string()).default([]),
});
function propertiesOf(schema: ZodType | undefined): Record<string, JsonSchema> {
  return schema === undefined ? {} : ObjectSchema.parse(toJsonSchema(schema, 'input')).properties;
}
function requiredOf(schema: ZodType | undefined): string[] {
  return schema === undefined ? [] : ObjectSchema.parse(toJsonSchema(schema, 'input')).required;
}
