import { defineConfig } from 'vitest/config';

/** The emulator resolves to its TypeScript sources. */
const conditions = ['@sluice/source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // The CLI polls every 5 seconds.
  test: { testTimeout: 120_000, hookTimeout: 60_000 },
});
