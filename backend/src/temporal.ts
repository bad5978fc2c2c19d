/** The clock on the wall of a time zone; the one importer of the library, until Node brings Temporal itself. */
export { Temporal } from 'temporal-polyfill';
