import { describe, expect, it } from 'vitest';

import { READING_DOUBLES } from './doubles/reading-doubles.ts';
import { REQUEST_DOUBLES } from './doubles/request-doubles.ts';
import { RUN_DOUBLES } from './doubles/run-doubles.ts';
import { VERDICT_DOUBLES } from './doubles/verdict-doubles.ts';
import { WRITING_DOUBLES } from './doubles/writing-doubles.ts';
import { InvariantBroken } from './invariant-check.ts';
import { INVARIANT_CHECKS } from './invariant-checks.ts';

const DOUBLES = [...READING_DOUBLES, ...WRITING_DOUBLES, ...RUN_DOUBLES, ...REQUEST_DOUBLES, ...VERDICT_DOUBLES];

describe('an engine', () => {
  it.each(DOUBLES.map((double) => [double.is, double.check, double] as const))(
    'that %s fails %s',
    async (_is, id, { engine, says }) => {
      const check = INVARIANT_CHECKS.find((one) => one.id === id)!;

      const failure = await check.run(engine).catch((error: unknown) => error);

      expect(failure).toBeInstanceOf(InvariantBroken);
      expect(failure).toMatchObject({ message: expect.stringMatching(says) });
    },
  );

  it('is there for every check, broken in just that way', () => {
    const broken = new Set(DOUBLES.map(({ check }) => check));

    expect(INVARIANT_CHECKS.map(({ id }) => id).filter((id) => !broken.has(id))).toEqual([]);
  });
});
