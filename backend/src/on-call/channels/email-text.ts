import type { Outgoing } from './sender.ts';
import { htmlText } from './webhook-templates.ts';

/** The plain text of a mail: what reads well on a watch as well. */
export function mailText({ message, words }: Outgoing): string {
  const link = message.link === null ? [] : ['', `${buttonOf(message, words)}: ${message.link}`];
  const answer = words.howToAnswer === null ? [] : ['', words.howToAnswer];
  return [words.headline, '', ...words.lines, ...link, ...answer, '', '-- ', 'Rackhaus', ''].join('\n');
}

/** The same with one colour that says how bad it is, and a button. No pictures, nothing loaded from anywhere. */
export function mailHtml({ message, words, settings }: Outgoing): string {
  const over = message.notice === 'resolved' || message.notice === 'acknowledged';
  const colour =
    over || message.notice === 'test' || message.notice === 'summary'
      ? '#2f6f4f'
      : message.severity === 'critical'
        ? '#b3261e'
        : '#8a5a00';
  const lines = words.lines
    .map((line) => `<p style="margin:0 0 6px;white-space:pre-line">${htmlText(line)}</p>`)
    .join('');
  const button =
    message.link === null
      ? ''
      : `<p style="margin:18px 0 0"><a href="${htmlText(message.link)}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#1f2937;color:#ffffff;text-decoration:none;font-weight:600">${htmlText(buttonOf(message, words))}</a></p>`;
  const answer =
    words.howToAnswer === null
      ? ''
      : `<p style="margin:14px 0 0;color:#4b5563;font-size:14px">${htmlText(words.howToAnswer)}</p>`;
  return `<!doctype html><html lang="${settings.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head><body style="margin:0;padding:16px;background:#f3f4f6;font-family:system-ui,-apple-system,Segoe UI,Roboto,sans-serif;color:#111827"><div style="max-width:560px;margin:0 auto;padding:20px 22px;background:#ffffff;border-left:6px solid ${colour};border-radius:8px;font-size:16px;line-height:1.45"><h1 style="margin:0 0 12px;font-size:20px;line-height:1.3;color:${colour}">${htmlText(words.headline)}</h1>${lines}${button}${answer}</div><p style="max-width:560px;margin:10px auto 0;color:#6b7280;font-size:13px">Rackhaus</p></body></html>`;
}

function buttonOf(message: Outgoing['message'], words: Outgoing['words']): string {
  return message.replyCode !== null
    ? words.acknowledge
    : message.notice === 'test'
      ? words.confirm
      : words.open;
}
