import { z } from 'zod';

/** What an ntfy server is given to publish; see https://docs.ntfy.sh/publish/#publish-as-json. */
const Published = z.object({
  topic: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/),
  title: z.string().default(''),
  message: z.string().default(''),
  priority: z.int().min(1).max(5).default(3),
});

export interface PhoneMessage extends z.infer<typeof Published> {
  readonly id: string;
  readonly time: number;
  readonly event: 'message';
}

/** Older ones are forgotten. */
const most = 500;

/** The phones of those who are on call in the sample town hall: they take messages as an ntfy server does, and keep them here. */
export class Phones {
  readonly #messages: PhoneMessage[] = [];
  #last = 0;

  /** Newest last. */
  get messages(): readonly PhoneMessage[] {
    return this.#messages;
  }

  /** @returns what an ntfy server answers; null: the body is no message. */
  take(body: string): PhoneMessage | null {
    const published = Published.safeParse(parsed(body));
    if (!published.success) return null;
    const time = Math.trunc(Date.now() / 1000);
    const message: PhoneMessage = { id: String(++this.#last), time, event: 'message', ...published.data };
    this.#messages.push(message);
    if (this.#messages.length > most) this.#messages.shift();
    return message;
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
