import { describe, expect, it } from 'vitest';

import { engine } from './engine.ts';
import { INVARIANT_CHECKS } from './invariant-checks.ts';

describe('the engine', () => {
  it.each(INVARIANT_CHECKS.map((check) => [check.id, check.title, check] as const))(
    '%s: %s',
    async (_id, _title, check) => {
      await expect(check.run(engine)).resolves.toBeUndefined();
    },
  );
});
