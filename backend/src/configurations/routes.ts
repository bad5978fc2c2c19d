import {
  BackupList,
  ConfigurationAnswer,
  ConfigurationDifference,
  ConfigurationHits,
  ConfigurationSearch,
  ConfigurationSettings,
  ConfigurationText,
  ConfirmHostKeys,
  DeviceConfiguration,
  longestConfiguration,
  MadeShellLogin,
  NewShellLogin,
  ReviewConfiguration,
  ShellLoginList,
  ShellLoginPatch,
} from '@rackhaus/config/contract';
import type { Request } from 'express';
import { z } from 'zod';
import { type Audit, auditBy } from '../audit/audit.ts';
import type { Database } from '../database/tables.ts';
import { type Caller, defineRoute, type Route } from '../http/route.ts';
import { WithId } from '../http/with-id.ts';
import { AppError } from '../problem.ts';
import type { Backups, ConfigurationJobs } from './backups.ts';
import { candidates } from './candidates.ts';
import type { DeviceSettings } from './device-settings.ts';
import type { ShellLogins } from './logins.ts';
import { type Versions, versionRow } from './versions.ts';
import type { ConfigurationViews } from './views.ts';

const number = WithId.shape.id;
const WithVersion = WithId.extend({ version: number });
/** Each letter may take six bytes as JSON. */
const answerLimit = longestConfiguration * 3;

