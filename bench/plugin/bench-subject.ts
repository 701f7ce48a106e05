import type { Format, Sink, Source } from '@sluice/core';

/**
 * What a module exports as `subject` to be measured by `bench plugin <module>`: a plugin of any kind, or several.
 *
 * Each is measured in a fresh process beside the nearest of ours, on the rows of the benchmark (20 typed columns), after
 * its result was found to be correct. What is made here is made off the clock.
 *
 * @example
 * export const subject: BenchSubject = { name: 'my format', format: () => myFormat() };
 */
export interface BenchSubject {
  readonly name: string;
  /** A source of exactly so many rows, of any columns. */
  source?(rows: number): Source | Promise<Source>;
  /** A sink that takes the benchmark's columns, into a new target each time. */
  sink?(): Sink | Promise<Sink>;
  /** A format that takes the benchmark's columns; one that reads them, too, is measured both ways. */
  format?(): Format;
  /** Removes what was made, after a measurement. */
  dispose?(): Promise<void>;
}

/** What is measured of a subject. */
export type Role = 'source' | 'sink' | 'encode' | 'decode';

export function rolesOf(subject: BenchSubject): readonly Role[] {
  const format = subject.format?.();
  return [
    ...(subject.source === undefined ? [] : ['source' as const]),
    ...(subject.sink === undefined ? [] : ['sink' as const]),
    ...(format === undefined ? [] : ['encode' as const]),
    ...(format?.decode === undefined && format?.open === undefined ? [] : ['decode' as const]),
  ];
}

/** @throws {TypeError} when the module has none. */
export async function loadSubject(modulePath: string): Promise<BenchSubject> {
  // Whatever the module of someone else exports.
  const { subject } = (await import(modulePath)) as { readonly subject?: BenchSubject };
  if (typeof subject?.name !== 'string') throw new TypeError(`${modulePath} exports no subject with a name`);
  if (rolesOf(subject).length > 0) return subject;
  throw new TypeError(`the subject of ${modulePath} has neither a source nor a sink nor a format`);
}
