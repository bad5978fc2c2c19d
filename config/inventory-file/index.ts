export { joinInventories, loadInventory } from './load.ts';
export { type InventoryDevice, InventoryFile, type InventoryLink, type InventoryService } from './schema.ts';
