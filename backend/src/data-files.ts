import { join } from 'node:path';

/** What lies where in the data folder. */
export function dataFiles(dataDir: string) {
  return {
    /** Inventory, accounts, agents. */
    database: join(dataDir, 'rackhaus.sqlite'),
    /** The embedded measurement store. */
    measurements: join(dataDir, 'measurements.sqlite'),
    /** The messages of devices. */
    syslog: join(dataDir, 'syslog.sqlite'),
    /** Uploaded files, each once by the SHA-256 of its content. */
    documents: join(dataDir, 'documents'),
    /** The certificate that this server has signed for itself, and its key. */
    selfSigned: {
      certFile: join(dataDir, 'tls', 'certificate.pem'),
      keyFile: join(dataDir, 'tls', 'key.pem'),
    },
    /** Key of the secrets in the database. */
    secretKey: join(dataDir, 'secret.key'),
    /** Key of the log of who did what. */
    auditKey: join(dataDir, 'audit.key'),
    /** How far that log has come, outside the database. */
    auditHead: join(dataDir, 'audit.head'),
    /** The token of the agent on this machine, for it to read. */
    localAgentToken: join(dataDir, 'local-agent.token'),
  } as const;
}
