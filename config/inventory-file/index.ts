export { loadInventory } from './load.ts';
export { type InventoryDevice, InventoryFile, type InventoryLink } from './schema.ts';
