import { isIP } from 'node:net';
import nodemailer from 'nodemailer';
import { z } from 'zod';
import { OutgoingRefused } from '../../outgoing/outgoing.ts';
import type { OpenSettings } from '../settings/settings.ts';
import { mailHtml, mailText } from './email-text.ts';
import type { Outside } from './http-request.ts';
import type { Outcome, Outgoing, Send } from './sender.ts';

const timeoutMs = 20_000;

/** What a mail server's refusal carries, as far as it is there. */
const SmtpError = z.object({
  message: z.string(),
  code: z.string().optional(),
  responseCode: z.int().optional(),
  command: z.string().optional(),
});

/**
 * E-mail by SMTP. `tls` and `starttls` are required where they are set: a server that does not offer it gets neither password
 * nor message. The message id is the same at each attempt, so that mailboxes can drop repeats.
 */
export function emailSender(deps: { outside: Outside; open: () => Promise<OpenSettings> }): Send {
  return async (channel, outgoing) => {
    const { settings, secrets } = await deps.open();
    if (channel.settings.kind !== 'email') return { kind: 'gone', error: 'This is no e-mail address.' };
    const { mail } = settings;
    if (mail === null) return { kind: 'later', error: 'No mail server has been set.' };
    let address: string;
    try {
      address = await deps.outside.resolve(mail.host);
    } catch (error) {
      return outcomeOf(error, mail.host);
    }
    const transport = transportTo(address, mail, secrets.mailPassword);
    try {
      const ids = messageIds(outgoing, mail.from);
      await transport.sendMail({
        from: mail.from,
        to: channel.settings.address,
        subject: subjectOf(outgoing),
        text: mailText(outgoing),
        html: mailHtml(outgoing),
        messageId: ids.own,
        ...(ids.thread === null ? {} : { inReplyTo: ids.thread, references: [ids.thread] }),
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        priority:
          outgoing.message.severity === 'critical' && outgoing.message.replyCode !== null ? 'high' : 'normal',
      });
      return { kind: 'sent' };
    } catch (error) {
      return outcomeOf(error, mail.host);
    } finally {
      transport.close();
    }
  };
}

/** Sends one text to an address, now or not at all; null: no mail server has been set. @throws Error when it was not taken */
export function textSender(deps: {
  outside: Outside;
  open: () => Promise<OpenSettings>;
}): (letter: { to: string; subject: string; text: string }) => Promise<'sent' | null> {
  return async ({ to, subject, text }) => {
    const { settings, secrets } = await deps.open();
    const { mail } = settings;
    if (mail === null) return null;
    const transport = transportTo(await deps.outside.resolve(mail.host), mail, secrets.mailPassword);
    try {
      await transport.sendMail({
        from: mail.from,
        to,
        subject,
        text,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      });
      return 'sent';
    } finally {
      transport.close();
    }
  };
}

function transportTo(
  address: string,
  mail: NonNullable<OpenSettings['settings']['mail']>,
  password: string | null,
) {
  return nodemailer.createTransport({
    // The address that was looked at, with the name for its certificate: it is not looked up once more.
    host: address,
    ...(isIP(mail.host) === 0 ? { tls: { servername: mail.host } } : {}),
    port: mail.port,
    secure: mail.security === 'tls',
    requireTLS: mail.security === 'starttls',
    ignoreTLS: mail.security === 'none',
    ...(mail.user === '' ? {} : { auth: { user: mail.user, pass: password ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // Nothing of a message is taken from files or addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** The token in the id lets an answer say by itself to what it answers. */
export function messageIds(
  { message, token, key }: Pick<Outgoing, 'message' | 'token' | 'key'>,
  from: string,
): { own: string; thread: string | null } {
  const host = /@([^\s<>@]+)>?\s*$/.exec(from)?.[1] ?? 'rackhaus.invalid';
  return {
    own: `<rackhaus.${token ?? key}@${host}>`,
    thread: message.incidentId === null ? null : `<rackhaus.incident-${message.incidentId}@${host}>`,
  };
}

/** The token in a message id that {@link messageIds} made; null: it is none of ours. */
export function tokenInMessageId(id: string): string | null {
  return /<?rackhaus\.([0-9a-z]+-[-\w]{22})@/.exec(id)?.[1] ?? null;
}

function subjectOf({ message, words }: Outgoing): string {
  return `${message.replyCode === null ? '' : `[${message.replyCode}] `}${words.headline}`.slice(0, 250);
}

/** 5xx to the address or the message itself is for good; to signing in, or of the connection, it may be put right. */
function outcomeOf(error: unknown, host: string): Outcome {
  if (error instanceof OutgoingRefused) return { kind: 'later', error: error.message };
  const parsed = SmtpError.safeParse(error);
  if (!parsed.success) return { kind: 'later', error: String(error) };
  const { message, code, responseCode = 0, command = '' } = parsed.data;
  const aboutMessage = code === 'EENVELOPE' || code === 'EMESSAGE' || /^(RCPT TO|DATA)/.test(command);
  const text = `${host}: ${message.slice(0, 300)}`;
  return { kind: aboutMessage && responseCode >= 500 ? 'refused' : 'later', error: text };
}
