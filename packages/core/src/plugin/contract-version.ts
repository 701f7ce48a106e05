import { SluiceError } from '../error/sluice-error.ts';

/** Of the contract between plugins and the engine, which plans, targets and journals follow too. */
export const CONTRACT_VERSION = 1;

/**
 * Whoever takes a plugin looks at its version before anything else of it.
 *
 * @param role What it was given as, such as `source`.
 * @throws `CONTRACT_UNSUPPORTED` for a plugin of another version, and for what is no plugin.
 */
export function requireContract(role: string, plugin: { readonly name: string; readonly contractVersion: 1 }): void {
  // Whatever the types say: it may come from another package, made with other ones.
  const given: { readonly name?: unknown; readonly contractVersion?: unknown } | null | undefined = plugin;
  const { name, contractVersion: version } = given ?? {};
  if (version === CONTRACT_VERSION) return;
  const named = typeof name === 'string' && name !== '' ? name : undefined;
  const who = named === undefined ? `what was given as the ${role}` : `the ${role} ${named}`;
  const what =
    typeof version === 'number' ? `follows version ${version} of the contract` : 'declares no version of the contract';
  throw new SluiceError('CONTRACT_UNSUPPORTED', `${who} ${what}, and this program has version ${CONTRACT_VERSION}`, {
    hint: `Install versions of @sluice/core and of ${named ?? 'the plugin'} that go together.`,
  });
}
