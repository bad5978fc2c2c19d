/** What connecting in the drawing needs: fetched when somebody begins. */
export { default as ConnectPanel } from './ConnectPanel.svelte';
export { default as ConnectSession } from './ConnectSession.svelte';
export { Connecting } from './connecting.svelte.ts';
