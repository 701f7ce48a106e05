/** Sent to the org as part of the client name; equal to the version in package.json. */
export const VERSION = '0.1.0';
