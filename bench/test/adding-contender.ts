import { measure } from '../harness/measure.ts';

await measure(async ({ terms }) => {
  let sum = 0;
  for (let term = 0; term < Number(terms); term++) sum += term;
  return () => (Number(terms) === 0 ? {} : { sum });
});
