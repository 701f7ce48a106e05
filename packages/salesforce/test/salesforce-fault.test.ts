import { describe, expect, it } from 'vitest';

import { retryAfterMs } from '../src/http/retry-after.ts';
import { parseErrorBody, quotable } from '../src/http/salesforce-error-body.ts';
import { faultOf, hasRemoteCode, isSessionFault, statusOf } from '../src/http/salesforce-fault.ts';

const html = '<html><body>Access denied to https://acme/secret-path</body></html>';

function fault(status: number, body: unknown, more: { location?: string; retryAfterMs?: number } = {}) {
  return faultOf('read page', {
    status,
    bodyText: typeof body === 'string' ? body : JSON.stringify(body),
    location: more.location,
    retryAfterMs: more.retryAfterMs,
  });
}

describe('a refused response', () => {
  it.each([
    [401, 'INVALID_SESSION_ID', 'Session expired or invalid', 'AUTH_REJECTED', false],
    [403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', 'QUOTA_EXCEEDED', false],
    [403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentPerOrgLongTxn Limit exceeded', 'RATE_LIMITED', true],
    [403, 'API_DISABLED_FOR_ORG', 'API is not enabled for this Organization or Partner', 'PERMISSION_DENIED', false],
    [403, 'INSUFFICIENT_ACCESS', 'insufficient access rights', 'PERMISSION_DENIED', false],
    [404, 'NOT_FOUND', 'The requested resource does not exist', 'NOT_FOUND', false],
    [400, 'MALFORMED_QUERY', 'unexpected token: FORM', 'QUERY_INVALID', false],
    [400, 'INVALID_FIELD', 'No such column', 'FIELD_UNKNOWN', false],
    [400, 'INVALID_TYPE', "sObject type 'X' is not supported", 'OBJECT_UNKNOWN', false],
    [400, 'INVALIDENTITY', "Entity 'X' is not supported by the Bulk API.", 'QUERY_UNSUPPORTED', false],
    [400, 'API_ERROR', 'Selecting compound data not supported in Bulk Query', 'QUERY_UNSUPPORTED', false],
    [400, 'API_ERROR', 'something else', 'REMOTE_REFUSED', false],
    [400, 'QUERY_TOO_COMPLICATED', 'too complicated', 'QUERY_UNSUPPORTED', false],
    [
      400,
      'LIMIT_EXCEEDED',
      'Max bulk v2 query jobs (10000) per 24 hrs has been reached (10021)',
      'QUOTA_EXCEEDED',
      false,
    ],
    [400, 'ExceededQuota', 'used up', 'QUOTA_EXCEEDED', false],
    [503, 'SERVER_UNAVAILABLE', 'Server unavailable', 'REMOTE_UNAVAILABLE', true],
    [500, 'UNKNOWN_EXCEPTION', 'An unexpected error occurred.', 'REMOTE_UNAVAILABLE', true],
    [409, 'API_ERROR', 'API version mismatch', 'REMOTE_REFUSED', false],
    [400, 'NEVER_HEARD_OF', 'x', 'REMOTE_REFUSED', false],
  ])('%i %s (%s) is %s', (status, errorCode, message, code, retryable) => {
    const error = fault(status, [{ errorCode, message }]);

    expect(error).toMatchObject({ code, retryable, message: `read page: HTTP ${status}, ${errorCode}: ${message}` });
    expect(statusOf(error)).toBe(status);
    expect(hasRemoteCode(error, errorCode)).toBe(true);
  });

  it.each([
    [406, 'REMOTE_UNAVAILABLE'],
    [420, 'REMOTE_UNAVAILABLE'],
    [429, 'RATE_LIMITED'],
    [500, 'REMOTE_UNAVAILABLE'],
    [502, 'REMOTE_UNAVAILABLE'],
    [503, 'REMOTE_UNAVAILABLE'],
    [504, 'REMOTE_UNAVAILABLE'],
  ])('%i is retryable whatever its body', (status, code) => {
    for (const body of ['', html, 'plain text', '{"unfinished":']) {
      expect(fault(status, body)).toMatchObject({ code, retryable: true });
    }
  });

  it('surfaces every error of a body, and judges by the first that is known', () => {
    const error = fault(400, [
      { errorCode: 'SOMETHING', message: 'first' },
      { errorCode: 'INVALID_FIELD', message: 'second', fields: ['Foo__c'] },
    ]);

    expect(error.code).toBe('FIELD_UNKNOWN');
    expect(error.message).toContain('SOMETHING: first; INVALID_FIELD: second');
    expect(error.details).toMatchObject({ errors: [{ fields: [] }, { fields: ['Foo__c'] }] });
  });

  it('RW-27: says that an HTML page is not the API speaking, and quotes none of it', () => {
    const error = fault(403, html);

    expect(error).toMatchObject({ code: 'PERMISSION_DENIED', hint: expect.stringContaining('proxy') });
    expect(error.message).not.toContain('secret-path');
    expect(fault(407, html)).toMatchObject({ code: 'AUTH_REJECTED', hint: expect.stringContaining('proxy') });
  });

  it('RW-29: names the editions and the permission an org without API needs', () => {
    const error = fault(403, [{ errorCode: 'API_DISABLED_FOR_ORG', message: 'API is not enabled' }]);

    expect(error.hint).toMatch(/Enterprise.*API Enabled/);
  });

  it('RW-25: waits out maintenance', () => {
    expect(fault(503, '')).toMatchObject({ retryable: true, hint: expect.stringContaining('maintenance') });
  });

  it('RW-16: says how to cut a query down that is too complicated', () => {
    expect(fault(400, [{ errorCode: 'QUERY_TOO_COMPLICATED', message: 'x' }]).hint).toContain('formula');
  });

  it('RW-03: names the host of a redirect and does not follow it', () => {
    const error = fault(302, html, { location: 'https://acme2.my.salesforce.com/services/data?token=x' });

    expect(error).toMatchObject({
      code: 'CONFIG_INVALID',
      hint: expect.stringContaining('https://acme2.my.salesforce.com'),
    });
    expect(error.message).toContain('acme2.my.salesforce.com');
    expect(error.message).not.toContain('token');
  });

  it('carries the delay the org asked for', () => {
    expect(fault(503, '', { retryAfterMs: 7000 }).retryAfterMs).toBe(7000);
  });
});

describe('a refused session', () => {
  it('is any 401 but the two that no new session changes', () => {
    expect(isSessionFault(401, '[{"errorCode":"INVALID_SESSION_ID","message":"Session expired or invalid"}]')).toBe(
      true,
    );
    expect(isSessionFault(401, '')).toBe(true);
    expect(isSessionFault(403, '[{"errorCode":"INVALID_SESSION_ID","message":"x"}]')).toBe(false);
    expect(isSessionFault(401, 'This session is not valid for use with the REST API')).toBe(false);
    expect(isSessionFault(401, '[{"message":"Connected app is not attached to Agent"}]')).toBe(false);
  });
});

describe('a quotation', () => {
  it('is one bounded line without anything like a session', () => {
    const text = quotable(
      `No\n  such\u0000 column 00DHs0000000kQp!AQ0AQExample_Example.Example here ${'x'.repeat(1000)}`,
    );

    expect(text).toMatch(/^No such column \(session\) here x+…$/);
    expect(text.length).toBeLessThanOrEqual(401);
  });

  it('reads OAuth objects, arrays, status codes and fields of any order', () => {
    expect(parseErrorBody('{"error_description":"d","error":"invalid_grant"}')).toEqual({
      kind: 'errors',
      errors: [{ errorCode: 'invalid_grant', message: 'd', fields: [] }],
    });
    expect(parseErrorBody('[{"statusCode":"MALFORMED_ID","message":"m","fields":["A",1]}]')).toEqual({
      kind: 'errors',
      errors: [{ errorCode: 'MALFORMED_ID', message: 'm', fields: ['A'] }],
    });
    expect(parseErrorBody('["/services/data/x"]')).toEqual({ kind: 'other' });
    expect(parseErrorBody('null')).toEqual({ kind: 'other' });
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-03-02T10:00:00Z');

  it('is read as seconds or as a date against the Date of the response', () => {
    expect(retryAfterMs('120', undefined, now)).toBe(120_000);
    expect(retryAfterMs(' 0 ', undefined, now)).toBe(0);
    expect(retryAfterMs('Mon, 02 Mar 2026 09:00:30 GMT', 'Mon, 02 Mar 2026 09:00:00 GMT', now)).toBe(30_000);
    expect(retryAfterMs('Mon, 02 Mar 2026 10:00:30 GMT', undefined, now)).toBe(30_000);
    expect(retryAfterMs('Mon, 02 Mar 2026 09:59:00 GMT', undefined, now)).toBe(0);
    expect(retryAfterMs(undefined, undefined, now)).toBeUndefined();
    expect(retryAfterMs('soon', undefined, now)).toBeUndefined();
  });
});
