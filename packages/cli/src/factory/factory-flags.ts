import { environmentVault, firstVault, folderVault, type VaultProvider } from '@sluice/adf';
import { SluiceError } from '@sluice/core';

/** What every command takes that works with a factory. */
export interface FactoryFlags {
  readonly strict?: true;
  /** API version for linked services that name none. */
  readonly apiVersion?: string;
  readonly vault?: readonly string[];
}

/**
 * Where secrets of vaults come from: each place is asked in turn. Without any, the Key Vaults that the factory names.
 *
 * @throws `CONFIG_INVALID` for a place that is none.
 */
export async function vaultProvider(places: readonly string[] = ['azure']): Promise<VaultProvider> {
  return firstVault(...(await Promise.all(places.map(placeProvider))));
}

async function placeProvider(place: string): Promise<VaultProvider> {
  const colon = place.indexOf(':');
  const [kind, rest] = colon < 0 ? [place, ''] : [place.slice(0, colon), place.slice(colon + 1)];
  if (kind === 'env') return environmentVault({ prefix: rest });
  if (kind === 'folder' && rest !== '') return folderVault(rest);
  if (place === 'azure') {
    // Heavy, and not always installed.
    const { azureKeyVault } = await import('@sluice/adf/key-vault');
    return azureKeyVault();
  }
  throw new SluiceError('CONFIG_INVALID', `--vault ${place} is no place for secrets`, {
    hint: 'Use env, env:PREFIX_, folder:<path>, or azure.',
  });
}
