import type { Clock } from '@sluice/core';

interface Entry<T> {
  readonly value: T;
  readonly atMs: number;
}

/** Runs that follow each other closely share metadata; a later one sees what changed in between. */
const MAX_AGE_MS = 60_000;

export interface DescribeCache<T> {
  get(key: string, clock: Clock, fetch: () => Promise<T>): Promise<T>;
}

export function createDescribeCache<T>(): DescribeCache<T> {
  const entries = new Map<string, Entry<T>>();
  return {
    async get(key, clock, fetch) {
      const cached = entries.get(key);
      if (cached !== undefined && clock.now() - cached.atMs < MAX_AGE_MS) return cached.value;
      const value = await fetch();
      entries.set(key, { value, atMs: clock.now() });
      return value;
    },
  };
}
