/** Rules of a conformance kit at large that no check here is for, each with the reason. */
export const LEFT_OUT: Readonly<Record<string, { readonly rule: string; readonly reason: string }>> = {
  B3: {
    rule: 'Configuration is compatible with the release before.',
    reason: 'Not part of the contract: options are types of a package, and its version tells how they changed.',
  },
  B14: {
    rule: 'Metrics of a plugin equal what was counted.',
    reason: 'Not part of the contract: the engine counts rows, bytes and calls, and P4 holds its receipt to them.',
  },
  B15: {
    rule: 'A plugin works through its packaged entry points.',
    reason: 'A matter of the package, not of the plugin: installing the packed package shows it.',
  },
  S15: {
    rule: 'Incremental reading neither loses nor repeats rows at its boundary.',
    reason: 'Not part of the contract: a source has no cursor over runs.',
  },
  S16: {
    rule: 'Deleted rows come only if asked for.',
    reason: 'Not part of the contract: an option of sources that have deleted rows, for tests of their own.',
  },
  S24: {
    rule: 'Projections and filters pushed down are truthful.',
    reason: 'Not part of the contract: what is read is decided when the source is made.',
  },
  K14: {
    rule: 'Nulls are ignored, set or defaulted as asked, on insert and on update.',
    reason:
      'Not part of the contract: an option of sinks over systems that tell these apart. K3 holds nulls to be kept.',
  },
  K18: {
    rule: 'The target follows changes of the schema.',
    reason: 'Not part of the contract: a sink takes a schema or refuses it, and migrates nothing.',
  },
  K19: {
    rule: 'No column is dropped in silence.',
    reason: 'Held by K1-refused, which has such a column refused, and K3, which has every other read back.',
  },
  K26: {
    rule: 'Numbers and instants in text have one plain form.',
    reason: 'A matter of the format: F1 has another reader read them.',
  },
};
