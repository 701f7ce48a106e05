import type * as z from 'zod';

import type { copySink } from '../definition/copy/copy-sink.ts';
import type { copySource } from '../definition/copy/copy-source.ts';
import type { Resolved } from '../definition/value/resolved-value.ts';

/** What a copy reads and writes, once its expressions have been evaluated. */
export type ResolvedSource = Resolved<z.output<typeof copySource>>;
export type ResolvedSink = Resolved<z.output<typeof copySink>>;
