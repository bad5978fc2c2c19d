import PostalMime, { type Address } from 'postal-mime';
import type { ReplyMail } from './replies.ts';

/** Reads a mail as far as an answer needs it. Of what has no plain text, the text of its HTML. */
export async function parseMail(source: Uint8Array): Promise<ReplyMail> {
  const mail = await PostalMime.parse(source, { maxNestingDepth: 20 });
  const header = (name: string) =>
    mail.headers
      .find(({ key }) => key === name)
      ?.value.trim()
      .toLowerCase();
  const automatic =
    (header('auto-submitted') ?? 'no') !== 'no' ||
    ['bulk', 'junk', 'list', 'auto_reply'].includes(header('precedence') ?? '') ||
    header('x-autoreply') !== undefined ||
    header('x-auto-response-suppress') === 'all' ||
    header('list-id') !== undefined ||
    header('return-path') === '<>' ||
    header('content-type')?.startsWith('multipart/report') === true;
  return {
    from: addressOf(mail.from),
    answers: `${mail.inReplyTo ?? ''} ${mail.references ?? ''}`.split(/\s+/).filter((id) => id !== ''),
    text: mail.text ?? withoutTags(mail.html ?? ''),
    automatic,
  };
}

function addressOf(address: Address | undefined): string {
  return address?.address ?? '';
}

/** Enough for a word or a code; what is quoted stays quoted. */
function withoutTags(html: string): string {
  return html
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<blockquote\b/gi, '\n> <')
    .replace(/<(br|\/p|\/div|\/li)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&nbsp;/g, ' ')
    .replace(/^[ \t]+/gm, '');
}
