import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { PlainValue } from '../src/expression/expression-value.ts';
import { parseXml } from '../src/expression/xml/xml-document.ts';
import { jsonOfXml, xmlOfJson } from '../src/expression/xml/xml-json.ts';
import { evaluate, failureOf } from './expression-run.ts';

const PRODUCE = `<?xml version="1.0"?> <produce> <item> <name>Gala</name> <type>apple</type> <count>20</count> </item>
  <item> <name>Honeycrisp</name> <type>apple</type> <count>10</count> </item> </produce>`;
const FILE = '<file xmlns="http://contoso.com"> <location>Paris</location> </file>';

function of(call: string, item: PlainValue): unknown {
  return evaluate(`@${call}`, { item });
}

describe('xml (EX-04)', () => {
  it('makes XML of an object', () => {
    expect(of('xml(item())', { name: 'Sophia Owen' })).toBe('<name>Sophia Owen</name>');
    expect(of('xml(item())', { person: { name: 'Sophia Owen', city: 'Seattle' } })).toBe(
      '<person><name>Sophia Owen</name><city>Seattle</city></person>',
    );
  });

  it('makes attributes, lists and sections by their names', () => {
    const person = { '@id': 1, tag: ['a', 'b & c'], note: { '#cdata-section': '<x>' }, none: null, '#text': 'end' };

    expect(of('xml(item())', { '?xml': { '@version': '1.0' }, person })).toBe(
      '<?xml version="1.0"?><person id="1"><tag>a</tag><tag>b &amp; c</tag><note><![CDATA[<x>]]></note><none/>end</person>',
    );
  });

  it('takes the text of XML as it is', () => {
    expect(of('xml(item())', '<a  b="1"></a>')).toBe('<a b="1"/>');
  });

  it.each<[PlainValue, string]>([
    ['<a>', 'is no XML that is well-formed'],
    ['text', 'is no XML that is well-formed'],
    [{ a: 1, b: 2 }, 'must have one member, which becomes the root element'],
    [{ a: [1, 2] }, 'must have one member'],
    [{ 'a b': 1 }, 'has a name'],
    [{ a: '\u0001' }, 'has a name or a text that XML cannot hold'],
    [7, 'must be the text of XML, or an object'],
  ])('refuses %j without showing it', (item, problem) => {
    expect(failureOf('@xml(item())', { item }).message).toContain(`argument 1 (value) ${problem}`);
  });

  it('reads nothing that a document points to', () => {
    const document = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>';

    expect(failureOf('@xml(item())', { item: document }).message).toContain('is no XML that is well-formed');
  });
});

describe('xpath (EX-04)', () => {
  it('gives the nodes it finds, elements as XML', () => {
    expect(of("xpath(xml(item()), '/produce/item/name')", PRODUCE)).toEqual([
      '<name>Gala</name>',
      '<name>Honeycrisp</name>',
    ]);
    expect(of("xpath(xml(item()), '/produce/item[2]/name')", PRODUCE)).toEqual(['<name>Honeycrisp</name>']);
    expect(of("xpath(item(), '//type/text()')", PRODUCE)).toEqual(['apple', 'apple']);
    expect(of("xpath(item(), '//@id')", '<a id="7"/>')).toEqual(['7']);
    expect(of("xpath(item(), '/a/b')", '<a/>')).toEqual([]);
  });

  it('gives numbers, booleans and texts as they are', () => {
    expect(of("xpath(xml(item()), 'sum(/produce/item/count)')", PRODUCE)).toBe(30);
    expect(of("xpath(item(), 'count(//item) > 1')", PRODUCE)).toBe(true);
    expect(of("xpath(item(), 'string(//name)')", PRODUCE)).toBe('Gala');
  });

  it('finds elements of a namespace by their local names', () => {
    const path = `/*[name()="file"]/*[name()="location"]`;

    expect(of(`xpath(xml(item()), '${path}')`, FILE)).toEqual([
      '<location xmlns="http://contoso.com">Paris</location>',
    ]);
    expect(of(`xpath(xml(item()), 'string(${path})')`, FILE)).toBe('Paris');
  });

  it.each([
    ["xpath(item(), '/a[')", 'argument 2 (xpath) is no XPath 1.0'],
    ["xpath(item(), 'number(/a)')", 'argument 2 (xpath) gives no number'],
    ["xpath('x', '/a')", 'argument 1 (xml) is no XML that is well-formed'],
  ])('says what is wrong with %s', (call, problem) => {
    expect(failureOf(`@${call}`, { item: '<a>hush</a>' }).message).toContain(problem);
    expect(failureOf(`@${call}`, { item: '<a>hush</a>' }).message).not.toContain('hush');
  });
});

describe('json of XML (EX-04)', () => {
  it('has attributes, text, and lists where an element occurs again', () => {
    const text = `<?xml version="1.0"?> <root> <person id='1'> <name>Sophia Owen</name> <occupation>Engineer</occupation> </person>
      <note lang="en">a<![CDATA[<b>]]></note> <n>1</n> <n>2</n> <e/> </root>`;

    expect(of('json(xml(item()))', text)).toEqual({
      '?xml': { '@version': '1.0' },
      root: {
        person: { '@id': '1', name: 'Sophia Owen', occupation: 'Engineer' },
        note: { '@lang': 'en', '#text': 'a', '#cdata-section': '<b>' },
        n: ['1', '2'],
        e: null,
      },
    });
  });

  it('comes back from what was made of it', () => {
    const text = fc.string({ unit: 'grapheme-ascii', minLength: 1 }).filter((one) => one.trim() === one);
    const { value } = fc.letrec<{ value: PlainValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.constant(null),
        fc.dictionary(fc.constantFrom('a', 'b', '@c', 'd-e'), tie('value'), { minKeys: 1 }),
      ),
    }));
    const noNested = (one: PlainValue): PlainValue =>
      typeof one !== 'object' || one === null
        ? one
        : Object.fromEntries(
            Object.entries(one).map(([name, member]) => [
              name,
              name.startsWith('@') ? 'attribute' : noNested(member ?? null),
            ]),
          );
    fc.assert(
      fc.property(value, (content) => {
        const object = { root: noNested(content) };
        const xml = xmlOfJson(object);

        expect(typeof xml === 'string' ? jsonOfXml(parseXml(xml)!) : xml).toEqual(object);
      }),
      { seed: 20_261_124, numRuns: 300 },
    );
  });
});
