import { LEGACY_TYPES, currentType } from '../legacy/upgrade-properties.ts';
import type { DefinitionText } from '../reading/read-definition.ts';
import { walkObjects } from './json-walk.ts';

/** The rewrite of a legacy linked service, as a hint: what it has cannot be made into what the current one needs. */
const LINKED_SERVICE_HINT =
  'Rewrite it: "type": "%", "typeProperties": { "environmentUrl": "https://<domain>.my.salesforce.com", ' +
  '"authenticationType": "OAuth2ClientCredentials", "clientId": "<consumer key>", ' +
  '"clientSecret": { "type": "SecureString", "value": "<consumer secret>" }, "apiVersion": "60.0" }.';

/** Says which parts are of the legacy connector, and that they run as the current one, or why they cannot. */
export function checkLegacy({ json, report }: DefinitionText): void {
  walkObjects(json, [], ({ type }, path) => {
    if (typeof type !== 'string' || !LEGACY_TYPES.has(type)) return;
    const current = currentType(type);
    if (type === 'Salesforce' || type === 'SalesforceServiceCloud') {
      report.error(
        [...path, 'type'],
        `${type} logs in with a password, which is no longer served; ${current} has client credentials`,
        {
          hint: LINKED_SERVICE_HINT.replace('%', current),
        },
      );
    } else {
      report.warn([...path, 'type'], `${type} is of the legacy connector; it is read as ${current}`, {
        hint: `Write ${JSON.stringify(current)}.`,
      });
    }
  });
}
