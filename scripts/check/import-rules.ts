import { posix } from 'node:path';

import type { Finding } from './finding.ts';
import type { WorkspacePackage } from './workspace.ts';

/** Which of our packages each one may import. Whatever is not listed is forbidden. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  formats: ['core'],
  stores: ['core'],
  sources: ['formats', 'stores', 'core'],
  sinks: ['formats', 'stores', 'core'],
  salesforce: ['formats', 'stores', 'core'],
  postgres: ['core'],
  adf: ['salesforce', 'postgres', 'sources', 'sinks', 'formats', 'stores', 'core'],
  cli: ['adf', 'salesforce', 'salesforce-emulator', 'sources', 'sinks', 'formats', 'stores', 'core'],
  testkit: ['core'],
  'salesforce-emulator': [],
};

/** The control plane: the only sources that may import rxjs. */
const RXJS_PLACES = [
  /^packages\/core\/src\/(.+\/)?([a-z]+-)?(progress|events)(\/|\.ts$)/,
  /^packages\/salesforce\/src\/(.+\/)?watch-[^/]+$/,
  /^packages\/cli\/src\//,
];

const IO_MODULES = /^(undici|node:(fs|net|tls|http|https|http2|dgram|dns|child_process|sqlite)(\/.*)?)$/;

/** One import, with what the rules ask about it. */
export interface ImportUse {
  /** Of the importing file, relative to the root. */
  readonly file: string;
  /** Of the workspace package the file belongs to, such as `packages/core` or `bench`. */
  readonly folder: string;
  readonly specifier: string;
  /** Of ours; undefined for other modules. */
  readonly target: WorkspacePackage | undefined;
}

export type ImportRule = (use: ImportUse) => Omit<Finding, 'where'> | undefined;

export const IMPORT_RULES: readonly ImportRule[] = [
  staysInItsPackage,
  usesEntryPoints,
  pointsDown,
  keepsRxjsInTheControlPlane,
  keepsTheContractPlain,
  keepsFormatsPure,
];

export function isOurs(specifier: string): boolean {
  return specifier.startsWith('@sluice/');
}

export function isRxjs(specifier: string): boolean {
  return specifier === 'rxjs' || specifier.startsWith('rxjs/');
}

function staysInItsPackage({ file, folder, specifier }: ImportUse): ReturnType<ImportRule> {
  if (!specifier.startsWith('.')) return undefined;
  const path = posix.join(posix.dirname(file), specifier);
  // Tests may use what all tests share and check what scripts generate; sources see nothing but sources.
  const allowed = isSource(file, folder) ? [`${folder}/src/`] : [`${folder}/`, 'test/', 'scripts/'];
  if (allowed.some((prefix) => path.startsWith(prefix))) return undefined;
  return {
    what: `imports ${path}, which is outside of ${allowed[0]}`,
    fix: "Import the other package's public entry point by its name, or move the code.",
  };
}

function usesEntryPoints({ specifier, target }: ImportUse): ReturnType<ImportRule> {
  if (!isOurs(specifier)) return undefined;
  if (target === undefined) {
    return { what: `imports ${specifier}, and there is no such package`, fix: 'Correct the name.' };
  }
  const entry = `.${specifier.slice(target.manifest.name!.length)}`;
  if (target.manifest.exports?.[entry] != null) return undefined;
  return {
    what: `imports ${specifier}, which ${target.folder}/package.json does not export`,
    fix: `Import an entry point, or add "${entry}" to its exports.`,
  };
}

function pointsDown({ file, folder, specifier, target }: ImportUse): ReturnType<ImportRule> {
  if (!folder.startsWith('packages/')) return undefined;
  const from = folder.slice('packages/'.length);
  const allowed = MAY_IMPORT[from];
  if (allowed === undefined) {
    return { what: `no rule says what ${folder} may import`, fix: 'Add it to scripts/check/import-rules.ts.' };
  }
  if (!isOurs(specifier) || target === undefined) return undefined;
  // Tests may use any package, except that the emulator must not learn from us how an org behaves.
  if (!isSource(file, folder) && from !== 'salesforce-emulator') return undefined;
  const to = target.folder.replace('packages/', '');
  if (to === from || allowed.includes(to)) return undefined;
  return {
    what: `imports ${specifier}, and ${from} may import ${allowed.length === 0 ? 'nothing of ours' : `only ${allowed.join(', ')}`}`,
    fix: 'Move what is shared to a package both may import.',
  };
}

function keepsRxjsInTheControlPlane({ file, folder, specifier }: ImportUse): ReturnType<ImportRule> {
  if (!isRxjs(specifier) || !isSource(file, folder) || RXJS_PLACES.some((place) => place.test(file))) return undefined;
  return {
    what: `imports ${specifier}; the data plane is pulled`,
    fix: 'Use an async iterable, or do it in progress/, events/, a watch-* file of salesforce, or the cli.',
  };
}

function keepsTheContractPlain({ file, specifier }: ImportUse): ReturnType<ImportRule> {
  const contract = 'packages/core/src/contract/';
  if (!file.startsWith(contract) || specifier === 'apache-arrow' || specifier === 'zod') return undefined;
  if (posix.join(posix.dirname(file), specifier).startsWith(contract) && specifier.startsWith('.')) return undefined;
  return { what: `imports ${specifier} into the contract`, fix: 'Declare the type in the contract itself.' };
}

function keepsFormatsPure({ file, specifier }: ImportUse): ReturnType<ImportRule> {
  if (!file.startsWith('packages/formats/src/') || !IO_MODULES.test(specifier)) return undefined;
  return { what: `imports ${specifier}; a format does no I/O`, fix: 'Take bytes, give bytes; I/O belongs to a store.' };
}

function isSource(file: string, folder: string): boolean {
  return folder.startsWith('packages/') && file.startsWith(`${folder}/src/`);
}
