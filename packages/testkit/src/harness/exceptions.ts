/** Why a plugin does not pass a check, by the check's id. An exception that is not needed fails too. */
export type Exceptions = Readonly<Record<string, string>>;
