import { checkJson, requireContract, type Sink, SluiceError, type Source, type Store } from '@sluice/core';

import { ensure, errorText, fail } from '../../check/check-failure.ts';
import type { PluginCheck } from '../../check/check.ts';
import { holdings, moreThan } from '../../tools/leak-watch.ts';
import { openSubject, type PluginWithLife } from './subject.ts';

const NAME = /^[a-z][a-z0-9]*(?:[ ._-][a-z0-9]+)*$/;
const GUARANTEES: ReadonlySet<string> = new Set(['atomic', 'idempotent', 'at-least-once']);

export const declaration: PluginCheck = {
  id: 'B1',
  side: 'plugin',
  level: 'must',
  title:
    'It declares the version of the contract, a plain name, a configuration that is JSON, and every value of its traits.',
  reason: 'Errors name the plugin, journals keep the configuration, and the engine goes by the traits.',
  needs: [],
  async run(harness, tools) {
    const { plugin } = await openSubject(harness, tools);
    const instance = plugin();
    requireVersion(harness.kind, instance);
    const { name, config } = instance;
    ensure(NAME.test(name), `its name ${JSON.stringify(name)} is not lower case words`);
    try {
      checkJson(config, 'its configuration');
    } catch (error) {
      fail(errorText(error));
    }
    const other = plugin();
    ensure(
      JSON.stringify(other.config) === JSON.stringify(config) && other.name === name,
      'two instances made alike have other names or configurations, so that no run could be resumed',
    );
    if (harness.kind === 'store') return;
    // What is declared may be missing where the plugin was not compiled.
    const { traits } = instance as { readonly traits?: Source['traits'] | Sink['traits'] };
    if (typeof traits !== 'object') fail('it declares no traits');
    if ('positions' in traits || harness.kind === 'source') requireSourceTraits(traits as Source['traits']);
    else requireSinkTraits(traits);
  },
};

export const badOptions: PluginCheck = {
  id: 'B2',
  side: 'plugin',
  level: 'must',
  title: 'A bad option is refused when the instance is made, by name, before any I/O.',
  reason: 'A mistake is told at once, and where it was made.',
  needs: ['badOptions'],
  async run({ badOptions = [] }) {
    for (const { what, mentions, make } of badOptions) {
      const held = await holdings();
      let made: unknown;
      try {
        made = make();
      } catch (error) {
        ensure(
          SluiceError.is(error) && error.code === 'CONFIG_INVALID',
          `${what} is refused with ${errorText(error)} instead of CONFIG_INVALID`,
        );
        ensure(
          error.message.includes(mentions),
          `the refusal of ${what} does not mention "${mentions}": ${error.message}`,
        );
        const more = moreThan(held, await holdings());
        ensure(more.length === 0, `the refusal of ${what} leaves open: ${more.join(', ')}`);
        continue;
      }
      void made;
      fail(`${what} is accepted`);
    }
  },
};

function requireVersion(kind: PluginWithLife['kind'], plugin: Source | Sink | Store): void {
  try {
    requireContract(kind, plugin);
  } catch (error) {
    fail(errorText(error));
  }
}

function requireSourceTraits({ ordered, positions, connections }: Source['traits']): void {
  ensure(typeof ordered === 'boolean', 'the trait `ordered` is not declared');
  ensure(typeof positions === 'boolean', 'the trait `positions` is not declared');
  ensure(connections === undefined || isCount(connections), 'the trait `connections` is not a count');
}

function requireSinkTraits({ guarantee, commit, writers, bufferBytes, part = {} }: Sink['traits']): void {
  ensure(GUARANTEES.has(guarantee), 'the trait `guarantee` is none of those there are');
  ensure(commit === 'end' || commit === 'part', 'the trait `commit` is neither `end` nor `part`');
  ensure(isCount(writers), 'the trait `writers` is not a count');
  ensure(Number.isSafeInteger(bufferBytes) && bufferBytes >= 0, 'the trait `bufferBytes` is not a count');
  ensure(part.rows === undefined || isCount(part.rows), 'the trait `part.rows` is not a count');
  ensure(part.bytes === undefined || isCount(part.bytes), 'the trait `part.bytes` is not a count');
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}
