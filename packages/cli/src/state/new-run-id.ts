import { randomInt } from 'node:crypto';

const RANDOM_CHARACTERS = 6;
/** Without those that are easily mistaken for another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** An id that sorts by its start in UTC and can be typed: `20261125-134455-k7mq2x`. */
export function newRunId(now: Date): string {
  const [day, time] = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  const random = Array.from({ length: RANDOM_CHARACTERS }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `${day}-${time}-${random}`;
}
