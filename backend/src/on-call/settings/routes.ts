import { AlertSettingsChange, AlertSettingsReply } from '@rackhaus/config/contract';
import { type Caller, defineRoute, type Route } from '../../http/route.ts';
import type { Settings } from './settings.ts';

/** What is set for all: administrators only. */
export function settingsRoutes(deps: { settings: Settings }): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/alert-settings',
      summary: 'Mail server, mailbox, SMS, quiet hours, weekly test, heartbeat; secrets are not told.',
      reply: AlertSettingsReply,
      handle: () => deps.settings.view(),
    }),
    defineRoute({
      method: 'put',
      path: '/api/alert-settings',
      summary: 'Sets them; secrets that are left out stay as they are.',
      body: AlertSettingsChange,
      reply: AlertSettingsReply,
      handle: async ({ body, caller }) => {
        await deps.settings.write(body.settings, body.secrets, nameOf(caller));
        return deps.settings.view();
      },
    }),
  ];
}

function nameOf(caller: Caller): string {
  return caller.kind === 'nobody' ? '' : caller.name;
}
