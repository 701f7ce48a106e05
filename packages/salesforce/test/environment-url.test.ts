import { SluiceError } from '@sluice/core';
import { describe, expect, it } from 'vitest';

import { apiVersionText, assertOffered, parseApiVersion } from '../src/org/api-version.ts';
import { parseEnvironmentUrl, parseInstanceUrl } from '../src/org/environment-url.ts';
import { thrownBy } from './thrown.ts';

describe('environmentUrl', () => {
  it.each([
    ['https://acme.my.salesforce.com', 'https://acme.my.salesforce.com'],
    ['https://acme--uat.sandbox.my.salesforce.com/', 'https://acme--uat.sandbox.my.salesforce.com'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    ['https://org.reverse-proxy.example', 'https://org.reverse-proxy.example'],
  ])('takes %s', (text, origin) => {
    expect(parseEnvironmentUrl(text).origin).toBe(origin);
  });

  it.each([
    ['https://acme.lightning.force.com', 'https://acme.my.salesforce.com'],
    [
      'https://acme--uat.sandbox.lightning.force.com/lightning/page/home',
      'https://acme--uat.sandbox.my.salesforce.com',
    ],
    ['https://acme.my.salesforce-setup.com', 'https://acme.my.salesforce.com'],
    ['https://acme.my.site.com', 'https://acme.my.salesforce.com'],
    ['https://acme.my.salesforce-sites.com', 'https://acme.my.salesforce.com'],
  ])('refuses the page host %s and names the API host', (text, suggestion) => {
    const error = thrownBy(() => parseEnvironmentUrl(text));

    expect(error).toMatchObject({ code: 'CONFIG_INVALID', hint: expect.stringContaining(suggestion) });
  });

  it.each([
    'https://login.salesforce.com',
    'https://test.salesforce.com',
    'https://acme.force.com',
    'https://acme.file.force.com',
    'https://c.acme.visual.force.com',
    'https://na139.salesforce.com',
    'http://acme.my.salesforce.com',
    'ftp://acme.my.salesforce.com',
    'https://user:pw@acme.my.salesforce.com',
    'https://acme.my.salesforce.com/services/data',
    'acme.my.salesforce.com',
    '',
  ])('refuses %j and shows the form that works', (text) => {
    const error = thrownBy(() => parseEnvironmentUrl(text));

    expect(SluiceError.is(error) && error.code).toBe('CONFIG_INVALID');
    expect(SluiceError.is(error) && error.message).toContain('https://<domain>.my.salesforce.com');
    expect(SluiceError.is(error) && error.message).not.toContain('pw@');
  });

  it('lets a session go to https instances and loopback alone', () => {
    expect(parseInstanceUrl('https://acme.my.salesforce.com/').origin).toBe('https://acme.my.salesforce.com');
    expect(thrownBy(() => parseInstanceUrl('http://acme.my.salesforce.com'))).toMatchObject({
      code: 'RESPONSE_INVALID',
    });
    expect(thrownBy(() => parseInstanceUrl('not a url'))).toMatchObject({ code: 'RESPONSE_INVALID' });
  });
});

describe('apiVersion', () => {
  it.each(['47.0', '64.0', '100.0'])('takes %s', (text) => {
    expect(parseApiVersion(text)).toBe(text);
  });

  it.each(['46.0', '41.0', '64', 'v64.0', '64.1', '', '64.0/../..'])('refuses %j', (text) => {
    expect(thrownBy(() => parseApiVersion(text))).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('spells a version of a body, number or text, as URLs do', () => {
    expect([66, 66.0, '66.0', '66'].map(apiVersionText)).toEqual(['66.0', '66.0', '66.0', '66.0']);
  });

  it('names the offered range when the org does not offer the version', () => {
    const error = thrownBy(() => assertOffered('99.0', ['31.0', '65.0', '66.0']));

    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('31.0 to 66.0') });
  });
});
