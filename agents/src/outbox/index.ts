export { compress, decompress } from './body.ts';
export { Gatherer } from './gatherer.ts';
export { Outbox } from './outbox.ts';
