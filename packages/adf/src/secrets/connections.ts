import { Secret, SluiceError } from '@sluice/core';

import { normalApiVersion } from '../check/api-version.ts';
import { type ExpressionObject, type ExpressionValue } from '../expression/expression-value.ts';
import { type LinkedServiceRequest, resolveLinkedService } from './resolve-linked-service.ts';

/** How to reach an org. */
export interface SalesforceConnection {
  readonly environmentUrl: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** Such as `60.0`. */
  readonly apiVersion: string;
}

export interface SalesforceConnectionRequest extends LinkedServiceRequest {
  readonly defaultApiVersion?: string;
}

/** @throws what `resolveLinkedService` throws; `CONFIG_INVALID` for another linked service, or values that are none. */
export async function salesforceConnection(request: SalesforceConnectionRequest): Promise<SalesforceConnection> {
  const { type } = request.linkedService.properties;
  if (type !== 'SalesforceV2' && type !== 'SalesforceServiceCloudV2') throw wrongType(request, 'SalesforceV2');
  const values = await resolveLinkedService(request);
  const settings = settingsOf(request, values);
  const secret = values['clientSecret'];
  if (!Secret.is(secret)) throw settings.invalid('clientSecret', 'a secret');
  const clientId = settings.text('clientId');
  if (clientId.includes(':')) throw settings.invalid('clientId', 'a text without a colon');
  const version = values['apiVersion'] === undefined ? request.defaultApiVersion : settings.text('apiVersion');
  const apiVersion = version === undefined ? undefined : normalApiVersion(version);
  if (apiVersion === undefined) throw settings.invalid('apiVersion', 'a version such as 60.0');
  return { environmentUrl: settings.text('environmentUrl'), clientId, clientSecret: secret, apiVersion };
}

/** The folder that paths are relative to. @throws as `salesforceConnection` does. */
export async function fileServerRoot(request: LinkedServiceRequest): Promise<string> {
  if (request.linkedService.properties.type !== 'FileServer') throw wrongType(request, 'FileServer');
  return settingsOf(request, await resolveLinkedService(request)).text('host');
}

interface Settings {
  /** What a vault keeps of it is shown from here on: it is no secret by its kind. */
  text(name: string): string;
  invalid(name: string, expected: string): SluiceError;
}

function settingsOf({ linkedService: { name, path } }: LinkedServiceRequest, values: ExpressionObject): Settings {
  const invalid = (property: string, expected: string): SluiceError =>
    new SluiceError(
      'CONFIG_INVALID',
      `${path}.typeProperties.${property} of the linked service ${name} must be ${expected}`,
    );
  return {
    invalid,
    text(property) {
      const text = plainText(values[property]);
      if (text === undefined || text === '') throw invalid(property, 'a text that is not empty');
      return text;
    },
  };
}

function plainText(value: ExpressionValue | undefined): string | undefined {
  if (Secret.is(value)) return value.reveal();
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}

function wrongType({ linkedService: { name, properties } }: LinkedServiceRequest, expected: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `the linked service ${name} is of type ${properties.type}, not ${expected}`);
}
