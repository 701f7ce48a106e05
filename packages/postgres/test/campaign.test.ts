import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { type Lane, openLane } from './campaign/lane.ts';
import { LOAD_KINDS } from './campaign/load-order.ts';
import { loadSchedule, playLoad } from './campaign/play-load.ts';
import { playRead, readSchedule } from './campaign/play-read.ts';

const READS = 4;

let lane: Lane;

beforeAll(async () => {
  lane = await openLane();
});
afterAll(async () => await lane[Symbol.asyncDispose]());

const drawn = fc.sample(loadSchedule, { seed: inject('seed'), numRuns: LOAD_KINDS.length });

describe('whatever is killed or cut', () => {
  it.each(LOAD_KINDS.map((kind, at) => ({ ...drawn[at]!, kind })))(
    'a load into a table ($kind) is there whole or not at all, and whole once it is resumed',
    async (schedule) => {
      expect({ schedule, ...(await playLoad(lane, schedule)) }).toMatchObject({ problems: [] });
    },
  );

  it.each(fc.sample(readSchedule, { seed: inject('seed'), numRuns: READS }))(
    'a read ($shape, snapshot: $snapshot) is whole and of one moment, or fails',
    async (schedule) => {
      expect({ schedule, ...(await playRead(lane, schedule)) }).toMatchObject({ problems: [] });
    },
  );
});
