import type { Kysely } from 'kysely';
import { sql } from 'kysely';

/** Every kind of cable has a scheme to begin with; administrators change it to what is on their cables. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const templates = {
    patch: 'K-{0000}',
    power: 'S-{000}',
    console: 'C-{000}',
    permanent: 'V-{0000}',
    provider: 'L-{000}',
  };
  for (const [kind, template] of Object.entries(templates))
    await sql`insert into label_schemes (link_kind, template) select ${kind}, ${template}
      where not exists (select 1 from label_schemes where link_kind = ${kind})`.execute(db);
}
