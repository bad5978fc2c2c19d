export { Gatherer } from './gatherer.ts';
export { Outbox } from './outbox.ts';
