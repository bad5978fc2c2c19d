import { runChain } from '@rackhaus/backend/chain-testing';

await runChain(process.argv[2] ?? '', 20);
