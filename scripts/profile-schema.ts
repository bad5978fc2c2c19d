import { writeFileSync } from 'node:fs';
import { publishedSchema, schemaFile } from '../config/profiles/json-schema.ts';

// `npm run profile:schema`: the format of device profiles for editors, after config/profiles/schema.ts was changed.
writeFileSync(schemaFile, publishedSchema());
process.stdout.write(`${schemaFile} is as the code says\n`);
