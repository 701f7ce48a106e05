import { Int32, Utf8 } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { csvDecoder } from '../../src/csv/csv-decoder.ts';
import { cell, codeOfDamage, damagedFile, number, types } from './arbitrary-files.ts';
import { bytesOf, cutAt, decode, decodeText, schemaOf, textSchema } from './decoded-rows.ts';
import { decimal } from './type-cases.ts';

const seed = inject('seed');
describe('both engines', () => {
  it('read every type from every text alike', () => {
    let kept = 0;
    fc.assert(
      fc.property(fc.array(cell, { minLength: 20, maxLength: 60 }), fc.constantFrom(...types), (cells, type) => {
        const { rows } = decodeText(cells.map((text) => `"${text}"\n`).join(''), { schema: schemaOf(type) });
        kept += rows.length;
      }),
      { numRuns: 3000, seed },
    );
    expect(kept).toBeGreaterThan(10_000);
  });

  it.each(['half-even', 'error'] as const)('treat excess digits alike: %s', (excessDigits) => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 60 }), (cells) => {
        const text = cells.map((number) => `${number}\n`).join('');
        const { batches } = decodeText(text, { schema: schemaOf(decimal(12, 3)), excessDigits });

        expect(batches.reduce((sum, { rows }) => sum + rows, 0)).toBe(cells.length);
      }),
      { numRuns: 300, seed },
    );
  });

  it('end in the same batches or the same error on damaged bytes', () => {
    const codes = new Map<string | undefined, number>();
    fc.assert(
      fc.property(damagedFile(20), (file) => {
        const code = codeOfDamage(file, 20);
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }),
      { numRuns: 2000, seed },
    );
    expect(new Set(codes.keys())).toEqual(new Set([undefined, 'ROW_MALFORMED']));
    expect(codes.get('ROW_MALFORMED')).toBeGreaterThan(500);
  });

  it('agree at every place where a block of 64 bytes may end', () => {
    for (let length = 0; length < 130; length++) {
      const text = `"${'x'.repeat(length)}","a""b"\r\n${'y'.repeat(length % 7)},\n"","""",\n`.replace(/,\n$/, '\n');
      expect(decodeText(text.repeat(3), { schema: textSchema(2) }).rows).toHaveLength(9);
    }
  });

  it('agree where rows outgrow the window and fit again', () => {
    const lengths = [10, 70_000, 20, 300_000, 30, 5, 131_072, 1];
    const text = lengths.map((length, i) => `${i},"${'""x'.repeat(length / 3)}",${i % 2 === 0 ? '' : i}\n`).join('');
    const bytes = bytesOf(text.repeat(2));
    const cuts = Array.from({ length: Math.floor(bytes.length / 50_000) }, (_, i) => (i + 1) * 50_000);

    const { rows } = decode(cutAt(bytes, cuts), { schema: schemaOf(new Int32(), new Utf8(), decimal(9, 1)) });
    const texts = rows.map(([, text]) => (typeof text === 'string' ? text : ''));

    expect(texts.map((text) => text.length)).toEqual(
      [...lengths, ...lengths].map((length) => Math.floor(length / 3) * 2),
    );
  });

  it('agree on more rows than the kernel reads at once, of the shortest cells', () => {
    const text = '1\n\n2\n'.repeat(40_000);

    expect(decodeText(text, { schema: schemaOf(new Int32()) }).rows).toHaveLength(120_000);
    expect(decodeText(text, { schema: textSchema(1) }).rows).toHaveLength(120_000);
  });
});

describe('the engine', () => {
  const options = (columns: number) => ({
    schema: textSchema(columns),
    columns: Array.from({ length: columns }, (_, i) => i),
    batch: { rows: 10, bytes: 1e6 },
  });

  it('is wasm where that can decode the file, and shows', () => {
    expect(csvDecoder(options(2)).engine).toBe('wasm');
    expect(csvDecoder({ ...options(2), engine: 'js' }).engine).toBe('js');
  });

  it('is js for a file of very many columns', () => {
    const decoder = csvDecoder(options(5000));
    const rows = [...decoder.write(bytesOf(`${','.repeat(4999)}\n`)), ...decoder.end()];

    expect(decoder.engine).toBe('js');
    expect(rows.map(({ rows }) => rows)).toEqual([1]);
  });

  it('is refused where it was asked for and cannot decode the file', () => {
    expect(() => csvDecoder({ ...options(5000), engine: 'wasm' })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('5000 columns') }),
    );
  });

  it('is the own of every decoder in use', () => {
    const decoders = Array.from({ length: 20 }, () => csvDecoder(options(1)));
    for (const [i, decoder] of decoders.entries()) expect([...decoder.write(bytesOf(`row ${i}`))]).toEqual([]);

    const sizes = decoders.map((decoder) => [...decoder.end()].map(({ batch }) => batch.getChildAt(0)?.get(0)));

    expect(sizes).toEqual(decoders.map((_, i) => [`row ${i}`]));
  });
});
