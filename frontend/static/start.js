// In a build this file holds the start of the application; see without-inline.ts. While developing, Vite writes it into the page.
