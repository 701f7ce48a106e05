import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { EmulatorClock } from '../src/emulator-clock.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the clock', () => {
  it('runs with the machine from where it starts', () => {
    const clock = new EmulatorClock({ startMs: 5000 });
    vi.advanceTimersByTime(250);

    expect(clock.now()).toBe(5250);
  });

  it('stands still when frozen, but for advance', () => {
    const clock = new EmulatorClock({ frozen: true });
    vi.advanceTimersByTime(250);
    clock.advance(7);

    expect(clock.now()).toBe(1_000_007);
  });

  it('refuses to run backwards', () => {
    expect(() => new EmulatorClock().advance(-1)).toThrow(RangeError);
  });

  it('does what is due in order, once, when it is moved on', () => {
    const clock = new EmulatorClock({ frozen: true });
    const done: string[] = [];
    clock.after(20, () => done.push('late'));
    clock.after(10, () => done.push('early'));
    const cancelled = clock.after(15, () => done.push('cancelled'));
    cancelled[Symbol.dispose]();
    clock.advance(19);
    expect(done).toEqual(['early']);
    clock.advance(1);
    clock.advance(100);

    expect(done).toEqual(['early', 'late']);
  });

  it('does what is due when the time comes by itself', () => {
    const clock = new EmulatorClock();
    const done: number[] = [];
    clock.after(30 * 86_400_000, () => done.push(clock.now()));
    vi.advanceTimersByTime(29 * 86_400_000);
    expect(done).toEqual([]);
    clock.advance(43_200_000);
    vi.advanceTimersByTime(43_200_000);

    expect(done).toEqual([1_000_000 + 30 * 86_400_000]);
  });
});
