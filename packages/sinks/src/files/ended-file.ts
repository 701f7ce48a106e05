import { type Context, type Json, SluiceError, type Store } from '@sluice/core';

export interface FileEnd {
  readonly path: string;
  readonly stagingId: string;
  readonly onExisting: 'create' | 'replace';
  /** The token of what is staged so far; none for a file that has nothing yet. */
  readonly after: Json | undefined;
  /** How much that is. */
  readonly startByte: number;
  /** What is still to be written. */
  readonly rest: Uint8Array;
}

/** Kept before the file is published, so that a repeated commit knows it again. */
const MEMO_KEY = 'endedFile';

/**
 * Writes the end of a file and publishes it, once, however often it is called.
 *
 * Where the memo is lost with the crash, the published file is known by its length and its end, which for a format with
 * a footer tells where all its rows are.
 */
export async function publishEnded(store: Store, file: FileEnd, ctx: Context): Promise<void> {
  const ended = ctx.memo.get(MEMO_KEY);
  if (ended !== undefined) {
    await store.publish([ended], ctx);
    return;
  }
  if (file.after !== undefined && file.rest.length === 0) {
    await store.publish([file.after], ctx);
    return;
  }
  const token = await stageEnd(store, file, ctx);
  if (token === undefined) {
    // A crash may have come between giving the final name and taking the staged one.
    await store.discardStaged(file.path, file.stagingId, ctx);
    return;
  }
  await ctx.memo.set(MEMO_KEY, token);
  await store.publish([token], ctx);
}

/** Undefined when the file was published before. */
async function stageEnd(store: Store, file: FileEnd, ctx: Context): Promise<Json | undefined> {
  const { path, stagingId, onExisting, after, rest } = file;
  if (after === undefined && (await isPublished(store, file, ctx))) return undefined;
  try {
    await using staged = await store.stage(
      path,
      { stagingId, onExisting, ...(after === undefined ? {} : { after }) },
      ctx,
    );
    await staged.write(rest);
    return await staged.prepare();
  } catch (error) {
    if (isLost(error) && (await isPublished(store, file, ctx))) return undefined;
    throw error;
  }
}

function isLost(error: unknown): boolean {
  return SluiceError.is(error) && error.code === 'STAGED_DATA_LOST';
}

async function isPublished(store: Store, { path, startByte, rest }: FileEnd, ctx: Context): Promise<boolean> {
  const published = await store.stat(path, ctx);
  const end = startByte + rest.length;
  if (published?.byteLength !== end) return false;
  let at = 0;
  for await (const bytes of store.read(path, ctx, { start: startByte, end })) {
    for (const byte of bytes) if (byte !== rest[at++]) return false;
  }
  return at === rest.length;
}
