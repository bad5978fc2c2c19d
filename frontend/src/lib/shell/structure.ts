import type { Structure } from '@rackhaus/config/contract';
import { createContext } from 'svelte';
import type { Resource } from '../api/resource.svelte.ts';

/** The tree of sites, buildings, floors, rooms and racks, loaded once for the navigation and whoever else needs it. */
export const [getStructure, setStructure] = createContext<Resource<Structure>>();
