/** A number of runs that the environment may set. @throws when it is no whole number from 1. */
export function countFromEnv(name: string, usual: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return usual;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`${name} must be a whole number from 1`);
  return count;
}
