import { measure } from '../harness/measure.ts';

await measure(async ({ terms, childMs }) => {
  let sum = 0;
  for (let term = 0; term < Number(terms); term++) sum += term;
  const children = childMs === undefined ? {} : { childCpuMs: Number(childMs) };
  return () => (Number(terms) === 0 ? {} : { sum, ...children });
});