/** Configurations of devices: how their backup stands, what they were and are, and with what devices are signed in to. */
export function configurationRoutes(deps: {
  db: Database;
  audit: Audit;
  logins: ShellLogins;
  versions: Versions;
  backups: Backups;
  devices: DeviceSettings;
  views: ConfigurationViews;
  jobs: ConfigurationJobs;
  heard: (agentId: number) => void;
  /** Something was set or looked at. */
  changed: () => Promise<void>;
  now: () => number;
}): Route[] {
  const { db, audit, logins, versions, backups, devices, views, jobs, changed, now } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/api/configurations',
      summary: 'How the backup of the configuration of each device stands.',
      reply: BackupList,
      handle: ({ caller }) => views.list(caller),
    }),
    defineRoute({
      method: 'get',
      path: '/api/configurations/search',
      summary: 'Lines of the present configurations in which a text stands, with secrets masked.',
      query: ConfigurationSearch,
      reply: ConfigurationHits,
      handle: ({ query, caller }) => views.search(query.text, caller),
    }),
    defineRoute({
      method: 'get',
      path: '/api/devices/:id/configuration',
      summary: 'How the backup of a device stands, its host keys and all versions of its configuration.',
      params: WithId,
      reply: DeviceConfiguration,
      handle: ({ params }) => views.device(params.id),
    }),
    defineRoute({
      method: 'put',
      path: '/api/devices/:id/configuration',
      summary: 'Says whether and with which login the configuration of a device is read.',
      params: WithId,
      body: ConfigurationSettings,
      handle: async ({ params, body }) => {
        await devices.set(params.id, body);
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/devices/:id/configuration/read',
      summary: 'Begins to read the configuration of a device now.',
      params: WithId,
      handle: async ({ params }) => {
        await backups.readNow(params.id);
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/devices/:id/configuration/host-keys',
      summary: 'Takes the host keys that answer now, as they were shown, for those of the device.',
      params: WithId,
      body: ConfirmHostKeys,
      handle: async ({ params, body, caller, request }) => {
        const keys = await devices.confirmKeys(params.id, body.fingerprints);
        const { name } = await devices.mustFind(params.id);
        await audit.note({
          action: 'credential.changed',
          outcome: 'done',
          ...writer(caller, request),
          subject: { kind: 'device', id: params.id, name },
          detail: { what: 'host-keys', keys: keys.join(' ').slice(0, 500) },
        });
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/devices/:id/configuration/review',
      summary: 'Notes that somebody has looked at a change, and that it was intended.',
      params: WithId,
      body: ReviewConfiguration,
      handle: async ({ params, body, caller }) => {
        const version = await versions.one(params.id, body.version);
        await db
          .updateTable('configuration_versions')
          .set({ reviewed_at: now(), reviewed_by: caller.kind === 'person' ? caller.name : null })
          .where('id', '=', version.id)
          .where('reviewed_at', 'is', null)
          .execute();
        await changed();
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/devices/:id/configuration/versions/:version',
      summary: 'A configuration as it was, with each secret masked: other digits, another secret.',
      params: WithVersion,
      reply: ConfigurationText,
      handle: ({ params }) => views.text(params.id, params.version),
    }),
    defineRoute({
      method: 'get',
      path: '/api/devices/:id/configuration/difference',
      summary: 'What is different in a version of a configuration and in another, with secrets masked.',
      params: WithId,
      query: z.strictObject({ from: number, to: number }),
      reply: ConfigurationDifference,
      handle: ({ params, query }) => views.difference(params.id, query.from, query.to),
    }),
    defineRoute({
      method: 'get',
      path: '/api/devices/:id/configuration/versions/:version/file',
      summary: 'A configuration as it was, with all of its secrets. Each download is noted in the log.',
      params: WithVersion,
      fileTypes: ['text/plain'],
      handle: async ({ params, caller, request, response }) => {
        const version = await versions.one(params.id, params.version);
        const { name } = await devices.mustFind(params.id);
        const taken = new Date(versionRow(version).takenAt).toISOString().slice(0, 16).replace(':', '');
        // Noted before it leaves, and each time.
        await audit.note({
          action: 'download',
          outcome: 'done',
          ...writer(caller, request),
          subject: { kind: 'device', id: params.id, name },
          detail: { what: 'configuration', version: version.id },
        });
        response
          .attachment(`${name.replaceAll(/[^\w.-]+/g, '_')}-${taken}.txt`)
          .set('Cache-Control', 'no-store')
          .type('text/plain; charset=utf-8')
          .send(versions.textOf(version));
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/configuration-logins',
      summary: 'With what devices are signed in to for their configuration, without passwords and keys.',
      reply: ShellLoginList,
      handle: async () => {
        const [all, monitored] = await Promise.all([logins.list(), candidates(db, logins)]);
        return {
          logins: all.map((login) => ({
            ...login,
            devices: monitored.filter(({ loginId }) => loginId === login.id).length,
          })),
        };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/configuration-logins',
      summary:
        'Adds a login and says which devices get it by themselves. It is kept encrypted and never answered.',
      body: NewShellLogin,
      reply: MadeShellLogin,
      handle: async ({ body, caller, request }) => {
        const id = await logins.add(body, writer(caller, request));
        backups.soon();
        return { id };
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/api/configuration-logins/:id',
      summary: 'Changes a login, or which devices get it by themselves.',
      params: WithId,
      body: ShellLoginPatch,
      handle: async ({ params, body, caller, request }) => {
        await logins.change(params.id, body, writer(caller, request));
        if (body.login !== undefined) await devices.loginChanged(params.id);
        await changed();
        backups.soon();
        return undefined;
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/configuration-logins/:id',
      summary:
        'Deletes a login. Devices that have it by hand get that of a rule. For a day it can be restored.',
      params: WithId,
      handle: async ({ params, caller, request }) => {
        await logins.remove(params.id, writer(caller, request));
        await changed();
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/configuration-logins/:id/restore',
      summary: 'Brings a login back that was deleted within a day, for the devices that it was for.',
      params: WithId,
      handle: async ({ params, caller, request }) => {
        await logins.restore(params.id, writer(caller, request));
        await changed();
        backups.soon();
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/agent/configurations',
      summary: 'Takes in what came of reading a configuration that came with the assignment.',
      body: ConfigurationAnswer,
      bodyLimit: answerLimit,
      handle: ({ body, caller }) => {
        if (caller.kind !== 'agent') throw new AppError('forbidden', 'Only agents may do this.');
        deps.heard(caller.agentId);
        jobs.answer(caller.agentId, body);
        return undefined;
      },
    }),
  ];
}

function writer(caller: Caller, request: Request) {
  return { by: auditBy(caller), address: request.ip ?? null };
}
