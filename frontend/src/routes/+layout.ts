// Everything is drawn in the browser; the server only hands out files and the API.
export const ssr = false;
