import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { SecretBox } from '../../access/secret-box.ts';
import type { Incidents } from '../../alerting/parts.ts';
import type { Database } from '../../database/tables.ts';
import type { Route } from '../../http/route.ts';
import { Channels } from '../channels/channels.ts';
import { emailSender, textSender } from '../channels/email.ts';
import type { Outside } from '../channels/http-request.ts';
import { localSender } from '../channels/local.ts';
import { Modem } from '../channels/modem/modem.ts';
import { ntfySender } from '../channels/ntfy.ts';
import { newPushKeys, PushKeys, pushSender } from '../channels/push.ts';
import { channelRoutes } from '../channels/routes.ts';
import type { Senders } from '../channels/sender.ts';
import { smsSender } from '../channels/sms.ts';
import { webhookSender } from '../channels/webhook.ts';
import { channelsOf, type ReachedBy } from '../channels/working.ts';
import { settingsRoutes } from '../settings/routes.ts';
import { Settings } from '../settings/settings.ts';
import { Answers } from './answers.ts';
import { linkRoutes } from './link-routes.ts';
import { createLinks, type Links } from './links.ts';
import { Mailbox } from './mailbox.ts';
import { parseMail } from './parse-mail.ts';
import { DeliveryQueue } from './queue.ts';
import { Replies } from './replies.ts';
import { TestMessages } from './test-message.ts';

export interface Delivery {
  readonly routes: Route[];
  readonly settings: Settings;
  /** Sends a text by the mail server that is set; see {@link textSender}. */
  readonly sendText: ReturnType<typeof textSender>;
  /** To be called after a commit that enqueued something. */
  wake(): void;
  /** Channels of a person that are switched on, those that work first; null: those of nobody. */
  channelsOf(userId: number | null, tx?: Database): Promise<ReachedBy[]>;
  start(): void;
  stop(): Promise<void>;
}

/** Channels, what is sent through them, and the answers. Sends nothing before `start()`. */
export function createDelivery(options: {
  db: Database;
  secretBox: SecretBox;
  publicUrl: string | null;
  incidents: Pick<Incidents, 'acknowledge'>;
  outside: Outside;
  now: () => number;
  onError: (message: string, error: unknown) => void;
}): Delivery {
  const { db, secretBox, publicUrl, outside, now, onError } = options;
  const settings = new Settings({ db, secretBox, now, outside });
  const channels = new Channels({ db, secretBox, now, outside });
  const pushKeys = once(() => settings.ownSecret('push-keys', PushKeys, newPushKeys));
  const links = once(async (): Promise<Links> => {
    const key = await settings.ownSecret('link-key', z.string().min(40), () =>
      randomBytes(32).toString('base64'),
    );
    return createLinks(Buffer.from(key, 'base64'));
  });
  const answers = new Answers({ db, links, incidents: options.incidents, now });
  const modem = new Modem({
    open: () => settings.open(),
    onReceived: ({ from, text }) => replies.bySms(from, text),
    onError: (error) => onError('the modem does not work', error),
  });
  const replies = new Replies({
    answers,
    channels,
    settings,
    askBack: (number, text) =>
      void modem.send(number, text).then(
        (outcome) =>
          outcome.kind === 'sent' || onError('an SMS could not be answered', new Error(outcome.error)),
        (error: unknown) => onError('an SMS could not be answered', error),
      ),
  });
  const mailbox = new Mailbox({
    outside,
    settings,
    onMail: async (source) => replies.byMail(await parseMail(source)),
    onError: (error) => onError('the mailbox for answers cannot be read', error),
  });
  const senders: Senders = {
    push: pushSender({ outside, keys: pushKeys, publicUrl }),
    email: emailSender({ outside, open: () => settings.open() }),
    ntfy: ntfySender({ outside }),
    webhook: webhookSender({ outside }),
    sms: smsSender({
      outside,
      open: () => settings.open(),
      byModem: (number, text) => modem.send(number, text),
    }),
    local: localSender({ outside, stillNeeded: (channelId) => isStillNeeded(db, channelId) }),
  };
  const queue = new DeliveryQueue({
    db,
    secretBox,
    senders,
    settings,
    links,
    publicUrl,
    now,
    onError,
    onOutcome: ({ id }, outcome) => tests.outcome(id, outcome),
  });
  const tests = new TestMessages({ db, settings, now, wake: () => queue.wake() });
  return {
    sendText: textSender({ outside, open: () => settings.open() }),
    routes: [
      ...channelRoutes({
        channels,
        pushKey: async () => (await pushKeys()).publicKey,
        test: async (channelId, by) => tests.send(await channels.get(channelId, by)),
      }),
      ...settingsRoutes({ settings }),
      ...linkRoutes({ answers, now }),
    ],
    settings,
    wake: () => queue.wake(),
    channelsOf: (userId, tx = db) => channelsOf(tx, userId),
    start: () => {
      queue.start();
      modem.start();
      mailbox.start();
    },
    stop: async () => {
      await queue.stop();
      await modem.stop();
      await mailbox.stop();
    },
  };
}

/** Whether a siren or lamp has to stay on: something critical that it was switched on for is taken by nobody. */
async function isStillNeeded(db: Database, channelId: number): Promise<boolean> {
  const open = await db
    .selectFrom('deliveries')
    .innerJoin('incidents', 'incidents.id', 'deliveries.incident_id')
    .select('incidents.id')
    .where('deliveries.channel_id', '=', channelId)
    .where('deliveries.state', '=', 'sent')
    .where('incidents.state', '=', 'open')
    .where('incidents.severity', '=', 'critical')
    .limit(1)
    .executeTakeFirst();
  return open !== undefined;
}

/** Does it at the first call, and again only where that failed. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
}
