import {
  ActivateProfile,
  CheckProfile,
  NewProfileVersion,
  PreviewAnswer,
  PreviewProfile,
  ProfileChecked,
  ProfileDetail,
  ProfileFileQuery,
  ProfileList,
  ProfilePreview,
  ProfilesForAgent,
  ProfilesTaken,
  ProfileVersionMade,
} from '@rackhaus/config/contract';
import { profileJsonSchema } from '@rackhaus/config/profiles';
import type { Request } from 'express';
import { z } from 'zod';
import { auditBy } from '../audit/audit.ts';
import { type Caller, defineRoute, type Route } from '../http/route.ts';
import { AppError } from '../problem.ts';
import type { OwnProfiles } from './own-profiles.ts';
import type { ProfileViews } from './views.ts';

const WithProfileId = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be kebab-case'),
});
/** JSON makes more of a text: each line break and quotation mark is two characters. */
const textLimit = 600_000;

/** Has a device polled with a text; `agent` null: none polls it. @throws AppError when nothing is polled of the device by SNMP */
export type PreviewOnDevice = (
  deviceId: number,
  text: string,
) => Promise<{ readonly agent: string | null; readonly answer: PreviewAnswer | null }>;

/** Device profiles that people write, beside those that come with Rackhaus. */
export function ownProfileRoutes(deps: {
  own: OwnProfiles;
  views: ProfileViews;
  previewOn: PreviewOnDevice;
  /** @throws AppError when the agent has been revoked meanwhile */
  mustBeThere: (agentId: number) => void;
}): Route[] {
  const { own, views } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/api/profiles',
      summary: 'All device profiles, shipped and own, and how many devices are polled with each.',
      reply: ProfileList,
      handle: () => views.list(),
    }),
    defineRoute({
      method: 'get',
      path: '/api/profiles/schema.json',
      summary: 'The format of a device profile as JSON Schema, for editors.',
      fileTypes: ['application/schema+json'],
      handle: ({ response }) => {
        response
          .set('Content-Type', 'application/schema+json; charset=utf-8')
          .set('Content-Disposition', 'attachment; filename="rackhaus-profile.schema.json"')
          .send(JSON.stringify(profileJsonSchema(), null, 2));
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/profiles/:id',
      summary: 'One device profile with its text, its versions and its devices.',
      params: WithProfileId,
      reply: ProfileDetail,
      handle: ({ params }) => views.detail(params.id),
    }),
    defineRoute({
      method: 'get',
      path: '/api/profiles/:id/file',
      summary: 'The text of a device profile as a file: what is in use, one version, or what is shipped.',
      params: WithProfileId,
      query: ProfileFileQuery,
      fileTypes: ['application/yaml'],
      handle: async ({ params, query, response }) => {
        const text = await views.file(params.id, query.version);
        response
          .set('Content-Type', 'application/yaml; charset=utf-8')
          .set('Content-Disposition', `attachment; filename="${params.id}.yaml"`)
          .send(text);
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/profiles/check',
      summary: 'What is wrong in the text of a device profile, by line and key. Keeps nothing.',
      body: CheckProfile,
      bodyLimit: textLimit,
      reply: ProfileChecked,
      handle: ({ body }) => views.check(body.text),
    }),
    defineRoute({
      method: 'post',
      path: '/api/profiles/preview',
      summary:
        'Has an agent poll a device once with a text and once as it is polled now. Takes up to a minute and a half.',
      body: PreviewProfile,
      bodyLimit: textLimit,
      reply: ProfilePreview,
      handle: async ({ body }) => {
        const { problems } = own.check(body.text);
        if (problems.length > 0)
          throw new AppError('invalid', `line ${problems[0]?.line ?? 1}: ${problems[0]?.message}`, [
            { path: 'text', message: problems[0]?.message ?? '' },
          ]);
        const { agent, answer } = await deps.previewOn(body.deviceId, body.text);
        return {
          agent,
          outcome: answer?.outcome ?? null,
          detail: answer?.detail ?? null,
          preview: answer?.preview ?? null,
          present: answer?.present ?? null,
        };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/profiles',
      summary: 'Keeps a text that is right as a new version of its profile, and has agents use it if wanted.',
      body: NewProfileVersion,
      bodyLimit: textLimit,
      reply: ProfileVersionMade,
      handle: ({ body, caller, request }) => own.add(body, writer(caller, request)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/profiles/:id/activate',
      summary: 'Has agents use a version of an own profile, or none, so that what is shipped counts again.',
      params: WithProfileId,
      body: ActivateProfile,
      handle: async ({ params, body, caller, request }) => {
        await own.activate(params.id, body.version, writer(caller, request));
        return undefined;
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/profiles/:id',
      summary: 'Takes an own profile away; it can be restored.',
      params: WithProfileId,
      handle: async ({ params, caller, request }) => {
        await own.remove(params.id, writer(caller, request));
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/profiles/:id/restore',
      summary: 'Brings an own profile back that was taken away, as it was.',
      params: WithProfileId,
      handle: async ({ params, caller, request }) => {
        await own.restore(params.id, writer(caller, request));
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/agent/profiles',
      summary: 'The profiles that people have written and that are in use, for agents.',
      reply: ProfilesForAgent,
      handle: ({ caller }) => {
        deps.mustBeThere(agentIdOf(caller));
        return own.inUse;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agent/profiles',
      summary: 'Takes in which profiles an agent uses now, and which it cannot.',
      body: ProfilesTaken,
      handle: ({ body, caller }) => {
        const agentId = agentIdOf(caller);
        deps.mustBeThere(agentId);
        own.takenBy(agentId, body);
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agent/previews',
      summary: 'Takes in what came of trying a profile on a device.',
      body: PreviewAnswer,
      bodyLimit: 8_000_000,
      handle: ({ body, caller }) => {
        const agentId = agentIdOf(caller);
        deps.mustBeThere(agentId);
        own.previews.answer(agentId, body);
        return undefined;
      },
    }),
  ];
}

function writer(caller: Caller, request: Request) {
  const administrator = caller.kind === 'person' && caller.role === 'administrator';
  return { by: auditBy(caller), address: request.ip ?? null, administrator };
}

function agentIdOf(caller: Caller): number {
  if (caller.kind !== 'agent') throw new AppError('forbidden', 'Only agents may do this.');
  return caller.agentId;
}
