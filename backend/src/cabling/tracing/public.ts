/** Tracing in a database file, without a server around it: for what measures it. */
export { openDatabase } from '../../database/open.ts';
export { loadGraphAround } from '../load-graph.ts';
export { tracePort } from '../trace.ts';
