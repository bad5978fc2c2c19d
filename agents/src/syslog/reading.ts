// What reads messages of devices, for what holds it against others' writing.
export { Framing, longestMessage } from './framing.ts';
export { parseMessage } from './parse.ts';
