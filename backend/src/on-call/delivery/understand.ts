/** What somebody answered: codes of messages, or a plain yes. */
export interface Understood {
  /** As they are in messages, "K7"; only those that were asked about. */
  readonly codes: readonly string[];
  readonly yes: boolean;
}

const yesWords =
  /^(ok|okay|oke|ja|yes|jep|ack|acknowledged?|taken|übernommen|uebernommen|übernehme|uebernehme|verstanden|bestätigt|bestaetigt|angekommen|erhalten)(?!\p{L})/iu;

/** Looks in what a person wrote, not in what they quoted. Nothing but codes that wait, or a clear yes, is an answer. Pure. */
export function understand(text: string, codes: ReadonlySet<string>): Understood {
  const own = ownWords(text);
  const words = own.toUpperCase().split(/[^\p{L}\p{N}]+/u);
  return {
    codes: [...new Set(words.filter((word) => codes.has(word)))],
    yes: yesWords.test(own.trim().replace(/^[^\p{L}\p{N}]+/u, '')),
  };
}

const quoteBegins =
  /^\s*(>|-{2,}\s*(original|ursprüngliche|weitergeleitete|forwarded)|_{10,}|(am|on)\s.*(schrieb|wrote)|von:\s|from:\s|-- ?$)/iu;

/** Without what a mail program quotes below, and without the signature. */
function ownWords(text: string): string {
  const lines = text.split(/\r?\n/).slice(0, 200);
  const end = lines.findIndex((line) => quoteBegins.test(line));
  return (end < 0 ? lines : lines.slice(0, end)).join('\n').slice(0, 2000);
}
