import { SluiceError } from '@sluice/core';

import { type Following, linkedServiceRequest } from '../resolve/linked-service.ts';
import type { ActivityParts } from '../run/run-engine.ts';
import type { CopyProperties } from './copy-request.ts';
import { openStore } from './files/file-location.ts';
import { SessionLog } from './session-log.ts';

interface LogRequest {
  readonly location: Pick<NonNullable<CopyProperties['logStorageSettings']>, 'linkedServiceName' | 'path'> | undefined;
  readonly isReliable: boolean;
}

/**
 * The log that the activity asks for, in a folder of any file server.
 *
 * @throws `CONFIG_INVALID` where it does not say where; `CONNECTOR_MISSING` for another store.
 */
export async function openSessionLog(
  properties: CopyProperties,
  { engine, evaluate, label, activityRunId }: ActivityParts,
  following: Following,
  factoryFolder: string,
): Promise<SessionLog | undefined> {
  const request = logRequest(properties);
  if (request === undefined) return undefined;
  const { location, isReliable } = request;
  if (location === undefined) {
    throw new SluiceError('CONFIG_INVALID', 'logSettings.logLocationSettings is missing: the log has no place');
  }
  const store = await openStore(linkedServiceRequest(location.linkedServiceName, evaluate, following), factoryFolder);
  const { activityName } = label;
  const place = { root: store.root, path: location.path ?? '', activityName, activityRunId };
  return new SessionLog(place, engine.clock, isReliable);
}

/** Whether the activity asks for a log. */
export function hasSessionLog(properties: CopyProperties): boolean {
  return logRequest(properties) !== undefined;
}

function logRequest({ logSettings, logStorageSettings }: CopyProperties): LogRequest | undefined {
  if (logSettings !== undefined) {
    if (!logSettings.enableCopyActivityLog) return undefined;
    const { logLocationSettings, copyActivityLogSettings } = logSettings;
    return { location: logLocationSettings, isReliable: copyActivityLogSettings.enableReliableLogging };
  }
  if (logStorageSettings === undefined) return undefined;
  return { location: logStorageSettings, isReliable: logStorageSettings.enableReliableLogging };
}
