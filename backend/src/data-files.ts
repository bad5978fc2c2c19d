import { join } from 'node:path';

/** What lies where in the data folder. */
export function dataFiles(dataDir: string) {
  return {
    /** Inventory, accounts, agents. */
    database: join(dataDir, 'rackhaus.sqlite'),
    /** The embedded measurement store. */
    measurements: join(dataDir, 'measurements.sqlite'),
    /** Uploaded files, each once by the SHA-256 of its content. */
    documents: join(dataDir, 'documents'),
    /** Key of the secrets in the database. */
    secretKey: join(dataDir, 'secret.key'),
    /** The token of the agent on this machine, for it to read. */
    localAgentToken: join(dataDir, 'local-agent.token'),
  } as const;
}
