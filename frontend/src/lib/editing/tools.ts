// What editing a room needs, as one piece: most people look at a room far more often than they edit it, so it loads when somebody does.
export { default as EditPanel } from './EditPanel.svelte';
export { default as EditSession } from './EditSession.svelte';
export { default as Ghosts } from './Ghosts.svelte';
