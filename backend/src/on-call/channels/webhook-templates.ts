import type { webhookTemplates } from '@rackhaus/config/contract';
import type { Outgoing } from './sender.ts';

type Template = (typeof webhookTemplates)[number];

/** The body of a webhook, for JSON. Pure. */
export function webhookBody(template: Template, outgoing: Outgoing): unknown {
  return { json, matrix, mattermost, teams, alertmanager }[template](outgoing);
}

/** All there is, for programs of one's own. */
function json({ key, message, words, settings }: Outgoing): unknown {
  return {
    key,
    notice: message.notice,
    incident: message.incidentId,
    severity: message.severity,
    title: message.title[settings.language],
    place: message.place,
    effect: message.effect[settings.language],
    text: message.text?.[settings.language] ?? null,
    headline: words.headline,
    since: new Date(message.since).toISOString(),
    time: new Date(message.time).toISOString(),
    link: message.link,
    drill: message.drill,
  };
}

/** For the client API (m.room.message) as well as for the generic webhooks of matrix-hookshot, which read `text` and `html`. */
function matrix({ message, words }: Outgoing): unknown {
  const text = plain(words, message.link);
  const html = [`<strong>${htmlText(words.headline)}</strong>`, ...words.lines.map(htmlText)]
    .concat(
      message.link === null
        ? []
        : [`<a href="${htmlText(message.link)}">${htmlText(linkWord(words, message))}</a>`],
    )
    .join('<br>');
  return {
    msgtype: 'm.text',
    body: text,
    format: 'org.matrix.custom.html',
    formatted_body: html,
    text,
    html,
  };
}

/** https://developers.mattermost.com/integrate/webhooks/incoming/ with an attachment, which has a colour. */
function mattermost({ message, words }: Outgoing): unknown {
  return {
    username: 'Rackhaus',
    attachments: [
      {
        fallback: plain(words, message.link),
        color: isOver(message.notice) ? '#2e7d32' : message.severity === 'critical' ? '#c62828' : '#b26a00',
        title: withoutMarkdown(words.headline),
        ...(message.link === null ? {} : { title_link: message.link }),
        text: words.lines.map(withoutMarkdown).join('\n'),
      },
    ],
  };
}

/** An Adaptive Card as the workflows of Teams take it ("When a Teams webhook request is received"). */
function teams({ message, words }: Outgoing): unknown {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            {
              type: 'TextBlock',
              text: withoutMarkdown(words.headline),
              weight: 'Bolder',
              size: 'Medium',
              wrap: true,
              color: isOver(message.notice)
                ? 'Good'
                : message.severity === 'critical'
                  ? 'Attention'
                  : 'Warning',
            },
            ...words.lines.map((text) => ({
              type: 'TextBlock',
              text: withoutMarkdown(text),
              wrap: true,
              spacing: 'Small',
            })),
          ],
          actions:
            message.link === null
              ? []
              : [{ type: 'Action.OpenUrl', title: linkWord(words, message), url: message.link }],
        },
      },
    ],
  };
}

/** Version 2 of the API of Prometheus' Alertmanager, POST /api/v2/alerts: repeats have the same labels and are one alert. */
function alertmanager({ message, words, settings }: Outgoing): unknown {
  return [
    {
      labels: {
        alertname: 'RackhausIncident',
        incident: String(message.incidentId ?? 0),
        place: message.place,
        ...(message.drill ? { drill: 'true' } : {}),
      },
      annotations: {
        summary: words.headline,
        description: words.lines.join('\n'),
        title: message.title[settings.language],
        severity: message.severity,
      },
      startsAt: new Date(message.since).toISOString(),
      ...(message.notice === 'resolved' ? { endsAt: new Date(message.time).toISOString() } : {}),
      ...(message.link === null ? {} : { generatorURL: message.link }),
    },
  ];
}

function isOver(notice: Outgoing['message']['notice']): boolean {
  return notice === 'resolved' || notice === 'acknowledged';
}

function plain(words: Outgoing['words'], link: string | null): string {
  return [words.headline, ...words.lines, ...(link === null ? [] : [link])].join('\n');
}

function linkWord(words: Outgoing['words'], message: Outgoing['message']): string {
  return message.replyCode !== null
    ? words.acknowledge
    : message.notice === 'test'
      ? words.confirm
      : words.open;
}

export function htmlText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Names of devices hold underscores and brackets: they shall not become formatting, or links. */
function withoutMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#|<>~]/g, '\\$&');
}
