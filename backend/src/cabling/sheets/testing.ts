// What a test needs that reads sheets from paper, with programs that the backend's own tests do not have.
export { townHallInventory } from '../../inventory/testing.ts';
export { loadFonts } from '../../labels/fonts.ts';
export { writePdf } from '../../labels/pdf.ts';
export { sheetPages } from './pages.ts';
export { makeSheet } from './sheets.ts';
