/** Resolves when all has run that waits for nothing but other code, and input that is there has been taken. */
export async function settled(turns = 3): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}
