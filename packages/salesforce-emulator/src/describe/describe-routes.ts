import type { EmulatorParts } from '../emulator-parts.ts';
import { notFound } from '../http/api-fault.ts';
import { emptyReply, jsonReply } from '../http/reply.ts';
import type { Route } from '../http/router.ts';
import { describeEntry, describeObject } from './describe-object.ts';

/** What objects there are, and of what fields. The definition of an org never changes while the emulator runs. */
export function describeRoutes({ org, clock }: EmulatorParts): readonly Route[] {
  // HTTP dates hold whole seconds.
  const modifiedMs = Math.floor(clock.now() / 1000) * 1000;
  return [
    {
      method: 'GET',
      path: '/services/data/:version/sobjects',
      handle: ({ version }) => {
        const sobjects = org.objects.map((object) => describeEntry(object, version));
        return jsonReply({ encoding: 'UTF-8', maxBatchSize: 200, sobjects });
      },
    },
    {
      method: 'GET',
      path: '/services/data/:version/sobjects/:object/describe',
      handle: ({ request, params, version }) => {
        const object = org.object(params['object'] ?? '');
        if (object === undefined) throw notFound();
        const since = Date.parse(request.headers['if-modified-since'] ?? '');
        if (since >= modifiedMs) return emptyReply(304);
        const headers = { 'Last-Modified': new Date(modifiedMs).toUTCString() };
        return jsonReply(describeObject(org, object, version), { headers });
      },
    },
  ];
}
