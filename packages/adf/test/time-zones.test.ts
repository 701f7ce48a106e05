import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { WINDOWS_ZONES } from '../src/expression/date/windows-zones.ts';
import { evaluate, evaluateText, failureOf } from './expression-run.ts';

const PACIFIC = 'Pacific Standard Time';

function fromUtc(timestamp: string, zone: string, format = 's'): string {
  return evaluateText(`@convertFromUtc('${timestamp}', '${zone}', '${format}')`);
}

function toUtc(timestamp: string, zone: string): string {
  return evaluateText(`@convertToUtc('${timestamp}', '${zone}')`);
}

describe('time zones (EX-05)', () => {
  it.each([
    ['2018-03-11T09:59:59Z', '2018-03-11T01:59:59'],
    ['2018-03-11T10:00:00Z', '2018-03-11T03:00:00'],
    ['2018-11-04T08:59:59Z', '2018-11-04T01:59:59'],
    ['2018-11-04T09:00:00Z', '2018-11-04T01:00:00'],
    ['2018-01-01T07:59:59.9999999Z', '2017-12-31T23:59:59'],
    ['2018-01-01T08:00:00', '2018-01-01T00:00:00'],
    ['2018-01-01T10:00:00+02:00', '2018-01-01T00:00:00'],
  ])('%s is %s on a Pacific clock', (utc, local) => {
    expect(fromUtc(utc, PACIFIC)).toBe(local);
  });

  it.each([
    ['2018-03-11T01:59:59', '2018-03-11T09:59:59.0000000Z'],
    ['2018-03-11T03:00:00', '2018-03-11T10:00:00.0000000Z'],
    // Shown twice: standard time is meant.
    ['2018-11-04T01:00:00', '2018-11-04T09:00:00.0000000Z'],
    ['2018-11-04T01:59:59', '2018-11-04T09:59:59.0000000Z'],
    ['2018-11-04T00:59:59', '2018-11-04T07:59:59.0000000Z'],
    ['2018-11-04T02:00:00', '2018-11-04T10:00:00.0000000Z'],
    ['2017-12-31T23:59:59.9999999', '2018-01-01T07:59:59.9999999Z'],
  ])('a Pacific clock shows %s at %s', (local, utc) => {
    expect(toUtc(local, PACIFIC)).toBe(utc);
  });

  it.each(['2018-03-11T02:00:00', '2018-03-11T02:59:59.9999999'])('refuses %s, which Pacific clocks skip', (local) => {
    const error = failureOf(`@convertToUtc('${local}', '${PACIFIC}')`);

    expect(error.code).toBe('EXPRESSION_FAILED');
    expect(error.message).toContain('argument 1 (timestamp) is a time that the zone skips');
  });

  it.each([
    ['India Standard Time', '2018-01-01T05:30:00'],
    ['Nepal Standard Time', '2018-01-01T05:45:00'],
    ['Newfoundland Standard Time', '2017-12-31T20:30:00'],
    ['Chatham Islands Standard Time', '2018-01-01T13:45:00'],
    ['AUS Eastern Standard Time', '2018-01-01T11:00:00'],
    ['E. Australia Standard Time', '2018-01-01T10:00:00'],
    ['W. Europe Standard Time', '2018-01-01T01:00:00'],
    ['w. europe standard time', '2018-01-01T01:00:00'],
    ['GMT Standard Time', '2018-01-01T00:00:00'],
    ['Dateline Standard Time', '2017-12-31T12:00:00'],
    ['Line Islands Standard Time', '2018-01-01T14:00:00'],
    ['UTC-09', '2017-12-31T15:00:00'],
    ['UTC+12', '2018-01-01T12:00:00'],
    ['UTC', '2018-01-01T00:00:00'],
    ['Europe/Berlin', '2018-01-01T01:00:00'],
    ['america/new_york', '2017-12-31T19:00:00'],
    ['Etc/GMT-3', '2018-01-01T03:00:00'],
  ])('knows %s', (zone, local) => {
    expect(fromUtc('2018-01-01T00:00:00Z', zone)).toBe(local);
  });

  it('knows every Windows zone, by a zone that exists', () => {
    const names = Object.keys(WINDOWS_ZONES);
    for (const name of names) expect(toUtc('2018-01-15T12:00:00', name)).toMatch(/^2018-01-1[456]T.*Z$/);

    expect(names.length).toBeGreaterThan(130);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  });

  it('follows zones whose clocks change at other times, or by half an hour', () => {
    expect(fromUtc('2018-03-25T00:59:59Z', 'Romance Standard Time')).toBe('2018-03-25T01:59:59');
    expect(fromUtc('2018-03-25T01:00:00Z', 'Romance Standard Time')).toBe('2018-03-25T03:00:00');
    expect(fromUtc('2018-03-31T14:59:59Z', 'Lord Howe Standard Time')).toBe('2018-04-01T01:59:59');
    expect(fromUtc('2018-03-31T15:00:00Z', 'Lord Howe Standard Time')).toBe('2018-04-01T01:30:00');
    expect(toUtc('2018-04-01T01:45:00', 'Lord Howe Standard Time')).toBe('2018-03-31T15:15:00.0000000Z');
    // A whole day that Samoa never had.
    expect(failureOf("@convertToUtc('2011-12-30T12:00:00', 'Samoa Standard Time')").message).toContain('skips');
  });

  it('writes no offset for another zone, and Z for UTC', () => {
    expect(fromUtc('2018-01-01T00:00:00Z', PACIFIC, 'o')).toBe('2017-12-31T16:00:00.0000000');
    expect(fromUtc('2018-01-01T00:00:00Z', PACIFIC, 'HH:mmzzz')).toBe('16:00+00:00');
    expect(fromUtc('2018-01-01T00:00:00Z', 'UTC', 'o')).toBe('2018-01-01T00:00:00.0000000Z');
    expect(evaluate("@convertTimeZone('2018-07-01', 'Tokyo Standard Time', 'UTC')")).toBe(
      '2018-06-30T15:00:00.0000000Z',
    );
  });

  it('converts between two zones', () => {
    expect(evaluate(`@convertTimeZone('2018-07-01T12:00', '${PACIFIC}', 'India Standard Time', 's')`)).toBe(
      '2018-07-02T00:30:00',
    );
  });

  it('comes back to the same moment from any zone', () => {
    const zone = fc.constantFrom(...Object.keys(WINDOWS_ZONES));
    const moment = fc.date({ min: new Date('1995-01-01Z'), max: new Date('2035-01-01Z'), noInvalidDate: true });
    fc.assert(
      fc.property(zone, moment, (name, date) => {
        const local = fromUtc(date.toISOString(), name, 'o').replace('Z', '');
        const back = toUtc(local, name);
        const ticksLater = BigInt(evaluateText(`@{sub(ticks('${back}'), ticks('${date.toISOString()}'))}`));

        expect(fromUtc(back, name, 'o').replace('Z', '')).toBe(local);
        // A time that a clock shows twice comes back as its second, half an hour or an hour later.
        expect([0n, 18_000_000_000n, 36_000_000_000n]).toContain(ticksLater);
      }),
      { seed: 15, numRuns: 400 },
    );
  });

  it('names a near zone when there is none of that name', () => {
    const error = failureOf("@convertFromUtc(utcNow(), 'A.U.S. Eastern Standard Time')");

    expect(error.message).toBe(
      'line 1, column 27: convertFromUtc: argument 2 (destinationTimeZone) is not the name of a time zone',
    );
    expect(error.hint).toBe('Did you mean "AUS Eastern Standard Time"?');
    expect(failureOf("@convertFromUtc(utcNow(), 'Europe/Berlim')").hint).toBe('Did you mean "Europe/Berlin"?');
    expect(failureOf("@convertFromUtc(utcNow(), '+01:00')").message).toContain('is not the name of a time zone');
    expect(failureOf("@convertFromUtc(utcNow(), '')").message).toContain('is not the name of a time zone');
  });

  it('refuses a source zone for a timestamp that says its own', () => {
    const error = failureOf(`@convertToUtc('2018-01-01T00:00:00Z', '${PACIFIC}')`);

    expect(error.message).toContain('argument 1 (timestamp) has an offset of its own');
    expect(error.hint).toContain('name UTC as the source');
    expect(toUtc('2018-01-01T00:00:00+01:00', 'UTC')).toBe('2017-12-31T23:00:00.0000000Z');
  });

  it('refuses results outside of the years 1 to 9999', () => {
    expect(failureOf("@convertFromUtc('0001-01-01', 'Dateline Standard Time')").message).toContain('years 1 to 9999');
    expect(failureOf("@convertFromUtc('9999-12-31T23:00', 'Tokyo Standard Time')").message).toContain('years 1');
    expect(failureOf("@convertToUtc('0001-01-01', 'Tokyo Standard Time')").message).toContain('years 1 to 9999');
    expect(failureOf("@convertToUtc('9999-12-31T23:00', 'UTC-11')").message).toContain('years 1 to 9999');
  });
});
