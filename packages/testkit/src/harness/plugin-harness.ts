import type { Exceptions } from './exceptions.ts';

/** An option the plugin must refuse when it is made, before any I/O. */
export interface BadOption {
  /** Such as `an empty path`. */
  readonly what: string;
  /** The name that the message has to mention. */
  readonly mentions: string;
  make(): unknown;
}

/** What the harnesses of sources, sinks and stores have in common. */
export interface PluginHarness {
  /** Of the plugin, in the report. */
  readonly name: string;
  /** Checks the plugin does not pass, by id, each with the reason. */
  readonly exceptions?: Exceptions;
  /** Rows that a long check of memory goes through. Default 1,000,000; fewer where a row takes long. */
  readonly longRows?: number;
  /** Texts that must never come out again: passwords, tokens, keys the plugin is made with. */
  readonly secrets?: readonly string[];
  /** Bytes of the longest name a column can have. Default: there is no limit. */
  readonly maxNameBytes?: number;
  readonly badOptions?: readonly BadOption[];
  /** The plugin does no I/O and waits for nothing, so that nothing of it can be aborted. */
  readonly isInMemory?: true;
}
